"""How many each area may put forward: the bounds in force, what is used of them, and their change with a reason."""

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.actions import set_quota
from ceping.stages.recommendation.models import Quota
from ceping.stages.report.queries.progress import lines_of
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.chosen import areas, in_words, reader, wanted_season
from ceping.web.ui.door import door


@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.CHANGE_CALENDAR)
def page(request: HttpRequest) -> HttpResponseBase:
    """The bounds; a post sets one of them."""
    season = wanted_season(request.POST or request.GET, timezone.now())
    if request.method != "POST":
        return _page(request, season)
    try:
        _set(request, season)
    except Refused as refused:
        return _page(request, season, refused.findings)
    messages.success(request, "名额已改，记入操作日志")
    return redirect(f"{reverse('office:quotas')}?season={season.pk}")


def _set(request: HttpRequest, season: Season) -> None:
    asked = request.POST
    code, category, given = asked.get("area", ""), asked.get("category", ""), asked.get("most", "").strip()
    area = Area.objects.filter(pk=int(code)).first() if code.isascii() and code.isdigit() and len(code) < 10 else None
    if area is None or category not in ("", *(one.id for one in rules_of(season).header.categories)):
        raise Http404
    if given and not (given.isascii() and given.isdigit() and len(given) < 6):
        raise Refused(fault("season_number_wanted", place="most", given=given[:20]))
    most = int(given) if given else None
    set_quota(
        season=season,
        area=area,
        category=category,
        most=most,
        reason=asked.get("reason", ""),
        by=reader(request),
        at=timezone.now(),
    )


def _page(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    at = timezone.now()
    bounds: dict[tuple[int, str], Quota] = {}
    for row in Quota.objects.filter(season=season).select_related("set_by").order_by("set_at", "pk"):
        bounds[row.area_id, row.category] = row
    used: Counter[tuple[int, str]] = Counter()
    for line in lines_of(season, at=at):
        if line.step == "put_forward" and line.area is not None:
            used[line.area, ""] += 1
            used[line.area, line.category] += 1
    categories = rules_of(season).header.categories
    titles, names = {"": "全部类别", **{one.id: one.title for one in categories}}, areas()
    rows = [
        (names[area], titles.get(category, category), used[area, category], bounds[area, category])
        for area in names
        for category in titles
        if (area, category) in bounds
    ]
    shown = {
        "season": season,
        "nav_now": "progress",
        "crumbs": [("进度总览", f"{reverse('office:progress')}?season={season.pk}"), ("名额", "")],
        "rows": rows,
        "areas": names.items(),
        "titles": titles.items(),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/quotas.html", shown, status=422 if refused else 200)
