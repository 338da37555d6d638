"""TOML text into checked tables: every fault of a file becomes a finding with its key path, all at once."""

import difflib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from ceping.core.exact import NotANumber, decimal_of, short_text_of, text_of
from ceping.core.finding import Finding, fault

Key = str | int
_WIDEST = 50
_WIDEST_WHOLE = 10**24
# A key as `a.b.c` nests without a bracket; rules and conditions are walked part by part.
_DEEPEST = 150


class Table(BaseModel):
    """One TOML table: strict types, no unknown key, never changed after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def exact_of(value: object) -> Decimal:
    """The exact value of a number or its text as TOML gives it; raises NotANumber for anything else."""
    if isinstance(value, str):
        return decimal_of(value)
    # bool is an int in Python, but `points = true` is a slip.
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotANumber
    number = Decimal(value)
    # Written out, 1e999999999 would fill the memory.
    if not number.is_finite() or abs(number.adjusted()) > _WIDEST:
        raise NotANumber
    return decimal_of(text_of(number))


def _exact(value: object) -> Decimal:
    try:
        return exact_of(value)
    except NotANumber:
        raise PydanticCustomError("not_a_number", "") from None


Exact = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(short_text_of, return_type=str),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}]}),
]
Row = TypeVar("Row")
# TOML has lists; what is read is never changed after, so it is kept as a tuple.
Rows = Annotated[tuple[Row, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]
TableT = TypeVar("TableT", bound=Table)


def read_toml(path: Path, *, file: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The file's tables with decimals exact, or None and why it cannot be read; `file` is its name in findings."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [fault("file_missing", file=file)]
    except OSError as error:
        return None, [fault("file_unreadable", file=file, reason=error.strerror or str(error))]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [fault("file_not_utf8", file=file, place=f"第 {line} 行")]
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        return None, [fault("toml_too_deep", file=file)]
    except ValueError as error:
        return None, [fault("toml_malformed", file=file, place=_line_named_in(str(error)), reason=str(error)[:200])]
    except ArithmeticError:
        return None, [fault("number_too_wide", file=file)]
    wide, deep = _too_wide(tables)
    if deep:
        return None, [fault("toml_too_deep", file=file)]
    faults = [fault("number_too_wide", file=file, place=path_text(path)) for path in wide]
    return (None, faults) if faults else (tables, [])


def _too_wide(tables: dict[str, Any]) -> tuple[list[tuple[Key, ...]], bool]:
    """The places of numbers too wide, and whether anything is nested too deep to be walked."""
    # TOML reads hexadecimal of any length, and Python refuses to print such a number.
    found: list[tuple[Key, ...]] = []
    waiting: list[tuple[tuple[Key, ...], Any]] = [((), tables)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > _DEEPEST:
            return [], True
        if isinstance(value, dict):
            waiting += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(value)]
        elif isinstance(value, int) and abs(value) >= _WIDEST_WHOLE:
            found.append(path)
    return found[::-1], False


def table_of(model: type[TableT], data: Mapping[str, Any], *, file: str) -> tuple[TableT | None, list[Finding]]:
    """The checked table, or None and one finding for every fault in it."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_finding_of(detail, data, file) for detail in _details(error)]


def table_without_unknown(
    model: type[TableT], data: Mapping[str, Any], *, file: str
) -> tuple[TableT | None, list[Finding]]:
    """As `table_of`, but unknown keys, though findings, do not keep the rest of the table from being read."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = _details(error)
    findings = [_finding_of(detail, data, file) for detail in details]
    if any(detail["type"] != "extra_forbidden" for detail in details):
        return None, findings
    known = _without(data, {_real_path(detail["loc"], data) for detail in details})
    return table_of(model, known, file=file)[0], findings


def _details(error: ValidationError) -> list[ErrorDetails]:
    # A list whose rows are faulty is called too short as well, since only good rows are counted.
    found = error.errors(include_url=False)
    return [one for one in found if one["type"] != "too_short" or len(one["input"]) < one["ctx"]["min_length"]]


def _without(value: Any, paths: set[tuple[Key, ...]], path: tuple[Key, ...] = ()) -> Any:  # noqa: ANN401 -- any TOML value
    if isinstance(value, dict):
        return {key: _without(inner, paths, (*path, key)) for key, inner in value.items() if (*path, key) not in paths}
    if isinstance(value, list):
        return [_without(inner, paths, (*path, index)) for index, inner in enumerate(value)]
    return value


def path_text(path: tuple[Key, ...]) -> str:
    """A key path as people write it: `indicator[3].rule.points`, counted from 1 as the rows of a page are."""
    text = ""
    for key in path:
        text += f"[{key + 1}]" if isinstance(key, int) else (f".{key}" if text else key)
    return text


def _finding_of(detail: ErrorDetails, data: Mapping[str, Any], file: str) -> Finding:
    kind = detail["type"]
    context = detail.get("ctx", {})
    path = _real_path(detail["loc"], data)
    place = path_text(path)
    if kind == "extra_forbidden":
        return fault("key_unknown", file=file, place=place, key=path[-1])
    if kind == "union_tag_not_found":
        tag = str(context.get("discriminator", "kind")).strip("'")
        return fault("key_missing", file=file, place=path_text((*path, tag)), key=tag)
    if kind == "missing":
        return fault("key_missing", file=file, place=place, key=path[-1] if path else "")
    if kind == "union_tag_invalid":
        known = [item.strip().strip("'") for item in str(context.get("expected_tags", "")).split(",")]
        given = str(context.get("tag", ""))
        return fault(
            "kind_unknown", file=file, place=place, given=given, known="、".join(known), near=_near(given, known)
        )
    if kind in ("enum", "literal_error"):
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return fault("choice_unknown", file=file, place=place, given=_short(detail.get("input")), known=expected)
    if kind in _OWN:
        return fault(kind, file=file, place=place, given=_short(detail.get("input")))
    if kind.endswith(("_type", "_parsing", "_from_float")):
        return fault("wrong_type", file=file, place=place, given=_short(detail.get("input")), wanted=_wanted(kind))
    reason = _REASONS.get(kind, "{msg}").format_map({**context, "msg": detail["msg"]})
    return fault("value_refused", file=file, place=place, given=_short(detail.get("input")), reason=reason)


def _real_path(loc: tuple[Key, ...], data: object) -> tuple[Key, ...]:
    # pydantic names the branch of a union in its path, once for each table it enters; no file holds that name.
    path: list[Key] = []
    here = data
    named: object = None
    for index, key in enumerate(loc):
        if isinstance(here, Mapping) and here is not named and _is_branch(key, here):
            named = here
        elif isinstance(here, Mapping) and key in here:
            here = here[str(key)]
            path.append(key)
        elif isinstance(here, list) and isinstance(key, int) and key < len(here):
            here = here[key]
            path.append(key)
        elif index == len(loc) - 1 and isinstance(here, Mapping):
            path.append(key)
    return tuple(path)


def _is_branch(key: Key, table: Mapping[str, Any]) -> bool:
    return table.get("kind") == key or (key in ("and", "or", "not") and key in table)


def _near(given: str, known: list[str]) -> str:
    return "、".join(difflib.get_close_matches(given, known, n=1)) or "—"


def _short(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else text[:40] + "…"


# Faults that a table's own check names; each has a text of its own.
_OWN = ("not_a_number", "period_reversed", "scheme_id_refused")
_REASONS = {
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "too_short": "至少要有 {min_length} 项",
    "string_pattern_mismatch": "应符合 {pattern}",
    "recursion_loop": "嵌套太深",
}


_WANTED = {
    "string": "文字",
    "int": "整数",
    "bool": "true 或 false",
    "list": "数组",
    "tuple": "数组",
    "dict": "表",
    "date": "日期",
    "model": "表",
}


def _wanted(kind: str) -> str:
    for prefix, text in _WANTED.items():
        if kind.startswith(prefix):
            return text
    return kind


def _line_named_in(message: str) -> str:
    _, _, rest = message.partition("line ")
    digits = rest.split(",")[0].split(" ")[0].rstrip(")")
    return f"第 {digits} 行" if digits.isdigit() else ""
