"""Whose records a recommender reaches: the own areas, the season at work, one entry or none; and how pages answer."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, cast, overload
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse

from ceping.core.finding import Finding, fault
from ceping.documents.inspection.kind import Kind
from ceping.ground.files.actions import Arrived, take_in
from ceping.ground.people.access import Refused, hats_for
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import entries_readable
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import seasons_open

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def reader(request: HttpRequest) -> User:
    """Who reads; a door stands before every view."""
    return cast("User", request.user)


def own_area(user: User, code: str = "") -> Area:
    """The area of that code, or the first of the reader's. Raises Http404 for one that is not theirs."""
    areas = [grant.area for grant in user.grants_in_force if grant.area is not None]
    mine = {hat.area_id for hat in hats_for(user, Act.RECOMMEND)}
    found = next((area for area in areas if area.pk in mine and code in ("", area.code)), None)
    if found is None:
        raise Http404
    return found


@overload
def area_and_season(
    request: HttpRequest, at: datetime, code: str = ..., *, wanted: Literal[False]
) -> tuple[Area, Season | None]: ...
@overload
def area_and_season(request: HttpRequest, at: datetime, code: str = ...) -> tuple[Area, Season]: ...
def area_and_season(
    request: HttpRequest, at: datetime, code: str = "", *, wanted: bool = True
) -> tuple[Area, Season | None]:
    """The reader's area and the newest season somebody works in. Raises Http404 without one when it is wanted."""
    area, season = own_area(reader(request), code), seasons_open(at).prefetch_related("phases__extensions").first()
    if season is None and wanted:
        raise Http404
    return area, season


def entry_for(user: User, pk: int) -> Entry:
    """The entry in an own area, once its institution gave it away; a draft is nobody's but the institution's."""
    mine = [hat.area_id for hat in hats_for(user, Act.RECOMMEND) if hat.area_id is not None]
    entries = entries_readable(user).prefetch_related("season__phases__extensions")
    found = entries.filter(institution__area_id__in=mine, pk=pk).exclude(state=EntryState.DRAFT).first()
    if found is None:
        raise Http404
    return found


def arrived_from(request: HttpRequest, name: str, wanted: Collection[Kind]) -> Arrived:
    """The upload of that field, looked at and laid down before any row is touched. Raises Refused, also without one."""
    given = request.FILES.get(name)
    if given is None:
        raise Refused(fault("recommend_file_missing"))
    return take_in(given.chunks(), name=given.name or "", wanted=wanted)


def told(finding: Finding | None) -> dict[str, str] | None:
    """What a page says of a finding."""
    return {"message": finding.message(), "remedy": finding.remedy()} if finding is not None else None


def attached(data: bytes, name: str) -> HttpResponse:
    """A file to be saved, under its Chinese name, kept nowhere between."""
    kind = name.rpartition(".")[2]
    answer = HttpResponse(data, content_type=_KINDS[kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
