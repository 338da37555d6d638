"""The season before for the agency's report: counted and averaged, each number as it stands on paper."""

from pathlib import Path

from ceping.core.exact import text_of
from ceping.core.finding import Finding
from ceping.documents.forms.work_report import Before, grade_moves
from ceping.folder.explanation import Unexplained
from ceping.folder.year_on_year import Group, YearOnYear, side_by_side

_NONE = "—"


def read_before(former: Path | None, out: Path | None) -> tuple[Before | None, list[Finding]]:
    """The comparison of the former results with those of `out`; None without a former season or with findings."""
    if former is None or out is None:
        return None, []
    try:
        compared = side_by_side(former, out)
    except Unexplained as unread:
        return None, [unread.finding]
    return before_of(compared), []


def before_of(compared: YearOnYear) -> Before:
    """The comparison as it stands on paper."""
    stayed = [(pair.one.grade, pair.two.grade) for pair in compared.pairs if pair.one and pair.two]
    return Before(
        schemes=compared.schemes,
        comparable=compared.comparable,
        stayed=compared.count("stayed"),
        new=compared.count("new"),
        left=compared.count("left"),
        moves=grade_moves(stayed),
        categories=tuple(_row(compared, group) for group in compared.categories),
        districts=tuple(_row(compared, group) for group in compared.districts),
    )


def _row(compared: YearOnYear, group: Group) -> tuple[str, ...]:
    means = [_NONE if mean is None else text_of(mean) for mean in group.means]
    change = compared.change(*group.means)
    told = _NONE if change is None else f"+{text_of(change)}" if change > 0 else text_of(change)
    return group.name, str(group.counts[0]), means[0], str(group.counts[1]), means[1], told
