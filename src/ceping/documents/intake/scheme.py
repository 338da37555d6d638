"""An indicator table out of a spreadsheet: branches, leaves and items with their weights, as the rows say them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from ceping.core.exact import product, short_text_of, total
from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.report.values import number_in
from ceping.documents.intake.headers import Wanted, meanings
from ceping.documents.intake.tables import Located, Row, Table, read_table

_HUNDRED, _ONE = Decimal(100), Decimal(1)
_WEIGHT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(%|％|分)?", re.ASCII)
# 服务能力（30分）: what the level as a whole is worth, printed behind its name.
_WORTH = re.compile(r"\s*[（(]\s*([0-9]+(?:\.[0-9]+)?)\s*(%|％|分)?\s*[）)]\s*$", re.ASCII)
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LEVELS = ("level_1", "level_2", "level_3")


@dataclass(frozen=True, slots=True)
class Scored:
    """One row of the table: its own title (empty when it is its leaf's only one), weight (None: not given), words.

    `full` is what its rule gives at most; None stands for the weight itself.
    """

    row: int
    title: str
    weight: Decimal | None
    description: str = ""
    evidence: str = ""
    criteria: str = ""
    method: str = ""
    full: Decimal | None = None

    @property
    def most(self) -> Decimal | None:
        """What its rule gives at most."""
        return self.weight if self.full is None else self.full


@dataclass(slots=True)
class LeafDraft:
    """A second-level indicator with its rows; without such a level, the first-level one once more."""

    title: str
    items: list[Scored] = field(default_factory=list)


@dataclass(slots=True)
class BranchDraft:
    """A first-level indicator and what it says it is worth."""

    title: str
    leaves: list[LeafDraft] = field(default_factory=list)
    worth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SchemeIntake:
    """The tree as the sheet shows it; empty when it could not be read. `titles` stood over the table."""

    table: Table
    branches: tuple[BranchDraft, ...] = ()
    total: Decimal = _HUNDRED
    titles: tuple[str, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """Everything found."""
        return self.table.findings

    def rows(self) -> Iterator[tuple[BranchDraft, LeafDraft, Scored]]:
        """Every row where it stands."""
        for branch in self.branches:
            for leaf in branch.leaves:
                yield from ((branch, leaf, item) for item in leaf.items)


def take_in_scheme(
    path: Path, *, sheet: str = "", encoding: str = "", confirmed: frozenset[str] = frozenset()
) -> SchemeIntake:
    """The indicator table of the file. Cells merged over several rows stand for each of them."""
    asked = confirmed | {"merged"}
    table = read_table(path, _wanted(), sheet=sheet, encoding=encoding, confirmed=asked)
    if errors_in(table.findings):
        return SchemeIntake(table)
    located = list(table.located)
    weights = {row.number: _weight(row.cells.get("weight", "")) for row in table.rows}
    branches = tuple(_tree(table.rows, weights))
    titles = tuple(text for text in table.above if _NUMBERS.fullmatch(text) is None)
    if "weight" not in table.columns:
        located.append(Located(fault("intake_no_weights", file=table.file, level=Level.WARNING), table.header))
        return SchemeIntake(replace(table, located=tuple(located)), branches, _HUNDRED, titles)
    located += [
        Located(_weight_fault(table, row), row.number, table.columns["weight"])
        for row in table.rows
        if weights[row.number] is None
    ]
    stated = _stated_total(table)
    given = total(weight for weight in weights.values() if weight is not None)
    # 0.05 of 1 is 5 of 100: scores have two places, and so few points would be lost in them.
    share = given == _ONE and stated in (None, _ONE)
    if share:
        branches = tuple(_times_hundred(branches))
        given = _HUNDRED
    whole = stated if stated is not None and not share else _HUNDRED
    located += [Located(one) for one in _sum_faults(table, branches, given, whole)]
    return SchemeIntake(replace(table, located=tuple(located)), branches, whole, titles)


def _wanted() -> list[Wanted]:
    known = meanings()
    order = (*_LEVELS, "description", "evidence", "weight", "criteria", "method")
    return [
        Wanted(key, known[key][0], known[key][1:], needed=key == "level_1", rightmost=key == "weight") for key in order
    ]


def _weight(text: str) -> Decimal | None:
    found = _WEIGHT.fullmatch(text)
    if found is None:
        return None
    weight = number_in(found[1])
    return weight if weight is not None and weight > 0 else None


def _weight_fault(table: Table, row: Row) -> Finding:
    place = table.place(row.number, "weight")
    given = row.cells.get("weight", "")[:30] or "（空）"
    return fault("intake_weight", file=table.file, place=place, level=Level.WARNING, given=given)


def _tree(rows: Iterable[Row], weights: Mapping[int, Decimal | None]) -> Iterator[BranchDraft]:
    """Rows under the levels they name; a level that is left empty is that of the row before."""
    branches: list[BranchDraft] = []
    for row in rows:
        first, second, third = (row.cells.get(level, "") for level in _LEVELS)
        title, worth = _named(first)
        if not branches or (title and title != branches[-1].title):
            branches.append(BranchDraft(title or "—", worth=worth))
        branch = branches[-1]
        leaf_title = _named(second)[0]
        opened = bool(title) and (len(branch.leaves) == 0)
        if opened or (leaf_title and leaf_title != branch.leaves[-1].title):
            branch.leaves.append(LeafDraft(leaf_title or branch.title))
        scored = Scored(
            row.number,
            _named(third)[0],
            weights[row.number],
            description=row.cells.get("description", ""),
            evidence=row.cells.get("evidence", ""),
            criteria=row.cells.get("criteria", ""),
            method=row.cells.get("method", ""),
        )
        branch.leaves[-1].items.append(scored)
    yield from branches


def _named(text: str) -> tuple[str, Decimal | None]:
    found = _WORTH.search(text)
    if found is None:
        return text, None
    return text[: found.start()].strip() or text, number_in(found[1])


def _stated_total(table: Table) -> Decimal | None:
    for one in table.ignored:
        numbers = _NUMBERS.findall(one.text)
        if len(numbers) == 1 and any(word in one.text for word in ("合计", "总计", "总分", "共计")):
            return number_in(numbers[0])
    return None


def _times_hundred(branches: Iterable[BranchDraft]) -> Iterator[BranchDraft]:
    for branch in branches:
        leaves = [
            LeafDraft(
                leaf.title,
                [
                    replace(item, weight=None if item.weight is None else product(item.weight, _HUNDRED))
                    for item in leaf.items
                ],
            )
            for leaf in branch.leaves
        ]
        worth = branch.worth if branch.worth is None or branch.worth > 1 else product(branch.worth, _HUNDRED)
        yield BranchDraft(branch.title, leaves, worth)


def _sum_faults(table: Table, branches: Iterable[BranchDraft], given: Decimal, whole: Decimal) -> Iterator[Finding]:
    for branch in branches:
        own = total(item.weight for leaf in branch.leaves for item in leaf.items if item.weight is not None)
        if branch.worth is not None and own != branch.worth:
            yield fault(
                "intake_branch_sum",
                file=table.file,
                level=Level.WARNING,
                name=branch.title[:40],
                given=short_text_of(own),
                stated=short_text_of(branch.worth),
            )
    if given != whole:
        values = {"given": short_text_of(given), "wanted": short_text_of(whole)}
        yield fault("intake_weight_sum", file=table.file, level=Level.WARNING, **values)
