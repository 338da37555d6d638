"""大屏: the season's progress for a wall, read from across the room, drawn anew every minute.

It asks without the polling mark: a wall nobody touches stays logged in until the log-in's own end.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.progress import lines_of
from ceping.stages.report.states import EntryState
from ceping.stages.results.queries import Reach, wall_of
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.scheme.states import SeasonState
from ceping.web.office.chosen import areas, counts_in, steps_of, wanted_season
from ceping.web.ui.door import door

_BEFORE = (SeasonState.DRAFT, SeasonState.FILING, SeasonState.RECOMMENDING)


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The season of the address, or the newest at work: reports while they are filed, then marks and calls."""
    at = timezone.now()
    season = wanted_season(request.GET, at)
    due = next((one for one in season.phases.all() if one.opens_at <= at < one.closes_at), None)
    shown = {
        "season": season,
        "at": at,
        "due": due,
        "days": (timezone.localtime(due.closes_at).date() - timezone.localtime(at).date()).days if due else None,
        **(_filing(season, at) if season.state in _BEFORE else _evaluating(season)),
    }
    return render(
        request, "office/screen.html#wall" if request.headers.get("HX-Request") else "office/screen.html", shown
    )


def _filing(season: Season, at: datetime) -> dict[str, Any]:
    """Who handed in and who is put forward, by district and category."""
    lines, names = lines_of(season, at=at), areas()
    counts = counts_in(lines)
    by_area = Counter(line.area for line in lines)
    handed_in = Counter(line.area for line in lines if "handed_in" in steps_of(line))
    forward = Counter(line.area for line in lines if line.step == "put_forward")
    given = Counter(line.category for line in lines if line.category)
    chosen = Counter(line.category for line in lines if line.step == "put_forward")
    most = max(given.values(), default=1)
    return {
        "figures": [
            ("参评", str(counts[""]), "家", ""),
            ("提交过", str(counts["handed_in"]), "家", ""),
            ("已推荐", str(counts["put_forward"]), "家", ""),
            ("逾期未交", str(counts["late"]), "家", "late" if counts["late"] else ""),
        ],
        "columns": [
            (
                "各推荐单位",
                "提交过 / 参评，已推荐",
                [
                    (name, handed_in[pk], by_area[pk], f"{handed_in[pk]}/{by_area[pk]}", str(forward[pk]))
                    for pk, name in names.items()
                    if by_area[pk]
                ],
            ),
            (
                "各类别",
                "提交过，已推荐",
                [
                    (one.title, given[one.id], most, str(given[one.id]), str(chosen[one.id]))
                    for one in rules_of(season).header.categories
                ],
            ),
        ],
    }


def _evaluating(season: Season) -> dict[str, Any]:
    """How far marking and calling are; no score stands on a wall."""
    wall, names = wall_of(season), areas()
    count = Entry.objects.filter(season=season, state=EntryState.PUT_FORWARD).count()
    return {
        "figures": [
            ("参加测评", str(count), "家", ""),
            ("专家打分", str(wall.marked.percent), "%", ""),
            ("服务核验", str(wall.called.percent), "%", ""),
            ("待裁定分歧", str(wall.differences), "项", "late" if wall.differences else ""),
        ],
        "columns": [
            ("专家打分", "已打 / 应打", _rows(wall.marks, names)),
            ("服务核验", "已呼叫 / 抽中的服务对象", _rows(wall.calls, names)),
        ],
    }


def _rows(found: Mapping[int | None, Reach], names: Mapping[int, str]) -> list[tuple[str, int, int, str, str]]:
    """A line a district that has anything to do."""
    return [
        (name, one.done, one.of, f"{one.done}/{one.of}", f"{one.percent}%")
        for pk, name in names.items()
        if (one := found.get(pk)) is not None
    ]
