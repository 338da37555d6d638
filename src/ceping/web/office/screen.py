"""大屏: the season's progress for a wall, read from across the room, drawn anew every minute.

It asks without the polling mark: a wall nobody touches stays logged in until the log-in's own end.
"""

from collections import Counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.report.queries.progress import lines_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.chosen import areas, counts_in, steps_of, wanted_season
from ceping.web.ui.door import door


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The season of the address, or the newest at work."""
    at = timezone.now()
    season = wanted_season(request.GET, at)
    lines = lines_of(season, at=at)
    counts = counts_in(lines)
    due = next((one for one in season.phases.all() if one.opens_at <= at < one.closes_at), None)
    names = areas()
    by_area = Counter(line.area for line in lines)
    handed_in = Counter(line.area for line in lines if "handed_in" in steps_of(line))
    forward = Counter(line.area for line in lines if line.step == "put_forward")
    given = Counter(line.category for line in lines if line.category)
    chosen = Counter(line.category for line in lines if line.step == "put_forward")
    shown = {
        "season": season,
        "at": at,
        "due": due,
        "days": (timezone.localtime(due.closes_at).date() - timezone.localtime(at).date()).days if due else None,
        "figures": [
            ("参评", counts[""], ""),
            ("提交过", counts["handed_in"], ""),
            ("已推荐", counts["put_forward"], ""),
            ("逾期未交", counts["late"], "late" if counts["late"] else ""),
        ],
        "areas": [(name, by_area[pk], handed_in[pk], forward[pk]) for pk, name in names.items() if by_area[pk]],
        "categories": [(one.title, given[one.id], chosen[one.id]) for one in rules_of(season).header.categories],
        "most": max(given.values(), default=1),
    }
    return render(
        request, "office/screen.html#wall" if request.headers.get("HX-Request") else "office/screen.html", shown
    )
