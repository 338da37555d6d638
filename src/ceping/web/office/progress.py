"""How far the season is: from account to recommendation, by district and category, and who is to be asked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.report.queries.progress import Line, lines_of
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.scheme.states import PhaseKind
from ceping.web.office.chosen import STEPS, Chosen, areas, counts_in, season_of, steps_of
from ceping.web.ui.door import door

_COLUMNS = ("", "not_begun", "draft", "returned", "submitted", "put_forward", "not_put_forward", "late", "paper")
_URGENT = (
    ("not_begun", "还没有开始填报"),
    ("draft", "开始了，还没有提交"),
    ("returned", "退回后还没有交回"),
    ("paper", "纸质材料还没有收到"),
)
_HEAT = 6


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The season of the address, or the newest at work."""
    at = timezone.now()
    season = season_of(request.GET, at)
    if season is None:
        return render(request, "office/progress.html", {"nav_now": "progress"})
    lines = lines_of(season, at=at)
    counts = counts_in(lines)
    phase = next((one for one in season.phases.all() if one.kind == PhaseKind.FILING), None)
    shown = {
        "season": season,
        "nav_now": "progress",
        "counts": counts,
        "may_change": Role.ORGANISER in cast("User", request.user).roles,
        "phase": phase,
        "days": (timezone.localtime(phase.closes_at).date() - timezone.localtime(at).date()).days if phase else None,
        "funnel": _funnel(season, lines),
        "urgent": [(words, counts[step], Chosen(step=step).address(season)) for step, words in _URGENT if counts[step]],
        "late": counts["late"],
        "late_address": Chosen(step="late").address(season),
    }
    return render(request, "office/progress.html", shown | _by_area(season, lines))


def _funnel(season: Season, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Step by step: how many came so far, and the share of those a step before."""
    opened = Grant.objects.filter(role=Role.INSTITUTION, revoked_at=None, institution__entries__season=season).values(
        "institution"
    )
    steps = [
        ("应参评", len(lines), ""),
        ("账户开通", opened.distinct().count(), ""),
        ("开始填报", sum(line.step != "not_begun" for line in lines), ""),
        ("提交自评", sum("handed_in" in steps_of(line) for line in lines), "handed_in"),
        ("区级推荐", sum(line.step == "put_forward" for line in lines), "put_forward"),
    ]
    before, found = 0, []
    for word, count, step in steps:
        share = f"{round(100 * count / before)}%" if before else ""
        address = Chosen(step=step).address(season)
        found.append({"word": word, "count": count, "of": max(len(lines), 1), "share": share, "address": address})
        before = count
    return found


def _by_area(season: Season, lines: Sequence[Line]) -> dict[str, Any]:
    """A row a district with its steps, and a row a district with its categories: put forward of those handed in."""
    names: list[tuple[int | None, str]] = [*areas().items(), (None, "未定推荐单位")]
    held: dict[int | None, list[Line]] = {}
    for line in lines:
        held.setdefault(line.area, []).append(line)
    rows, heat = [], []
    categories = rules_of(season).header.categories
    for number, name in names:
        mine = held.get(number)
        if not mine:
            continue
        counts, key = counts_in(mine), str(number or "")
        # As text: a template asks of every number how the language writes it, which is most of what the table costs.
        cells = [(str(counts[step] or ""), Chosen(step=step, area=key).address(season)) for step in _COLUMNS]
        rows.append((name, cells))
        given = Counter(line.category for line in mine if line.category)
        forward = Counter(line.category for line in mine if line.step == "put_forward")
        heat.append((name, [_cell(season, key, one.id, forward[one.id], given[one.id]) for one in categories]))
    whole = counts_in(lines)
    total = [(str(whole[step]), Chosen(step=step).address(season)) for step in _COLUMNS]
    heads = [STEPS[step] if step else "参评" for step in _COLUMNS]
    return {"heads": heads, "rows": rows, "total": total, "categories": categories, "heat": heat}


def _cell(season: Season, area: str, category: str, forward: int, given: int) -> dict[str, Any]:
    address = Chosen(area=area, category=category).address(season)
    return {
        "forward": str(forward),
        "given": str(given or ""),
        "heat": str(_HEAT * forward // given if given else 0),
        "address": address,
    }
