"""Two seasons' results side by side, institution by institution, and the averages of categories and districts."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ceping.core.exact import CONTEXT, NotANumber, decimal_of, quotient, rounded, text_of, total
from ceping.core.finding import fault
from ceping.core.scheme.loading import load
from ceping.folder.explanation import Unexplained, read_results
from ceping.folder.output import RUN, Refused
from ceping.folder.workbook import category_titles

_POINTS = "points/"
_STATUS = {"stayed": "两年都有", "new": "新参评", "left": "未再参评"}
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Year:
    """Where an institution stood in one season; empty texts and None for what its results do not say."""

    name: str
    category: str
    district: str
    total: Decimal | None
    grade: str
    rank: int | None
    rank_in_category: int | None
    level: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One institution in both seasons; None where it took no part."""

    uscc: str
    one: Year | None
    two: Year | None

    @property
    def status(self) -> str:
        """`stayed`, `new` or `left`."""
        return "stayed" if self.one and self.two else "new" if self.two else "left"

    @property
    def name(self) -> str:
        """The name in the later season, else in the earlier."""
        return next(year.name for year in (self.two, self.one) if year is not None)


@dataclass(frozen=True, slots=True)
class Group:
    """The average total of a category or a district in both seasons, over those who have a total."""

    name: str
    counts: tuple[int, int]
    means: tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """Two seasons side by side; totals are `comparable` when both were made under the same scheme, of any version."""

    schemes: tuple[str, str]
    comparable: bool
    pairs: Sequence[Pair]
    categories: Sequence[Group]
    districts: Sequence[Group]

    def count(self, status: str) -> int:
        """How many institutions have this status."""
        return sum(pair.status == status for pair in self.pairs)

    def change(self, one: Decimal | None, two: Decimal | None) -> Decimal | None:
        """By how much the later total is higher; None when either is missing or they cannot be compared."""
        return CONTEXT.subtract(two, one) if self.comparable and one is not None and two is not None else None


def side_by_side(out_a: Path, out_b: Path) -> YearOnYear:
    """The results of two evaluations, the earlier first; raises explanation.Unexplained when either is not readable."""
    one, two = (_read(out) for out in (out_a, out_b))
    return beside((one[1], two[1]), schemes=(one[0], two[0]))


def beside(
    years: tuple[Mapping[str, Year], Mapping[str, Year]], *, schemes: tuple[Mapping[str, str], Mapping[str, str]]
) -> YearOnYear:
    """Two seasons side by side, the earlier first: by credit code where each stood; schemes by id, version, sha256."""
    usccs = sorted(set(years[0]) | set(years[1]))
    pairs = [Pair(uscc, years[0].get(uscc), years[1].get(uscc)) for uscc in usccs]
    known = all(any(year.district for year in of.values()) for of in years)
    return YearOnYear(
        schemes=(_label(schemes[0]), _label(schemes[1])),
        comparable=schemes[0]["id"] == schemes[1]["id"],
        pairs=pairs,
        categories=_groups(years, lambda year: year.category),
        districts=_groups(years, lambda year: year.district) if known else [],
    )


def _label(scheme: Mapping[str, str]) -> str:
    return f"{scheme['id']}@{scheme['version']} {scheme['sha256'][:12]}"


def _read(out: Path) -> tuple[dict[str, str], dict[str, Year]]:
    results = read_results(out)
    try:
        scheme = {key: str(results["scheme"][key]) for key in ("id", "version", "sha256")}
        titles = _titles(f"{scheme['id']}@{scheme['version']}")
        districts = _districts(out)
        years = {
            str(one["uscc"]): _year(one, titles, districts.get(str(one["uscc"]), "")) for one in results["institutions"]
        }
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unexplained(fault("results_unreadable", path=out, reason=f"内容不全：{error}"[:120])) from error
    return scheme, years


def _year(one: Mapping[str, Any], titles: Mapping[str, str], district: str) -> Year:
    return Year(
        name=str(one["name"]),
        category=titles.get(one["category"], str(one["category"])),
        district=district,
        total=None if one["total"] is None else decimal_of(one["total"]),
        grade=str(one["grade"]),
        rank=None if one["rank"] is None else int(one["rank"]),
        rank_in_category=None if one["rank_in_category"] is None else int(one["rank_in_category"]),
        level=level_in(one),
    )


def level_in(result: Mapping[str, Any]) -> str:
    """The shop's level in words, which stands as the note of the metric that reads it; empty where none does."""
    read = (metric.get("platform", {}) for metric in result["trace"]["metrics"].values())
    return next(
        (str(one["note"]) for one in read if str(one.get("source")).startswith(_POINTS) and one.get("note")), ""
    )


def _titles(label: str) -> Mapping[str, str]:
    scheme, _ = load(label)
    return {} if scheme is None else category_titles(scheme)


def _districts(out: Path) -> Mapping[str, str]:
    """Who recommended whom, from run.json; nothing when it does not say."""
    try:
        found = json.loads((out / RUN).read_bytes()).get("recommenders", {})
        return {str(uscc): str(name) for uscc, name in found.items()}
    except (OSError, ValueError, RecursionError, AttributeError):
        return {}


def _groups(years: Sequence[Mapping[str, Year]], key: Callable[[Year], str]) -> list[Group]:
    names = sorted({key(year) for of in years for year in of.values()})
    groups = []
    for name in names:
        one, two = ([y.total for y in of.values() if key(y) == name and y.total is not None] for of in years)
        groups.append(Group(name, (len(one), len(two)), (_mean(one), _mean(two))))
    return groups


def _mean(totals: Sequence[Decimal]) -> Decimal | None:
    return rounded(quotient(total(totals), Decimal(len(totals)))) if totals else None


_YEAR = ("category", "district", "total", "grade", "rank", "rank_in_category", "level")
COLUMNS = (
    "uscc",
    "name",
    "status",
    *(f"{name}_{side}" for name in _YEAR for side in ("a", "b")),
    "total_change",
    "rank_change",
)


def rows_of(compared: YearOnYear) -> list[dict[str, str]]:
    """The comparison as rows of text by column; `rank_change` counts places won, empty texts are unknown."""
    return [_row(compared, pair) for pair in compared.pairs]


def _row(compared: YearOnYear, pair: Pair) -> dict[str, str]:
    row = {"uscc": pair.uscc, "name": pair.name, "status": _STATUS[pair.status]}
    for name in _YEAR:
        for side, year in (("a", pair.one), ("b", pair.two)):
            row[f"{name}_{side}"] = _text(getattr(year, name)) if year is not None else ""
    ranks = (pair.one.rank if pair.one else None, pair.two.rank if pair.two else None)
    totals = (pair.one.total if pair.one else None, pair.two.total if pair.two else None)
    row["total_change"] = _text(compared.change(*totals))
    row["rank_change"] = "" if ranks[0] is None or ranks[1] is None else str(ranks[0] - ranks[1])
    return row


def _text(value: object) -> str:
    if value is None:
        return ""
    return text_of(value) if isinstance(value, Decimal | int) else str(value)


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """The rows stand in a CSV file; raises output.Refused when that would overwrite anything but a former one."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(text) for name, text in row.items()} for row in rows)
    try:
        if path.is_symlink() or (path.exists() and not _is_former(path)):
            raise Refused(fault("comparison_foreign", path=path))
        part = path.with_name(f".{path.name[:100]}.part")
        part.write_text(stream.getvalue(), encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise Refused(fault("out_unwritable", path=path, reason=error.strerror or str(error))) from error


def _plain(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it; numbers stay numbers."""
    try:
        decimal_of(text)
    except NotANumber:
        return f"'{text}" if text.startswith(_RISKY) else text
    return text


def _is_former(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.readline(1 << 12).strip() == ",".join(COLUMNS).encode()
