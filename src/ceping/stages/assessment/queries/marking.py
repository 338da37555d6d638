"""What is asked of marks: what there is to judge, who was assigned, how far each sheet is, where marks differ."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ceping.core.assessment import Mark as Given
from ceping.core.exact import decimal_of
from ceping.core.scheme.indicators import ScoredItem
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.rules import Judge
from ceping.stages.assessment.models import AnchorCase, Assessor, Assignment, Difference, Draw, Mark, Sheet
from ceping.stages.assessment.queries.people import standing_in
from ceping.stages.assessment.states import DifferenceState, MarkState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class Line:
    """One institution on an assessor's list: the items assigned, how many were marked, and asked for once more."""

    entry: Entry
    sheet: Sheet | None
    keys: tuple[str, ...]
    marked: int
    reopened: int
    apart: str = ""

    @property
    def items(self) -> int:
        """How many were assigned."""
        return len(self.keys)

    @property
    def step(self) -> str:
        """`apart`, `open`, `ready` to be signed, `again` where it changed since, or `signed`."""
        if self.apart:
            return "apart"
        if self.reopened:
            return "again"
        if self.sheet is not None and self.sheet.signed_at is not None:
            return "signed"
        return "ready" if self.items and self.marked == self.items else "open"


def judged_in(rules: Scheme) -> list[ScoredItem]:
    """The items assessors mark, in the order of the table."""
    return [item for item in rules.scored if item.judge is not None]


def judge_of(season: Season, item: str) -> Judge | None:
    """The rule by which that item is marked; None when it is no item that is."""
    found = rules_of(season).item(item)
    return found.judge if found is not None else None


def assigned(season: Season) -> QuerySet[Assignment]:
    """Every assignment in force."""
    return Assignment.objects.filter(entry__season=season, ended_at=None)


def items_of(assessor: Assessor, entry: Entry) -> list[str]:
    """What this assessor marks of that entry, in the order of the table."""
    mine = set(Assignment.objects.filter(assessor=assessor, entry=entry, ended_at=None).values_list("item", flat=True))
    return [item.key for item in judged_in(rules_of(assessor.season)) if item.key in mine]


def draw_in_force(season: Season) -> Draw | None:
    """The draw that counts."""
    return Draw.objects.filter(season=season, superseded_at=None).select_related("drawn_by").first()


def lines_of(assessor: Assessor) -> list[Line]:
    """The assessor's institutions, those kept apart last."""
    given: dict[int, set[str]] = {}
    own = Assignment.objects.filter(assessor=assessor, ended_at=None).values_list("entry", "item")
    for number, item in own:
        given.setdefault(number, set()).add(item)
    sheets = {one.entry_id: one for one in Sheet.objects.filter(assessor=assessor).prefetch_related("marks")}
    entries = Entry.objects.filter(pk__in=given).select_related("institution__area").order_by("institution__uscc")
    apart = {of for who, of in standing_in(assessor.season) if who == assessor.pk}
    order, lines = [item.key for item in judged_in(rules_of(assessor.season))], []
    for entry in entries:
        sheet = sheets.get(entry.pk)
        keys = tuple(key for key in order if key in given[entry.pk])
        marks = [one for one in (sheet.marks.all() if sheet else ()) if one.item in given[entry.pk]]
        again = sum(one.state == MarkState.REOPENED for one in marks)
        why = "利益冲突，已回避" if entry.pk in apart else ""
        lines.append(Line(entry, sheet, keys, len(marks), again, why))
    return sorted(lines, key=lambda line: bool(line.apart))


def marks_on(entry: Entry, items: Iterable[str] | None = None) -> list[Mark]:
    """The marks of assessors who are assigned, by item and assessor."""
    pairs = set(Assignment.objects.filter(entry=entry, ended_at=None).values_list("assessor", "item"))
    found = Mark.objects.filter(sheet__entry=entry).select_related("sheet__assessor__user")
    if items is not None:
        found = found.filter(item__in=list(items))
    every = found.order_by("item", "sheet__assessor__code")
    return [one for one in every if (one.sheet.assessor_id, one.item) in pairs]


def as_given(mark: Mark) -> Given:
    """The mark as the rules know it."""
    coefficient = decimal_of(mark.coefficient) if mark.coefficient else None
    return Given(mark.sheet.assessor.code, decimal_of(mark.mark), coefficient, mark.reason)


def sheet_sha256(sheet: Sheet, marks: Sequence[Mark]) -> str:
    """The hash of what is signed: whose sheet of which entry, every mark with its submission, and the opinion."""
    told = {
        "entry": sheet.entry_id,
        "assessor": sheet.assessor.code,
        "marks": [
            [one.item, one.mark, one.coefficient, one.reason, one.submission_id]
            for one in sorted(marks, key=lambda one: one.item)
        ],
        "opinion": [sheet.strengths, sheet.weaknesses, sheet.suggestions],
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences_of(season: Season) -> QuerySet[Difference]:
    """Every difference that has not lapsed, those still due first."""
    found = Difference.objects.filter(entry__season=season).exclude(state=DifferenceState.LAPSED)
    related = ("entry__institution", "third__user", "decided_by")
    return found.select_related(*related).order_by("-state", "opened_at", "pk")


def cases_left(assessor: Assessor) -> list[AnchorCase]:
    """The practice cases this assessor has not marked."""
    return list(AnchorCase.objects.filter(season=assessor.season_id).exclude(marks__assessor=assessor))


def late(season: Season, at: datetime) -> bool:
    """Whether the evaluation should be over by the calendar."""
    closes = [one.closed_at or one.closes_at for one in season.phases.all() if one.kind == "evaluating"]
    return bool(closes) and at >= closes[0]
