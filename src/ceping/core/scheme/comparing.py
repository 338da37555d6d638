"""Two versions of a scheme side by side: every key that differs, rows known by ids so that moving one is nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.core.scheme.loading import FILES, Scheme

# What a row of a list is known by, first found counts.
_NAMES = ("id", "rule_id", "code", "phase", "grade", "number", "title", "name")


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that differs; a side that does not have it is None."""

    file: str
    place: str
    left: str | None
    right: str | None


def differences(left: Scheme, right: Scheme) -> list[Difference]:
    """Every difference of meaning between two schemes, in the order of files and keys."""
    found: list[Difference] = []
    for file in FILES:
        one, two = (dict(_flat(_table(scheme, file))) for scheme in (left, right))
        places = [place for place in dict.fromkeys([*one, *two]) if one.get(place) != two.get(place)]
        found += [Difference(file, place, one.get(place), two.get(place)) for place in places]
    return found


def _table(scheme: Scheme, file: str) -> Any:  # noqa: ANN401 -- any TOML value
    table = getattr(scheme, "header" if file == "scheme.toml" else Path(file).stem)
    # A scheme may leave a file out: then each of its keys is on one side alone.
    return {} if table is None else table.model_dump(mode="json", by_alias=True)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 -- any TOML value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for key, inner in _keyed(value):
            yield from _flat(inner, f"{path}[{key}]")
    elif value is not None:
        yield path, str(value)


def _keyed(rows: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    names = [_name_of(row) for row in rows]
    for number, (name, row) in enumerate(zip(names, rows, strict=True), 1):
        yield (name if name and names.count(name) == 1 else str(number)), row


def _name_of(row: Any) -> str:  # noqa: ANN401 -- any TOML value
    if not isinstance(row, Mapping):
        return ""
    return next((str(row[name]) for name in _NAMES if row.get(name) not in (None, "")), "")
