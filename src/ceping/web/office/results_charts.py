"""How the totals spread and how firm the ranks stand, drawn, with the table beside each drawing."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.results.queries import line_of
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.results_shown import address_of, computation_meant, drawn_together, percent, span
from ceping.web.ui.door import door

PAGE = 50


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The spread of totals, boxes by category, rank intervals and rates, of the computation that stands."""
    season = season_meant(request.GET, timezone.now())
    computation = computation_meant(season)
    standings = list(computation.standings.defer("detail"))
    ranked = [one for one in standings if one.rank is not None]
    called = sorted(
        (one for one in standings if one.chart["verification"]), key=lambda one: -Decimal(one.chart["verification"][0])
    )
    firm, rates = (
        Paginator(rows, PAGE).get_page(request.GET.get(name)) for rows, name in ((ranked, "firm"), (called, "rates"))
    )
    overview = computation.overview
    shown = {
        "season": season,
        "nav_now": "results",
        "computation": computation,
        "overview": overview,
        "charts": drawn_together(computation, standings),
        "firm": firm,
        "ranked": [
            (one, span(one.interval), percent(one.change), span(one.without_item), span(one.without_assessor))
            for one in map(line_of, firm)
        ],
        "called": rates,
        "rates": [(one.name, rate_in_words(one.chart["verification"])) for one in rates],
        "crumbs": [("结果", address_of(season)), ("分布和稳健性", "")],
    }
    return render(request, "office/results_charts.html", shown)


def rate_in_words(rate: list[str]) -> tuple[str, str]:
    """A rate with its interval, as per cent."""
    value, low, high = rate
    return percent(value), f"{percent(low)}—{percent(high)}"
