"""How far the assessment is, institution by institution, and what a lead should look at; few queries at any length."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from ceping.core.exact import decimal_of
from ceping.core.scheme.loading import Scheme
from ceping.folder.advice import MarkRow, advice_of
from ceping.stages.assessment.models import (
    Assessor,
    Assignment,
    Difference,
    EvidenceCheck,
    Mark,
    Sheet,
    VerifiedValue,
)
from ceping.stages.assessment.queries.evidence import values_wanted
from ceping.stages.assessment.queries.marking import judged_in
from ceping.stages.assessment.queries.people import entries_judged
from ceping.stages.assessment.states import DifferenceState, MarkState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class Cell:
    """One assessor on one entry: items assigned and marked, and whether the sheet is signed."""

    assessor: Assessor
    items: int
    marked: int
    signed: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """One entry: its panel, how many items lack an assessor, values and differences left."""

    entry: Entry
    cells: tuple[Cell, ...]
    short: int
    values: int
    checked: int
    due: int

    @property
    def done(self) -> bool:
        """Whether nothing of it is left."""
        return not (self.short or self.values or self.due) and all(cell.signed for cell in self.cells)


def progress_of(season: Season) -> list[Progress]:
    """Every entry put forward, in the order of credit codes."""
    entries, rules = list(entries_judged(season)), rules_of(season)
    held: dict[int, dict[int, set[str]]] = {}
    people: dict[int, Assessor] = {}
    given = Assignment.objects.filter(entry__in=entries, ended_at=None).select_related("assessor__user")
    for assignment in given:
        panel = held.setdefault(assignment.entry_id, {})
        panel.setdefault(assignment.assessor_id, set()).add(assignment.item)
        people[assignment.assessor_id] = assignment.assessor
    signed = set(Sheet.objects.filter(entry__in=entries, signed_at__isnull=False).values_list("entry", "assessor"))
    marked: dict[tuple[int, int], set[str]] = {}
    standing = Mark.objects.filter(sheet__entry__in=entries).exclude(state=MarkState.REOPENED)
    for entry, who, item in standing.values_list("sheet__entry", "sheet__assessor", "item"):
        marked.setdefault((entry, who), set()).add(item)
    values = Counter(VerifiedValue.objects.filter(entry__in=entries).values_list("entry", flat=True))
    checks = Counter(EvidenceCheck.objects.filter(entry__in=entries).values_list("entry", flat=True))
    due = Counter(
        Difference.objects.filter(entry__in=entries, state=DifferenceState.DUE).values_list("entry", flat=True)
    )
    wanted = len(values_wanted(season))
    lines = []
    for one in entries:
        panel = held.get(one.pk, {})
        cells = [
            Cell(people[who], len(items), len(items & marked.get((one.pk, who), set())), (one.pk, who) in signed)
            for who, items in panel.items()
        ]
        cells.sort(key=lambda cell: cell.assessor.code)
        short = _short(rules, panel)
        left = max(wanted - values[one.pk], 0)
        lines.append(Progress(one, tuple(cells), short, left, checks[one.pk], due[one.pk]))
    return lines


def loads_of(season: Season) -> list[tuple[Assessor, int, int]]:
    """Every assessor with how many entries they have and how many sheets are signed."""
    found = Assessor.objects.filter(season=season, left_at=None).select_related("user")
    found = found.annotate(
        entries=Count("assignments__entry", distinct=True, filter=Q(assignments__ended_at=None)),
        signed=Count("sheets", distinct=True, filter=Q(sheets__signed_at__isnull=False)),
    )
    return [(one, one.entries, one.signed) for one in found.order_by("code")]


def advice_for(season: Season) -> Mapping[str, object] | None:
    """The advice on the marks that are open, as advice.json has it; None while there are none."""
    most = {item.key: item.judge.max for item in rules_of(season).scored if item.judge is not None}
    marks = Mark.objects.filter(sheet__entry__season=season, state__in=(MarkState.OPEN, MarkState.ADJUDICATED))
    pairs = set(Assignment.objects.filter(entry__season=season, ended_at=None).values_list("entry", "item", "assessor"))
    rows = [
        MarkRow(uscc, item, code, decimal_of(mark))
        for uscc, item, code, mark, entry, who in marks.values_list(
            "sheet__entry__institution__uscc",
            "item",
            "sheet__assessor__code",
            "mark",
            "sheet__entry",
            "sheet__assessor",
        )
        if (entry, item, who) in pairs
    ]
    return advice_of(rows, most=most) if rows else None


def _short(rules: Scheme, panel: Mapping[int, set[str]]) -> int:
    """How many items have fewer assessors than their rule asks for."""
    counts = Counter(item for items in panel.values() for item in items)
    return sum(counts[item.key] < item.judge.raters for item in judged_in(rules) if item.judge is not None)
