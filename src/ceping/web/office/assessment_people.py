"""The assessors of a season and whom they keep away from: added, imported, found by name, cleared with a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.documents.intake.headers import Wanted
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.actions import (
    Particulars,
    add_assessor,
    clear_conflict,
    declare_conflict,
    detect_conflicts,
    remove_assessor,
)
from ceping.stages.assessment.models import Assessor
from ceping.stages.assessment.queries import assessors_of, conflicts_in, entries_judged, found_in, loads_of
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.web.office.assessment_files import rows_from
from ceping.web.office.chosen import in_words, reader, wanted_season
from ceping.web.ui.door import door

_COLUMNS = (
    Wanted("name", "姓名", ("专家姓名", "登录名", "name")),
    Wanted("employer", "工作单位", ("单位", "employer")),
    Wanted("past", "近三年任职单位", ("曾任职单位", "past_employers"), needed=False),
    Wanted("expertise", "专长", ("专业领域", "expertise"), needed=False),
    Wanted("load_max", "承担上限", ("最多承担", "load_max"), needed=False),
)
_MOST_LOAD = 6


@require_safe
@door(Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Assessors, and every pair kept apart or waiting for a word."""
    return _page(request, wanted_season(request.GET, timezone.now()))


@require_POST
@door(Role.LEAD, files=True)
def act(request: HttpRequest) -> HttpResponseBase:
    """An assessor added or leaving, a list taken in, a conflict declared, found or cleared."""
    at = timezone.now()
    season = wanted_season(request.POST, at)
    try:
        told = _done(request, season, at)
    except Refused as refused:
        return _page(request, season, refused.findings)
    if told:
        messages.success(request, told)
    return redirect(f"{reverse('office:assessors')}?season={season.pk}")


def _done(request: HttpRequest, season: Season, at: datetime) -> str:
    asked, by = request.POST, reader(request)
    reason = asked.get("reason", "")
    match asked.get("do", ""):
        case "add":
            user = next((one for one in _candidates(season) if str(one.pk) == asked.get("user")), None)
            if user is None:
                raise Http404
            made = add_assessor(season=season, user=user, told=_particulars(asked.dict()), by=by, at=at)
            return f"{user.name} 已登记为专家 {made.code}"
        case "file":
            return f"已登记 {_import(request, season, at)} 位专家"
        case "detect":
            return f"查出并回避 {len(detect_conflicts(season=season, by=by, at=at))} 对"
        case "remove":
            person = _person(season, asked.get("assessor", ""))
            remove_assessor(assessor=person, reason=reason, by=by, at=at)
            return f"专家 {person.code} 已退出"
        case "declare" | "clear" as what:
            person, entry = _person(season, asked.get("assessor", "")), _entry(season, asked.get("entry", ""))
            settle = declare_conflict if what == "declare" else clear_conflict
            settle(assessor=person, entry=entry, reason=reason, by=by, at=at)
            return "已回避" if what == "declare" else "已解除"
    return ""


@transaction.atomic
def _import(request: HttpRequest, season: Season, at: datetime) -> int:
    """All of the list or none of it; people are found by name or login among those who hold the role."""
    known: dict[str, list[User]] = {}
    for user in _holders():
        for key in {user.name, user.login}:
            known.setdefault(key, []).append(user)
    rows = rows_from(request, _COLUMNS)
    strangers = [row["name"] for row in rows if len(known.get(row["name"], ())) != 1]
    if strangers:
        raise Refused(*(fault("assess_file_person", given=name[:40]) for name in strangers[:30]))
    for row in rows:
        user = known[row["name"]][0]
        add_assessor(season=season, user=user, told=_particulars(row), by=reader(request), at=at)
    return len(rows)


def _particulars(row: Mapping[str, str]) -> Particulars:
    load = row.get("load_max", "").strip()
    if load and not (load.isascii() and load.isdigit() and len(load) <= _MOST_LOAD):
        raise Refused(fault("assess_value_number", place="load_max", given=load[:40]))
    return Particulars(
        employer=row.get("employer", ""),
        past_employers=_parts(row.get("past", "")),
        expertise=_parts(row.get("expertise", "")),
        load_max=int(load) if load else None,
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";") if part.strip()]


def _holders() -> list[User]:
    held = User.objects.filter(is_active=True, grants__role=Role.ASSESSOR, grants__revoked_at=None)
    return list(held.distinct().order_by("name", "pk"))


def _candidates(season: Season) -> list[User]:
    there = set(assessors_of(season).values_list("user", flat=True))
    return [one for one in _holders() if one.pk not in there]


def _person(season: Season, text: str) -> Assessor:
    found = next((one for one in assessors_of(season) if str(one.pk) == text), None)
    if found is None:
        raise Http404
    return found


def _entry(season: Season, text: str) -> Entry:
    found = next((one for one in entries_judged(season) if str(one.pk) == text), None)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, season: Season, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    entries = {one.pk: one for one in entries_judged(season)}
    people = {one.pk: (one, many, signed) for one, many, signed in loads_of(season)}
    said = [
        (people[who][0], entries[entry], one)
        for (who, entry), one in conflicts_in(season).items()
        if who in people and entry in entries
    ]
    shown = {
        "season": season,
        "nav_now": "assessment",
        "crumbs": [("测评", f"{reverse('office:assessment')}?season={season.pk}"), ("专家与回避", "")],
        "people": list(people.values()),
        "candidates": _candidates(season),
        "said": sorted(said, key=lambda one: (one[0].code, one[1].institution.uscc)),
        "found": found_in(season),
        "entries": list(entries.values()),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/assessment_people.html", shown, status=409 if refused else 200)
