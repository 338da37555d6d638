"""The points desk: what waits for a person, the feeds and their health, every shop with its points."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.core.points import level_name
from ceping.ground.people.roles import Act
from ceping.stages.points.queries import Stand, rules_in_force, waiting_count
from ceping.stages.points.queries.desk import (
    deliveries_of,
    feeds_heard,
    shops_behind,
    standings_named,
    waiting_for_operator,
)
from ceping.stages.points.queries.recounts import last_recount
from ceping.web.office.chosen import reader
from ceping.web.office.points_words import code_word, source_word, tabs_for
from ceping.web.ui.door import door

PAGE, _DELIVERIES = 30, 50


@require_safe
@door(Act.OVERSEE_SHOPS)
def page(request: HttpRequest) -> HttpResponseBase:
    """What waits, which rules hold, and the shops that the text of the address names."""
    text, waiting, rules = request.GET.get("q", "").strip()[:64], waiting_for_operator(), rules_in_force()
    page = Paginator(standings_named(text), PAGE).get_page(request.GET.get("page"))
    rows = [
        Stand(
            one.shop,
            one.points,
            one.level,
            one.level_rank,
            level_name(rules.points, one.level, one.level_rank),
            one.as_of,
        )
        for one in page
    ]
    shown = {
        "nav_now": "points",
        "tabs": tabs_for(reader(request), "points", waiting),
        "page": page,
        "rows": list(zip(page, rows, strict=True)),
        "text": text,
        "waiting": waiting,
        "unposted": waiting_count(),
        "behind": shops_behind(rules.sha256),
        "recount": last_recount(),
        "rules": rules,
    }
    return render(request, "office/points.html", shown)


@require_safe
@door(Act.OVERSEE_SHOPS)
def feeds(request: HttpRequest) -> HttpResponseBase:
    """Where events come from: when each source was heard last, what of the last day was held or refused, and why."""
    source = request.GET.get("source", "")[:80]
    found = feeds_heard(timezone.now())
    page = Paginator(deliveries_of(source), _DELIVERIES).get_page(request.GET.get("page"))
    shown = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), ("来件", "")],
        "tabs": tabs_for(reader(request), "points_feeds"),
        "feeds": [(one, source_word(one.source), _codes(one.codes)) for one in found],
        "page": page,
        "rows": [(one, source_word(one.source), _codes(one.codes)) for one in page],
        "source": source,
        "source_word": source_word(source),
    }
    return render(request, "office/points_feeds.html", shown)


def _codes(codes: "dict[str, int] | object") -> list[tuple[str, int]]:
    known = codes if isinstance(codes, dict) else {}
    return [(code_word(code), number) for code, number in sorted(known.items(), key=lambda one: -one[1])]
