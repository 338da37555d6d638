"""Assessors of a season and whom they must not judge."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import is_assessor, is_lead, why_not_in, why_not_lead
from ceping.stages.assessment.actions.differences import renew_differences
from ceping.stages.assessment.actions.shared import hold_entries, hold_season, note, role_of, wanted_reason, words
from ceping.stages.assessment.models import Assessor, Assignment, Conflict, Difference
from ceping.stages.assessment.queries import conflict_of, found_in
from ceping.stages.assessment.states import ConflictKind, DifferenceState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import hold_state

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of an assessor: employers now and in the last three years, subjects, how many at most."""

    employer: str = ""
    past_employers: Sequence[str] = ()
    expertise: Sequence[str] = ()
    load_max: int | None = None


@transaction.atomic
def add_assessor(*, season: Season, user: User, told: Particulars, code: str = "", by: User, at: datetime) -> Assessor:
    """The person judges in this season; one who is there already, or had left, gets the new particulars.

    Raises NotAllowed; Refused for somebody without the role, and for a code that is another's.
    """
    held = hold_season(season, by)
    if not is_assessor(user):
        raise Refused(fault("assess_no_role", name=user.name))
    found = Assessor.objects.filter(season=held, user=user).first()
    wanted = code or (found.code if found is not None else _next_code(held))
    if Assessor.objects.filter(season=held, code=wanted).exclude(user=user).exists():
        raise Refused(fault("assess_code_taken", who=wanted[:16]))
    given = {
        "code": wanted[:16],
        "employer": words(told.employer, 200),
        "past_employers": _listed(told.past_employers, 200),
        "expertise": _listed(told.expertise, 100),
        "load_max": told.load_max,
        "left_at": None,
    }
    made, _ = Assessor.objects.update_or_create(
        season=held, user=user, defaults=given, create_defaults={**given, "added_by": by, "added_at": at}
    )
    note("add_assessor", held, ("assessor", made.pk), by, at, body={"code": made.code, "user": user.pk})
    return made


@transaction.atomic
def remove_assessor(*, assessor: Assessor, reason: str, by: User, at: datetime) -> Assessor:
    """The person no longer judges; assignments end, marks already given stay on record and no longer count."""
    season = hold_season(assessor.season, by)
    said = wanted_reason(reason)
    hold_entries(set(Assignment.objects.filter(assessor=assessor, ended_at=None).values_list("entry", flat=True)))
    held = Assessor.objects.select_for_update().get(pk=assessor.pk)
    held.left_at = at
    held.save(update_fields=["left_at"])
    standing = Assignment.objects.filter(assessor=held, ended_at=None)
    judged = set(standing.values_list("entry", flat=True))
    count = standing.update(ended_at=at)
    renew_differences(judged, at)
    Difference.objects.filter(third=held, state=DifferenceState.DUE).update(third=None)
    note("remove_assessor", season, ("assessor", held.pk), by, at, reason=said, body={"assignments": count})
    return held


@transaction.atomic
def declare_conflict(*, assessor: Assessor, entry: Entry, reason: str, by: User, at: datetime) -> Conflict:
    """The assessor, or a lead for them, says that they must not judge this entry: from now on nothing of it opens."""
    entry.season.state = hold_state(entry.season_id)
    if by.pk != assessor.user_id and (why := why_not_lead(by, entry.season)):
        raise NotAllowed(why)
    if why := why_not_in(entry.season):
        raise NotAllowed(why)
    return _say(assessor, entry, ConflictKind.DECLARED, wanted_reason(reason), by, at)


@transaction.atomic
def declare_all(
    *, assessor: Assessor, entries: Collection[Entry], reasons: Collection[str], by: User, at: datetime
) -> Assessor:
    """The assessor's own word for the season: the entries they must not judge, each with its reason, or none."""
    if by.pk != assessor.user_id:
        raise NotAllowed(fault("assess_not_assigned"))
    assessor.season.state = hold_state(assessor.season_id)
    if why := why_not_in(assessor.season):
        raise NotAllowed(why)
    hold_entries({one.pk for one in entries})
    for entry, reason in zip(entries, reasons, strict=True):
        if conflict_of(assessor, entry) is None:
            _say(assessor, entry, ConflictKind.DECLARED, wanted_reason(reason), by, at)
    held = Assessor.objects.select_for_update().select_related("season__scheme", "user").get(pk=assessor.pk)
    held.declared_at = at
    held.save(update_fields=["declared_at"])
    body = {"count": len(entries)}
    note("declare_conflicts", held.season, ("assessor", held.pk), by, at, role=Role.ASSESSOR, body=body)
    return held


@transaction.atomic
def clear_conflict(*, assessor: Assessor, entry: Entry, reason: str, by: User, at: datetime) -> Conflict:
    """A lead lifts what keeps the two apart, or settles that a likeness of names means nothing. Needs a reason."""
    entry.season.state = hold_state(entry.season_id)
    if why := why_not_lead(by, entry.season):
        raise NotAllowed(why)
    if by.pk == assessor.user_id:
        raise NotAllowed(fault("assess_own_conflict"))
    return _say(assessor, entry, ConflictKind.CLEARED, wanted_reason(reason), by, at)


@transaction.atomic
def detect_conflicts(*, season: Season, by: User, at: datetime) -> list[Conflict]:
    """Pairs that are one by name are kept apart from now on; those that are only like each other wait for a person."""
    held = hold_season(season, by)
    sure = [one for one in found_in(held) if one.sure]
    hold_entries({one.entry.pk for one in sure})
    return [_say(one.assessor, one.entry, ConflictKind.DETECTED, one.why, by, at) for one in sure]


def _say(assessor: Assessor, entry: Entry, kind: ConflictKind, reason: str, by: User, at: datetime) -> Conflict:
    if assessor.season_id != entry.season_id:
        raise Refused(fault("assess_other_season"))
    hold_entries({entry.pk})
    # Whoever marks or assigns at this moment waits, and then finds it closed.
    Assessor.objects.select_for_update().get(pk=assessor.pk)
    made = Conflict.objects.create(assessor=assessor, entry=entry, kind=kind, reason=reason, said_by=by, said_at=at)
    ended = 0
    if kind is not ConflictKind.CLEARED:
        ended = Assignment.objects.filter(assessor=assessor, entry=entry, ended_at=None).update(ended_at=at)
        third = Difference.objects.filter(entry=entry, third=assessor, state=DifferenceState.DUE)
        third.update(third=None)
        renew_differences({entry.pk}, at)
    body = {"assessor": assessor.code, "kind": kind.value, "assignments": ended}
    role = role_of(by) if is_lead(by) else Role.ASSESSOR
    note("conflict", entry.season, ("entry", entry.pk), by, at, role=role, reason=reason, body=body)
    return made


def _next_code(season: Season) -> str:
    used = set(Assessor.objects.filter(season=season).values_list("code", flat=True))
    number = len(used) + 1
    while f"A{number:02d}" in used:
        number += 1
    return f"A{number:02d}"


def _listed(given: Sequence[str], most: int) -> list[str]:
    said = [words(one, most) for one in given]
    return [one for one in dict.fromkeys(said) if one][:MOST_LISTED]
