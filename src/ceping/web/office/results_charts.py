"""How the totals spread and how firm the ranks stand, drawn, with the table beside each drawing."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.results.queries import line_of
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.results_shown import address_of, charts_of, computation_meant, percent, span
from ceping.web.ui.door import door


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The spread of totals, boxes by category, rank intervals and rates, of the computation that stands."""
    season = season_meant(request.GET, timezone.now())
    computation = computation_meant(season)
    standings = list(computation.standings.defer("detail"))
    lines = [line_of(one) for one in standings]
    overview = computation.overview
    shown = {
        "season": season,
        "nav_now": "results",
        "computation": computation,
        "overview": overview,
        "last_bin": overview["bins"][-1]["high"] if overview["bins"] else "",
        "charts": charts_of(computation, standings),
        "ranked": [
            (one, span(one.interval), percent(one.change), span(one.without_item), span(one.without_assessor))
            for one in lines
            if one.rank is not None
        ],
        "rates": [
            (one.name, rate_in_words(one.chart["verification"])) for one in standings if one.chart["verification"]
        ],
        "crumbs": [("结果", address_of(season)), ("分布和稳健性", "")],
    }
    return render(request, "office/results_charts.html", shown)


def rate_in_words(rate: list[str]) -> tuple[str, str]:
    """A rate with its interval, as per cent."""
    value, low, high = rate
    return percent(value), f"{percent(low)}—{percent(high)}"
