"""This season beside the last: institution by institution, and the averages of categories and districts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.core.exact import text_of
from ceping.folder.year_on_year import Group, Pair, YearOnYear, rows_of
from ceping.ground.people.roles import Role
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import Beside, history_of, lines_in, year_on_year
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.results_shown import address_of, computation_meant
from ceping.web.ui.door import door

PAGE = 50
_STATUS = {"": "全部", "stayed": "两年都有", "new": "新参评", "left": "未再参评"}


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Beside the result frozen here a season earlier, else beside the grades of the table that was supplied."""
    season = season_meant(request.GET, timezone.now())
    computation = computation_meant(season)
    found = year_on_year(computation)
    shown: dict[str, Any] = {
        "season": season,
        "nav_now": "results",
        "computation": computation,
        "text": request.GET.get("q", "").strip()[:60],
        "status": request.GET.get("status", ""),
        "crumbs": [("结果", address_of(season)), ("年度对比", "")],
    }
    told = _compared(request, found) if found is not None else _history(request, computation)
    return render(request, "office/results_years.html", shown | told)


def _compared(request: HttpRequest, found: Beside) -> dict[str, Any]:
    compared = found.compared
    status, text = request.GET.get("status", ""), request.GET.get("q", "").strip()[:60]
    picked = [
        (pair, row)
        for pair, row in zip(compared.pairs, rows_of(compared), strict=True)
        if (status not in _STATUS or not status or pair.status == status)
        and (not text or text in pair.name or text.upper() in pair.uscc)
    ]
    picked.sort(key=lambda one: _order(one[0]))
    return {
        "former": found.former,
        "compared": compared,
        "chips": [
            (key, word, len(compared.pairs) if not key else compared.count(key)) for key, word in _STATUS.items()
        ],
        "page": Paginator(picked, PAGE).get_page(request.GET.get("page")),
        "groups": [
            ("各类别", [_group(compared, one) for one in compared.categories]),
            ("各推荐单位", [_group(compared, one) for one in compared.districts]),
        ],
    }


def _order(pair: Pair) -> tuple[bool, int, str]:
    rank = pair.two.rank if pair.two is not None else None
    return (rank is None, rank or 0, pair.uscc)


def _group(compared: YearOnYear, group: Group) -> dict[str, Any]:
    """A group's numbers as they are shown."""
    one, two = group.means
    return {
        "name": group.name,
        "counts": group.counts,
        "means": (_number(one), _number(two)),
        "change": _signed(compared.change(one, two)),
    }


def _number(value: Decimal | None) -> str:
    return "—" if value is None else text_of(value)


def _signed(value: Decimal | None) -> str:
    return "—" if value is None else f"+{text_of(value)}" if value > 0 else text_of(value)


def _history(request: HttpRequest, computation: Computation) -> dict[str, Any]:
    """Earlier grades beside this one's, a column a season."""
    past, text = history_of(computation.season), request.GET.get("q", "").strip()[:60]
    seasons: Sequence[str] = sorted({season for grades in past.values() for season, _ in grades}, reverse=True)
    rows = [
        (line, [dict(past.get(line.uscc, [])).get(season, "—") for season in seasons])
        for line in lines_in(computation)
        if not text or text in line.name or text.upper() in line.uscc
    ]
    return {"seasons": seasons, "page": Paginator(rows, PAGE).get_page(request.GET.get("page"))}
