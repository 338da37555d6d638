"""Changes of seasons: opened, moved on, calendars, extensions, parameters; each journalled, with a reason where due."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area, Institution, User
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.actions.shared import allow, give_reason, record_season
from ceping.stages.scheme.models import Extension, Phase, SchemeVersion, Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.scheme.states import NEXT, ParameterStatus, PhaseKind, SeasonState, VersionState


@transaction.atomic
def open_season(
    *,
    title: str,
    version: SchemeVersion,
    period: tuple[date, date],
    phases: Mapping[PhaseKind, tuple[datetime, datetime]],
    by: User,
    at: datetime,
) -> Season:
    """A season in preparation with its calendar, pinned to a published version for ever."""
    allow(by, Act.CHANGE_CALENDAR)
    if version.state != VersionState.PUBLISHED:
        raise Refused(fault("season_scheme_not_published"))
    if period[0] > period[1] or any(opens >= closes for opens, closes in phases.values()):
        raise Refused(fault("season_dates_reversed"))
    season = Season.objects.create(
        title=title, scheme=version, from_on=period[0], to_on=period[1], opened_by=by, created_at=at
    )
    Phase.objects.bulk_create(
        Phase(season=season, kind=kind, opens_at=opens, closes_at=closes) for kind, (opens, closes) in phases.items()
    )
    body = {
        "scheme_sha256": version.sha256,
        "phases": {kind: [a.isoformat(), b.isoformat()] for kind, (a, b) in phases.items()},
    }
    record_season("open_season", season, by, at, body=body)
    return season


@transaction.atomic
def advance_season(*, season: Season, by: User, at: datetime, reason: str = "") -> Season:
    """The season stands one state further; `reason` says why although something was left open."""
    allow(by, Act.CHANGE_CALENDAR)
    locked = Season.objects.select_for_update().get(pk=season.pk)
    following = NEXT.get(SeasonState(locked.state))
    if following is None:
        raise Refused(fault("season_at_its_end"))
    before, locked.state = locked.state, following
    locked.save(update_fields=["state"])
    record_season("advance_season", locked, by, at, reason=reason, body={"from": before, "to": following})
    return locked


@transaction.atomic
def move_with_results(*, season: Season, to: SeasonState, by: User, at: datetime, reason: str = "") -> Season:
    """The season follows its result: on by one step, or back to the evaluation from what only one person signed.

    Raises Refused for any other step.
    """
    allow(by, Act.SIGN_RESULT)
    locked = Season.objects.select_for_update().get(pk=season.pk)
    back = (SeasonState(locked.state), to) == (SeasonState.COMPUTED, SeasonState.EVALUATING)
    if not back and NEXT.get(SeasonState(locked.state)) != to:
        raise Refused(fault("season_moved_meanwhile", state=SeasonState(locked.state).label))
    before, locked.state = locked.state, to
    locked.save(update_fields=["state"])
    role = Role.LEAD if to is SeasonState.COMPUTED else Role.ORGANISER
    record_season("move_season", locked, by, at, reason=reason, body={"from": before, "to": to}, role=role)
    return locked


@transaction.atomic
def set_phase(
    *, season: Season, kind: PhaseKind, opens_at: datetime, closes_at: datetime, reason: str, by: User, at: datetime
) -> Phase:
    """The phase opens and closes at these moments, for everybody; the reason is kept."""
    allow(by, Act.CHANGE_CALENDAR)
    give_reason(reason)
    if opens_at >= closes_at:
        raise Refused(fault("season_dates_reversed"))
    phase, _ = Phase.objects.select_for_update().update_or_create(
        season=season, kind=kind, defaults={"opens_at": opens_at, "closes_at": closes_at}
    )
    body = {"kind": kind, "opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
    record_season("set_phase", season, by, at, reason=reason, body=body)
    return phase


@transaction.atomic
def close_phase(*, phase: Phase, reason: str, by: User, at: datetime) -> Phase:
    """The phase is closed by hand from this moment, for all, extensions included."""
    allow(by, Act.CHANGE_CALENDAR)
    give_reason(reason)
    locked = Phase.objects.select_for_update(of=("self",)).select_related("season").get(pk=phase.pk)
    if locked.closed_at is None:
        locked.closed_at, locked.closed_by = at, by
        locked.save(update_fields=["closed_at", "closed_by"])
        record_season("close_phase", locked.season, by, at, reason=reason, body={"kind": locked.kind})
    return locked


@transaction.atomic
def extend_phase(
    *,
    phase: Phase,
    until: datetime,
    reason: str,
    by: User,
    at: datetime,
    institution: Institution | None = None,
    area: Area | None = None,
) -> Extension:
    """One institution, or all of an area, has more time. Raises Refused without a reason or for an earlier moment."""
    allow(by, Act.CHANGE_CALENDAR)
    give_reason(reason)
    if (institution is None) == (area is None):
        raise TypeError("one institution or one area")
    if until <= phase.closes_at or until <= at:
        raise Refused(fault("season_extension_not_later"))
    made = Extension.objects.create(
        phase=phase, institution=institution, area=area, until=until, reason=reason.strip(), given_by=by, given_at=at
    )
    whom = f"institution-{institution.pk}" if institution is not None else f"area-{area.pk if area else ''}"
    body = {"kind": phase.kind, "until": until.isoformat(), "for": whom}
    record_season("extend_phase", phase.season, by, at, reason=reason.strip(), body=body)
    return made


@transaction.atomic
def settle_parameters(
    *, season: Season, status: ParameterStatus, weights: Mapping[str, str], reason: str, by: User, at: datetime
) -> Season:
    """What the official text does not give is confirmed, or replaced by these weights; not once it is computed."""
    allow(by, Act.CHANGE_CALENDAR)
    give_reason(reason)
    locked = Season.objects.select_for_update().get(pk=season.pk)
    if list(SeasonState).index(SeasonState(locked.state)) >= list(SeasonState).index(SeasonState.COMPUTED):
        raise Refused(fault("season_computed_already"))
    if status is ParameterStatus.REPLACED:
        _check_weights(locked, weights)
    locked.parameters, locked.weights = status, dict(weights)
    locked.save(update_fields=["parameters", "weights"])
    record_season("settle_parameters", locked, by, at, reason=reason, body={"status": status, "weights": dict(weights)})
    return locked


def _check_weights(season: Season, weights: Mapping[str, str]) -> None:
    """Raises Refused unless every scored item has a weight and those of each category add up to the total."""
    rules = rules_of(season)
    total = rules.indicators.total
    for item in rules.scored:
        text = weights.get(item.key, "")
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", text) is None or not Decimal(text):
            raise Refused(fault("season_weights_wrong", place=item.key, given=text[:20] or "—", total=total))
    for category in rules.header.categories:
        scored = rules.indicators.scored_for(category.id)
        if (given := sum(Decimal(weights[item.key]) for item in scored)) != total:
            raise Refused(fault("season_weights_wrong", given=given, total=total))
