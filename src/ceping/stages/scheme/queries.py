"""What stages ask of schemes and seasons: the rules of a version, which season is on, until when something is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection
from django.db.models import Max, Q, QuerySet

from ceping.core.finding import Finding
from ceping.core.scheme.header import Period
from ceping.core.scheme.loading import Scheme, load_folder
from ceping.ground.people.models import Institution
from ceping.stages.scheme.models import Extension, Phase, Reopening, SchemeVersion, Season, WorkingCopy
from ceping.stages.scheme.states import PhaseKind, SeasonState, VersionState

# By hash: a version never changes, and a platform runs a handful of them.
_at_hand: dict[str, Scheme] = {}


class SchemeUnusable(RuntimeError):
    """A stored version does not load; published ones did, so its rows were altered or the program is older."""

    def __init__(self, sha256: str, findings: list[Finding]) -> None:
        super().__init__(f"{sha256}: {', '.join(finding.code for finding in findings)}")
        self.findings = findings


def rules_of(season: Season) -> Scheme:
    """The rules of the season's version, read once a process and version. Raises SchemeUnusable."""
    return rules_of_version(season.scheme)


def rules_of_version(version: SchemeVersion) -> Scheme:
    """The rules of a version, published or not. Raises SchemeUnusable."""
    found = _at_hand.get(version.sha256)
    if found is None:
        scheme, findings = rules_in(dict(version.files.values_list("name", "text")))
        if scheme is None or scheme.sha256 != version.sha256:
            raise SchemeUnusable(version.sha256, findings)
        found = _at_hand[version.sha256] = scheme
    return found


def rules_in(files: Mapping[str, str]) -> tuple[Scheme | None, list[Finding]]:
    """The scheme these files make, or None, with every finding."""
    scheme, findings = _read(frozenset(files.items()))
    return scheme, list(findings)


# A draft that was just looked at is stored, proposed and published next.
@lru_cache(maxsize=8)
def _read(files: frozenset[tuple[str, str]]) -> tuple[Scheme | None, tuple[Finding, ...]]:
    with TemporaryDirectory(prefix="ceping-scheme-") as name:
        for file, text in files:
            (Path(name) / Path(file).name).write_text(text, encoding="utf-8", newline="")
        scheme, findings = load_folder(Path(name))
    return scheme, tuple(findings)


def copies_open() -> QuerySet[WorkingCopy]:
    """Versions somebody is writing, the last changed first."""
    return WorkingCopy.objects.filter(became=None, dropped_at=None).select_related("source", "started_by", "changed_by")


def period_of(season: Season) -> Period:
    """The days the season counts."""
    return Period.model_validate({"from": season.from_on, "to": season.to_on})


def seasons_open(at: datetime) -> QuerySet[Season]:
    """Seasons that somebody works in now, newest first."""
    working = [state for state in SeasonState if state not in (SeasonState.DRAFT, SeasonState.ARCHIVED)]
    return Season.objects.filter(state__in=working, created_at__lte=at).select_related("scheme")


def phase_of(season: Season, kind: PhaseKind) -> Phase | None:
    """The calendar's line of that kind; asked of the database once where the season came with its phases."""
    return next((phase for phase in season.phases.all() if phase.kind == kind), None)


def extension_for(phase: Phase, institution: Institution) -> Extension | None:
    """The extension that lets the institution in longest: its own, or its area's."""
    whose = Q(institution=institution)
    if institution.area_id is not None:
        whose |= Q(area_id=institution.area_id)
    return Extension.objects.filter(whose, phase=phase).order_by("-until", "pk").first()


@dataclass(frozen=True, slots=True)
class Closings:
    """Until when a phase is open, for any institution, from two queries: `own` and `by_area` by primary key."""

    closed_at: datetime | None
    closes_at: datetime
    own: Mapping[int, datetime]
    by_area: Mapping[int, datetime]

    def of(self, institution: int, area: int | None) -> datetime:
        """The close for that institution of that area, as `open_for` answers it."""
        if self.closed_at is not None:
            return self.closed_at
        given = (self.own.get(institution), self.by_area.get(area) if area is not None else None)
        return max([self.closes_at, *(one for one in given if one is not None)])


def closings_of(season: Season) -> dict[PhaseKind, Closings]:
    """The closes of every phase of the season at hand, by what it is."""
    given: dict[int, list[Extension]] = {}
    # The latest comes last and stays.
    for one in Extension.objects.filter(phase__season=season).order_by("until", "pk"):
        given.setdefault(one.phase_id, []).append(one)
    found = {}
    for phase in season.phases.all():
        mine = given.get(phase.pk, [])
        own = {one.institution_id: one.until for one in mine if one.institution_id is not None}
        by_area = {one.area_id: one.until for one in mine if one.area_id is not None}
        found[PhaseKind(phase.kind)] = Closings(phase.closed_at, phase.closes_at, own, by_area)
    return found


def open_for(season: Season, kind: PhaseKind, institution: Institution) -> tuple[Phase, datetime] | None:
    """The phase of that kind and when it closes for this institution, in one query; None when there is no such phase.

    The close is the latest of the calendar's and its and its area's extensions; a phase closed by hand is closed from
    that moment for all.
    """
    whose = Q(extensions__institution=institution)
    if institution.area_id is not None:
        whose |= Q(extensions__area_id=institution.area_id)
    longest = Max("extensions__until", filter=whose)
    phase = Phase.objects.filter(season=season, kind=kind).annotate(longest=longest).order_by().first()
    if phase is None:
        return None
    closes = phase.closed_at or max(phase.closes_at, phase.longest or phase.closes_at)
    return phase, closes


def lies_in(phase: Phase, closes: datetime, at: datetime) -> bool:
    """Whether the moment lies between: from the opening on, until just before the close."""
    return phase.opens_at <= at < closes


def evaluation_open(season: Season, institution: int) -> bool:
    """Whether what that institution's result is computed from may change: the season is evaluated, or it is corrected.

    `institution` is its primary key. Whoever changes something asks again with the season locked.
    """
    if season.state == SeasonState.EVALUATING:
        return True
    return Reopening.objects.filter(season=season, institution=institution, closed_at=None).exists()


def hold_state(season: int) -> str:
    """The state of that season, by its key, which stays until this transaction ends: whoever would move it waits.

    Every change that a result is computed from asks for it first; a signature locks the season and so comes before or
    after, never between.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM scheme_season WHERE id = %s FOR SHARE", [season])
        found = cursor.fetchone()
    if found is None:
        raise LookupError(season)
    return str(found[0])


def published_versions() -> QuerySet[SchemeVersion]:
    """What a season may be opened on."""
    return SchemeVersion.objects.filter(state=VersionState.PUBLISHED).order_by("scheme_id", "-version")
