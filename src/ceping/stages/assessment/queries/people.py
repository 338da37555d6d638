"""Who judges in a season, and whom they must not judge: declared, found by name, cleared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from ceping.core.names import normalised
from ceping.core.report.answers import Report
from ceping.core.scheme.form import FormFile
from ceping.folder.employers import employed_in
from ceping.ground.people.models import User
from ceping.stages.assessment.models import Assessor, Conflict
from ceping.stages.assessment.states import ConflictKind
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import report_in
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.scheme.states import SeasonState

Pair = tuple[int, int]
_WORKING = (SeasonState.EVALUATING, SeasonState.COMPUTED, SeasonState.SIGNED, SeasonState.NOTICE, SeasonState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Found:
    """A pair that looks like a conflict; `sure` when the names are one, else a person has to look."""

    assessor: Assessor
    entry: Entry
    why: str
    sure: bool


def assessors_of(season: Season) -> QuerySet[Assessor]:
    """Who judges in the season now."""
    return Assessor.objects.filter(season=season, left_at=None).select_related("user")


def own_assessorships(user: User) -> QuerySet[Assessor]:
    """The seasons under evaluation this person judges in, the newest first."""
    mine = Assessor.objects.filter(user=user, left_at=None, season__state__in=_WORKING)
    known = mine.select_related("season__scheme", "user").prefetch_related("season__phases")
    return known.order_by("-season__from_on", "-season_id")


def assessor_in(user: User, season: Season) -> Assessor | None:
    """The person as an assessor of that season."""
    return Assessor.objects.filter(user=user, season=season, left_at=None).first()


def entries_judged(season: Season) -> QuerySet[Entry]:
    """The entries that were put forward, by institution."""
    found = Entry.objects.filter(season=season, state=EntryState.PUT_FORWARD)
    return found.select_related("institution__area").order_by("institution__uscc")


def conflicts_in(season: Season) -> dict[Pair, Conflict]:
    """The last word on every pair of assessor and entry of which anything was said."""
    said = Conflict.objects.filter(assessor__season=season).order_by("pk")
    return {(one.assessor_id, one.entry_id): one for one in said}


def standing_in(season: Season) -> dict[Pair, Conflict]:
    """The pairs that are kept apart now."""
    return {pair: one for pair, one in conflicts_in(season).items() if one.kind != ConflictKind.CLEARED}


def conflict_of(assessor: Assessor, entry: Entry) -> Conflict | None:
    """What keeps these two apart, if anything does."""
    last = Conflict.objects.filter(assessor=assessor, entry=entry).order_by("-pk").first()
    return None if last is None or last.kind == ConflictKind.CLEARED else last


def found_in(season: Season) -> list[Found]:
    """Pairs by employer now or within three years, legal representative, partners and clients; nothing was said yet."""
    people, entries = list(assessors_of(season)), {one.institution.uscc: one for one in entries_judged(season)}
    said, names = conflicts_in(season), {uscc: one.institution.name for uscc, one in entries.items()}
    employers = {
        f"{one.pk}:{place}": name
        for one in people
        for place, name in enumerate((one.employer, *one.past_employers))
        if name
    }
    by_pk, found = {one.pk: one for one in people}, {}
    for one in employed_in(employers, names):
        pk, _, place = one.assessor.partition(":")
        when = "现任职" if place == "0" else "三年内曾任职"
        words = f"{when}单位“{one.employer}”" + ("就是该机构" if one.how == "same" else "与该机构名称相近")
        made = Found(by_pk[int(pk)], entries[one.uscc], words, one.how == "same")
        key = (made.assessor.pk, made.entry.pk)
        if key not in said and (key not in found or made.sure):
            found[key] = made
    form, reports = rules_of(season).form, _reports(list(entries.values()))
    for entry, report in reports.items():
        for person, why in _related(report, form, people):
            if (key := (person.pk, entry.pk)) not in said:
                found.setdefault(key, Found(person, entry, why, sure=False))
    return list(found.values())


def _reports(entries: list[Entry]) -> Mapping[Entry, Report]:
    """The report in force of each entry that handed one in."""
    by_pk = {one.pk: one for one in entries}
    last: dict[int, Submission] = {}
    for one in Submission.objects.filter(entry__in=by_pk, withdrawn_at=None).order_by("number"):
        last[one.entry_id] = one
    return {by_pk[pk]: report_in(one.report) for pk, one in last.items()}


def _related(report: Report, form: FormFile, people: list[Assessor]) -> Iterator[tuple[Assessor, str]]:
    """Who is named like the legal representative, or works where the report names a partner or a client.

    Every text of the report's tables is a name that may be somebody's employer: cooperating bodies, issuers, clients.
    """
    legal = report.answer(form, "legal_name") if "legal_name" in form.field_by_id else ""
    if isinstance(legal, str) and (name := normalised(legal)):
        yield from ((one, "与该机构法定代表人同名") for one in people if normalised(one.user.name) == name)
    employed: dict[str, list[tuple[Assessor, str]]] = {}
    for one in people:
        for employer in filter(None, (one.employer, *one.past_employers)):
            employed.setdefault(normalised(employer), []).append((one, employer))
    for table in form.tables:
        columns = [column for column in table.columns if column.type == "text"]
        for number, row in report.filled_rows(table):
            for column in columns:
                text = row.get(column.id)
                for person, employer in employed.get(normalised(text), ()) if isinstance(text, str) and text else ():
                    place = f"“{table.title or table.id}”第 {number} 行“{column.label}”"
                    yield person, f"任职单位“{employer}”列在该机构报告的{place}里"
