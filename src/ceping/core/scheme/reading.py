"""TOML text into checked tables: every fault of a file becomes a finding with its key path, all at once."""

import difflib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from ceping.core.exact import NotANumber, decimal_of, text_of
from ceping.core.finding import Finding, fault

Key = str | int


class Table(BaseModel):
    """One TOML table: strict types, no unknown key, never changed after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _exact(value: object) -> Decimal:
    # bool is an int in Python, but `points = true` is a slip.
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise PydanticCustomError("not_a_number", "")
    try:
        return decimal_of(value if isinstance(value, str) else text_of(Decimal(value)))
    except NotANumber:
        raise PydanticCustomError("not_a_number", "") from None


Exact = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(text_of, return_type=str),
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
        return tomllib.loads(text, parse_float=Decimal), []
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return None, [fault("toml_malformed", file=file, place=_line_named_in(str(error)), reason=str(error)[:200])]


def table_of(model: type[TableT], data: Mapping[str, Any], *, file: str) -> tuple[TableT | None, list[Finding]]:
    """The checked table, or None and one finding for every fault in it."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_finding_of(detail, data, file) for detail in error.errors(include_url=False)]


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
        return fault("choice_unknown", file=file, place=place, given=detail.get("input"), known=expected)
    if kind == "not_a_number":
        return fault("not_a_number", file=file, place=place, given=_short(detail.get("input")))
    if kind.endswith(("_type", "_parsing")):
        return fault("wrong_type", file=file, place=place, given=_short(detail.get("input")), wanted=_wanted(kind))
    return fault("value_refused", file=file, place=place, given=_short(detail.get("input")), reason=detail["msg"])


def _real_path(loc: tuple[Key, ...], data: object) -> tuple[Key, ...]:
    # pydantic names the branch of a union in its path; a reader of the file never wrote that name.
    path: list[Key] = []
    here = data
    for index, key in enumerate(loc):
        if isinstance(here, Mapping) and key in here:
            here = here[str(key)]
        elif isinstance(here, list) and isinstance(key, int) and key < len(here):
            here = here[key]
        elif index != len(loc) - 1 or not isinstance(here, Mapping):
            continue
        path.append(key)
    return tuple(path)


def _near(given: str, known: list[str]) -> str:
    return "、".join(difflib.get_close_matches(given, known, n=1)) or "—"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


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
