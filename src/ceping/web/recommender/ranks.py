"""The order behind what an area puts forward: category by category, moved a place or to a number, saved at once."""

from itertools import groupby

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.access import why_not_now
from ceping.stages.recommendation.actions import move_rank
from ceping.stages.recommendation.queries import put_forward, quotas_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.reach import area_and_season, reader, told
from ceping.web.ui.door import door


@require_safe
@door(Act.RECOMMEND)
def page(request: HttpRequest) -> HttpResponseBase:
    """What the area put forward, by category and rank."""
    return _page(request, request.GET.get("area", ""))


@require_POST
@door(Act.RECOMMEND)
def move(request: HttpRequest) -> HttpResponseBase:
    """One entry takes another place of its category; an order that a colleague changed meanwhile is shown instead."""
    at, asked = timezone.now(), request.POST
    area, season = area_and_season(request, at, asked.get("area", ""))
    entry, to = _number(asked.get("entry", "")), _number(asked.get("to", ""))
    seen = [_number(one) for one in asked.get("seen", "").split(",") if one]
    try:
        move_rank(season=season, area=area, entry=entry, to=to, seen=seen, by=reader(request), at=at)
    except Refused as refused:
        return _page(request, area.code, refused)
    return redirect(f"{reverse('recommender:ranks')}?area={area.code}&moved={entry}")


def _page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponseBase:
    at = timezone.now()
    area, season = area_and_season(request, at, code, wanted=False)
    if season is None:
        return render(request, "recommender/ranks.html", {"area": area, "nav_now": "ranks"})
    titles = {category.id: category.title for category in rules_of(season).header.categories}
    quotas = {line.category: line for line in quotas_of(season, area)}
    # The sealed reports are not asked for: nothing of them is shown here.
    standing = list(put_forward(season, area).defer("submission__report").order_by("category", "rank"))
    groups = []
    for category, found in groupby(standing, key=lambda putting: putting.category):
        puttings = list(found)
        seen = ",".join(str(putting.entry_id) for putting in puttings)
        groups.append(
            {
                "title": titles.get(category, category),
                "quota": quotas.get(category),
                "seen": seen,
                "lines": [
                    {"putting": putting, "place": place, "last": place == len(puttings)}
                    for place, putting in enumerate(puttings, start=1)
                ],
            }
        )
    shown = {
        "area": area,
        "season": season,
        "nav_now": "ranks",
        "groups": groups,
        "count": len(standing),
        "moved": _number(request.GET.get("moved", "")),
        "why_not": told(why_not_now(season, area, at)),
        "refused": [told(finding) for finding in refused.findings] if refused is not None else [],
    }
    return render(request, "recommender/ranks.html", shown, status=409 if refused else 200)


def _number(text: str) -> int:
    """A whole number as typed; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
