"""Paper copies: which are here, which are not, which came late, and which submission a scanned code means."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from stdnum import luhn

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area
from ceping.stages.report.models import Entry, Paper, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Phase, Season
from ceping.stages.scheme.queries import phase_of
from ceping.stages.scheme.states import PhaseKind

# `CEPING:number:sha256`, as the code in the corner of a printed report says it.
_CODE = re.compile(r"CEPING:([^:]+):[0-9A-F]{64}")
_RECEIPT_DIGITS = 13
_YEAR = re.compile(r"[0-9]{4}-([0-9A-Z]{18})")
_SEPARATORS = re.compile(r"[\s\-—–_]+")


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """One paper copy: `state` is `none` (nothing submitted), `expected`, `overdue`, `received`, `incomplete`.

    `late` says that it came after the day on which it was due.
    """

    state: str
    word: str
    due: date | None
    late: bool = False
    paper: Paper | None = None


_WORDS = {
    "none": "尚未提交",
    "expected": "待收",
    "overdue": "逾期未收",
    "received": "已收",
    "incomplete": "已收，印章不全",
}


def paper_of(entry: Entry, at: datetime) -> PaperStanding:
    """Where the paper copy of the entry's submission in force stands; for its institution as for its district."""
    current = Paper.objects.filter(submission__entry=entry, submission__withdrawn_at=None)
    paper = current.select_related("submission", "received_by").order_by("-submission__number").first()
    return _standing(paper, due_on(entry.season), at)


def papers_of(season: Season, area: Area) -> QuerySet[Paper]:
    """The papers of the area's submissions in force, by name of the institution."""
    last = (
        Submission.objects.filter(entry=OuterRef("submission__entry"), withdrawn_at=None)
        .values("entry")
        .annotate(last=Max("number"))
        .values("last")
    )
    return (
        Paper.objects.filter(
            submission__entry__season=season,
            submission__entry__institution__area=area,
            submission__withdrawn_at=None,
            submission__number=Subquery(last),
        )
        .exclude(submission__entry__state=EntryState.DRAFT)
        .select_related("submission__entry__institution", "received_by")
        .defer("submission__report")
        .order_by("submission__entry__institution__name_key", "pk")
    )


def standings(papers: Iterable[Paper], season: Season, at: datetime) -> list[PaperStanding]:
    """The same for each of many."""
    due = due_on(season)
    return [_standing(paper, due, at) for paper in papers]


def due_on(season: Season) -> date | None:
    """The last day for paper copies; None when the season's calendar has none."""
    phase = phase_of(season, PhaseKind.PAPER)
    return _last_day(phase) if phase is not None else None


def submission_named(text: str, season: Season, area: Area) -> Submission:
    """The area's submission that a scanned code, a receipt number or a credit code means, in force or not.

    Raises Refused for a number with a wrong digit, and for one that is nobody's in this area.
    """
    given = unicodedata.normalize("NFKC", text).strip().upper()
    if found := _CODE.search(given):
        given = found[1]
    named = Submission.objects.filter(entry__season=season, entry__institution__area=area).select_related(
        "entry__institution__area", "entry__season"
    )
    year = _YEAR.fullmatch(given)
    code = year[1] if year else given
    digits = _SEPARATORS.sub("", given)
    if digits.isdigit():
        if len(digits) < _RECEIPT_DIGITS or not luhn.is_valid(digits):
            raise Refused(fault("paper_receipt_digits", given=given[:40]))
        receipt = f"{digits[:4]}-{digits[4:7]}-{digits[7:10]}-{digits[10:]}"
        submission = named.filter(receipt=receipt).first()
    else:
        submission = named.filter(entry__institution__uscc=code, withdrawn_at=None).order_by("-number").first()
    if submission is None:
        raise Refused(fault("paper_receipt_unknown", given=given[:40]))
    return submission


def _standing(paper: Paper | None, due: date | None, at: datetime) -> PaperStanding:
    if paper is None:
        return PaperStanding("none", _WORDS["none"], due)
    if paper.received_on is None:
        today = at.astimezone(timezone.get_default_timezone()).date()
        state = "overdue" if due is not None and today > due else "expected"
        return PaperStanding(state, _WORDS[state], due, paper=paper)
    state = "received" if paper.seals_complete and paper.cross_page_seal else "incomplete"
    late = due is not None and paper.received_on > due
    return PaperStanding(state, _WORDS[state], due, late, paper)


def _last_day(phase: Phase) -> date:
    return (phase.closed_at or phase.closes_at).astimezone(timezone.get_default_timezone()).date()
