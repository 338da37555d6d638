"""Assessment as the season folder has it: a table a file, in a stable order; and the folder a draw is made from."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from ceping.folder.columns import (
    ADJUDICATIONS,
    ASSESSORS,
    ASSIGNMENTS,
    CONFLICTS_FILE,
    EVIDENCE_CHECKS,
    INSTITUTIONS,
    MARKS,
    PINS,
    VERIFIED,
    File,
)
from ceping.folder.draw_record import csv_text
from ceping.folder.terms import NAME
from ceping.stages.assessment.models import Assessor, Assignment, Difference, EvidenceCheck, Mark, VerifiedValue
from ceping.stages.assessment.queries.marking import judged_in
from ceping.stages.assessment.queries.people import assessors_of, conflicts_in, entries_judged, standing_in
from ceping.stages.assessment.states import DifferenceState, MarkState, Verdict, Way
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

Rows = list[dict[str, str]]


def tables_of(season: Season) -> dict[str, Rows]:
    """Assessors, conflicts, assignments, marks, adjudications, verified values and verdicts of a season.

    Marks are those that count: of an assignment in force, open. A mark asked for once more, an undecided difference and
    a 虚假 that no lead confirmed are left out: the computation then says what is missing.
    """
    usccs = {one.pk: one.institution.uscc for one in entries_judged(season)}
    assignments = list(
        Assignment.objects.filter(entry__in=usccs, ended_at=None)
        .exclude(assessor__left_at__isnull=False)
        .values_list("entry", "item", "assessor", "assessor__code")
    )
    named = {who for _, _, who, _ in assignments} | set(assessors_of(season).values_list("pk", flat=True))
    return {
        ASSESSORS.name: _assessors(named),
        CONFLICTS_FILE.name: _conflicts(season, usccs, named),
        ASSIGNMENTS.name: _sorted(
            {"uscc": usccs[entry], "indicator_id": item, "assessor_id": code} for entry, item, _, code in assignments
        ),
        MARKS.name: _marks(usccs, {(entry, item, who) for entry, item, who, _ in assignments}),
        ADJUDICATIONS.name: _adjudications(usccs),
        VERIFIED.name: _verified(usccs),
        EVIDENCE_CHECKS.name: _checks(usccs),
    }


def draw_inputs(season: Season, seed: str) -> dict[str, str]:
    """The files a draw of assessors is made from, each as text: with them and the record anyone makes it again.

    Assignments by hand that cover every item of an entry are pins; conflicts are those that stand or were cleared.
    """
    rules, entries = rules_of(season), list(entries_judged(season))
    usccs = {one.pk: one.institution.uscc for one in entries}
    institutions = [{"uscc": usccs[one.pk], "name": one.institution.name, "category": one.category} for one in entries]
    people = set(assessors_of(season).values_list("pk", flat=True))
    terms = (
        "format = 1",
        f'scheme = "{rules.label}"',
        f'scheme_sha256 = "{rules.sha256}"',
        f"title = {_quoted(season.title)}",
        f"from = {season.from_on.isoformat()}",
        f"to = {season.to_on.isoformat()}",
        "",
        "[seeds]",
        f"assessors = {_quoted(seed)}",
    )
    return {
        NAME: "\n".join(terms) + "\n",
        INSTITUTIONS.name: _text(("uscc", "name", "category"), institutions),
        ASSESSORS.name: _text(_names(ASSESSORS), _assessors(people)),
        CONFLICTS_FILE.name: _text(_names(CONFLICTS_FILE), _conflicts(season, usccs, people)),
        PINS.name: _text(_names(PINS), _pins(season, usccs)),
    }


def _quoted(text: str) -> str:
    """The text as TOML holds it between quotes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(one if one.isprintable() else " " for one in plain)}"'


def _names(file: File) -> tuple[str, ...]:
    return tuple(column.name for column in file.columns)


def _text(names: tuple[str, ...], rows: Rows) -> str:
    return csv_text(names, ([row.get(name, "") for name in names] for row in rows))


def _sorted(rows: Iterable[dict[str, str]]) -> Rows:
    return sorted(rows, key=lambda row: tuple(row.values()))


def _assessors(named: set[int]) -> Rows:
    found = Assessor.objects.filter(pk__in=named).select_related("user").order_by("code")
    return [
        {
            "assessor_id": one.code,
            "name": one.user.name,
            "employer": one.employer,
            "expertise": ";".join(one.expertise),
            "load_max": "" if one.load_max is None else str(one.load_max),
        }
        for one in found
    ]


def _conflicts(season: Season, usccs: dict[int, str], named: set[int]) -> Rows:
    """The last word of each pair; a cleared one with what it cleared is enough to say so."""
    return _sorted(
        {"assessor_id": one.assessor.code, "uscc": usccs[entry], "kind": one.kind, "reason": _line(one.reason)}
        for (who, entry), one in conflicts_in(season).items()
        if entry in usccs and who in named
    )


def _pins(season: Season, usccs: dict[int, str]) -> Rows:
    every = {item.key for item in judged_in(rules_of(season))}
    apart = standing_in(season)
    held: dict[tuple[int, int], dict[str, Assignment]] = {}
    by_hand = Assignment.objects.filter(entry__in=usccs, ended_at=None).exclude(way=Way.DRAWN)
    for one in by_hand.select_related("assessor", "assigned_by").order_by("pk"):
        held.setdefault((one.assessor_id, one.entry_id), {})[one.item] = one
    whole = [next(iter(items.values())) for pair, items in held.items() if items.keys() >= every and pair not in apart]
    return _sorted(
        {
            "assessor_id": one.assessor.code,
            "uscc": usccs[one.entry_id],
            "indicator_id": "",
            "reason": _line(one.reason),
            "by": one.assigned_by.name,
            "on": _day(one.assigned_at),
        }
        for one in whole
    )


def _marks(usccs: dict[int, str], assigned: set[tuple[int, str, int]]) -> Rows:
    found = Mark.objects.filter(sheet__entry__in=usccs, state__in=(MarkState.OPEN, MarkState.ADJUDICATED))
    # Plain rows: a season has tens of thousands.
    told = found.values_list(
        "sheet__entry", "item", "sheet__assessor", "sheet__assessor__code", "mark", "coefficient", "reason"
    )
    return _sorted(
        {
            "uscc": usccs[entry],
            "indicator_id": item,
            "assessor_id": code,
            "mark": mark,
            "coefficient": coefficient,
            "reason": _line(reason),
        }
        for entry, item, who, code, mark, coefficient, reason in told
        if (entry, item, who) in assigned
    )


def _adjudications(usccs: dict[int, str]) -> Rows:
    found = Difference.objects.filter(entry__in=usccs, state=DifferenceState.DECIDED)
    return _sorted(
        {
            "uscc": usccs[one.entry_id],
            "indicator_id": one.item,
            "mark": one.mark,
            "by": one.third.code if one.third is not None and one.third.user_id == one.decided_by_id else _name(one),
            "reason": _line(one.reason),
        }
        for one in found.select_related("third", "decided_by")
    )


def _name(one: Difference) -> str:
    return one.decided_by.name if one.decided_by is not None else ""


def _verified(usccs: dict[int, str]) -> Rows:
    found = VerifiedValue.objects.filter(entry__in=usccs)
    return _sorted(
        {
            "uscc": usccs[entry],
            "metric_id": metric,
            "value": value,
            "reason": _line(reason),
            "by": name,
            "on": _day(at),
        }
        for entry, metric, value, reason, name, at in found.values_list(
            "entry", "metric", "value", "reason", "set_by__name", "set_at"
        )
    )


def _checks(usccs: dict[int, str]) -> Rows:
    found = EvidenceCheck.objects.filter(entry__in=usccs).exclude(verdict=Verdict.FALSE, confirmed_at=None)
    return _sorted(
        {
            "uscc": usccs[entry],
            "file": file,
            "verdict": verdict,
            "reason": _line(reason),
            "by": name,
            "on": _day(at),
        }
        for entry, file, verdict, reason, name, at in found.values_list(
            "entry", "file", "verdict", "reason", "checked_by__name", "checked_at"
        )
    )


def _line(text: str) -> str:
    """The words on one line: a cell of a table."""
    return " ".join(text.split())


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
