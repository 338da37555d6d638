"""Changes of schemes and seasons: versions published by two persons, calendars, states, extensions with a reason."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ceping.core.finding import errors_in, fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Area, Institution, User
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.access import why_not_organise, why_not_publish
from ceping.stages.scheme.models import Extension, Phase, SchemeFile, SchemeVersion, Season
from ceping.stages.scheme.queries import rules_in, rules_of
from ceping.stages.scheme.states import NEXT, ParameterStatus, PhaseKind, SeasonState, VersionState


@transaction.atomic
def draft_version(*, files: Mapping[str, str], by: User, at: datetime) -> SchemeVersion:
    """A version stands as a draft; files equal to a stored version's answer that one.

    Raises Refused with every finding when the files make no scheme, or the number is taken by other content.
    """
    _allow(by, Act.PUBLISH)
    scheme, findings = rules_in(files)
    if scheme is None:
        raise Refused(*errors_in(findings))
    stored = SchemeVersion.objects.filter(scheme_id=scheme.id, version=scheme.version).first()
    if stored is not None:
        if stored.sha256 == scheme.sha256:
            return stored
        raise Refused(fault("scheme_version_taken", label=scheme.label))
    made = SchemeVersion.objects.create(
        scheme_id=scheme.id,
        version=scheme.version,
        title=scheme.header.title,
        sha256=scheme.sha256,
        drafted_by=by,
        drafted_at=at,
    )
    SchemeFile.objects.bulk_create(SchemeFile(version=made, name=name, text=text) for name, text in files.items())
    _record("draft_scheme", made, by, at)
    return made


@transaction.atomic
def propose_version(*, version: SchemeVersion, by: User, at: datetime) -> SchemeVersion:
    """The first of two persons says the draft is to be published."""
    _allow(by, Act.PUBLISH)
    locked = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != VersionState.DRAFT:
        raise Refused(fault("scheme_not_draft"))
    locked.state, locked.proposed_by, locked.proposed_at = VersionState.PROPOSED, by, at
    locked.save(update_fields=["state", "proposed_by", "proposed_at"])
    _record("propose_scheme", locked, by, at)
    return locked


@transaction.atomic
def publish_version(*, version: SchemeVersion, by: User, at: datetime) -> SchemeVersion:
    """The second person publishes the version; from then on nothing of it changes."""
    locked = SchemeVersion.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=version.pk)
    if locked.state != VersionState.PROPOSED:
        raise Refused(fault("scheme_not_proposed"))
    if reason := why_not_publish(by, locked):
        raise NotAllowed(reason)
    locked.state, locked.published_by, locked.published_at = VersionState.PUBLISHED, by, at
    locked.save(update_fields=["state", "published_by", "published_at"])
    _record("publish_scheme", locked, by, at)
    return locked


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
    _allow(by, Act.CHANGE_CALENDAR)
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
    _record_season("open_season", season, by, at, body=body)
    return season


@transaction.atomic
def advance_season(*, season: Season, by: User, at: datetime) -> Season:
    """The season stands one state further."""
    _allow(by, Act.CHANGE_CALENDAR)
    locked = Season.objects.select_for_update().get(pk=season.pk)
    following = NEXT.get(SeasonState(locked.state))
    if following is None:
        raise Refused(fault("season_at_its_end"))
    before, locked.state = locked.state, following
    locked.save(update_fields=["state"])
    _record_season("advance_season", locked, by, at, body={"from": before, "to": following})
    return locked


@transaction.atomic
def set_phase(
    *, season: Season, kind: PhaseKind, opens_at: datetime, closes_at: datetime, reason: str, by: User, at: datetime
) -> Phase:
    """The phase opens and closes at these moments, for everybody; the reason is kept."""
    _allow(by, Act.CHANGE_CALENDAR)
    _give_reason(reason)
    if opens_at >= closes_at:
        raise Refused(fault("season_dates_reversed"))
    phase, _ = Phase.objects.select_for_update().update_or_create(
        season=season, kind=kind, defaults={"opens_at": opens_at, "closes_at": closes_at}
    )
    body = {"kind": kind, "opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
    _record_season("set_phase", season, by, at, reason=reason, body=body)
    return phase


@transaction.atomic
def close_phase(*, phase: Phase, reason: str, by: User, at: datetime) -> Phase:
    """The phase is closed by hand from this moment, for all, extensions included."""
    _allow(by, Act.CHANGE_CALENDAR)
    _give_reason(reason)
    locked = Phase.objects.select_for_update(of=("self",)).select_related("season").get(pk=phase.pk)
    if locked.closed_at is None:
        locked.closed_at, locked.closed_by = at, by
        locked.save(update_fields=["closed_at", "closed_by"])
        _record_season("close_phase", locked.season, by, at, reason=reason, body={"kind": locked.kind})
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
    _allow(by, Act.CHANGE_CALENDAR)
    _give_reason(reason)
    if (institution is None) == (area is None):
        raise TypeError("one institution or one area")
    if until <= phase.closes_at or until <= at:
        raise Refused(fault("season_extension_not_later"))
    made = Extension.objects.create(
        phase=phase, institution=institution, area=area, until=until, reason=reason.strip(), given_by=by, given_at=at
    )
    whom = f"institution-{institution.pk}" if institution is not None else f"area-{area.pk if area else ''}"
    body = {"kind": phase.kind, "until": until.isoformat(), "for": whom}
    _record_season("extend_phase", phase.season, by, at, reason=reason.strip(), body=body)
    return made


@transaction.atomic
def settle_parameters(
    *, season: Season, status: ParameterStatus, weights: Mapping[str, str], reason: str, by: User, at: datetime
) -> Season:
    """What the official text does not give is confirmed, or replaced by these weights; not once it is computed."""
    _allow(by, Act.CHANGE_CALENDAR)
    _give_reason(reason)
    locked = Season.objects.select_for_update().get(pk=season.pk)
    if list(SeasonState).index(SeasonState(locked.state)) >= list(SeasonState).index(SeasonState.COMPUTED):
        raise Refused(fault("season_computed_already"))
    if status is ParameterStatus.REPLACED:
        _check_weights(locked, weights)
    locked.parameters, locked.weights = status, dict(weights)
    locked.save(update_fields=["parameters", "weights"])
    _record_season(
        "settle_parameters", locked, by, at, reason=reason, body={"status": status, "weights": dict(weights)}
    )
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


def _allow(by: User, act: Act) -> None:
    if reason := why_not_organise(by, act):
        raise NotAllowed(reason)


def _give_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))


def _record(act: str, version: SchemeVersion, by: User, at: datetime) -> None:
    about = ("scheme_version", version.pk)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, body={"label": str(version), "sha256": version.sha256})


def _record_season(
    act: str, season: Season, by: User, at: datetime, *, reason: str = "", body: Mapping[str, object] | None = None
) -> None:
    about = ("season", season.pk)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, chain=season_chain(season.pk), reason=reason, body=body)
