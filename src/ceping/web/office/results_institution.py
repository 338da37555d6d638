"""One institution's result: where it stands, what each item read and cost, how firm its rank is, down to the clause."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceping.folder.explanation import Unexplained
from ceping.ground.people.roles import Role
from ceping.stages.results.models import Computation, Standing
from ceping.stages.results.queries import explained_items, history_of, standing_in
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.results_charts import rate_in_words
from ceping.web.office.results_shown import address_of, charts_of, percent, span
from ceping.web.ui.door import door

# How many neighbours in rank stand above and below it in the drawing of intervals.
_BESIDE = 4
# The lines of an item's reasons that say whose it is.
_HEAD = 3


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def one(request: HttpRequest, pk: int, uscc: str) -> HttpResponseBase:
    """Why an institution's numbers are what they are, down to the clause."""
    rows = Computation.objects.select_related("season__scheme").prefetch_related("season__phases")
    computation = rows.filter(pk=pk).first()
    standing = standing_in(computation, uscc) if computation is not None else None
    if computation is None or standing is None:
        raise Http404
    try:
        told = explained_items(computation, uscc)
    except Unexplained:
        raise Http404 from None
    season, detail, around = computation.season, standing.detail, _around(standing)
    rate = standing.chart["verification"]
    shown: dict[str, Any] = {
        "season": season,
        "computation": computation,
        "line": standing,
        "detail": detail,
        "overview": computation.overview,
        "items": _by_branch(computation, detail["items"], told),
        "most_lost": [item for item in detail["items"] if item["among_most_lost"]],
        "calls": detail["calls"],
        "rate": rate_in_words(rate) if rate else None,
        "interval": span((standing.low, standing.high)) if standing.low and standing.high else "",
        "change": percent(standing.change),
        "without_item": span(standing.told["without_item"]),
        "without_assessor": span(standing.told["without_assessor"]),
        "around": [(other, other.pk == standing.pk) for other in around],
        "charts": charts_of(computation, [standing, *(other for other in around if other.pk != standing.pk)]),
        "history": history_of(season).get(uscc, []),
        "told": "\n".join(told[""]),
        "nav_now": "results",
        "crumbs": [("结果", address_of(season)), (standing.name, "")],
    }
    return render(request, "office/result.html", shown)


def _around(standing: Standing) -> list[Standing]:
    """Its neighbours in rank and itself, by rank; nobody beside who has none."""
    if standing.rank is None:
        return []
    near = (standing.rank - _BESIDE, standing.rank + _BESIDE)
    return list(standing.computation.standings.filter(rank__range=near).defer("detail"))


def _by_branch(
    computation: Computation, items: Sequence[dict[str, Any]], told: Mapping[str, Sequence[str]]
) -> list[tuple[str, list[tuple[dict[str, Any], str]]]]:
    """The items with their reasons under their branches, in the scheme's order; a bonus stands under none of them."""
    branches = {item.key: item.branch.title for item in rules_of(computation.season).scored}
    found: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for item in items:
        # Whose result by which scheme stands above, and the item's own line in the table.
        why = "\n".join(line.removeprefix("    ") for line in told.get(item["key"], ())[_HEAD:])
        found.setdefault(branches.get(item["key"], "加分"), []).append((item, why))
    return list(found.items())
