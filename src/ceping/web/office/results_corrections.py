"""A frozen result corrected: opened for named institutions, seen beside what it takes the place of, dropped."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ceping.core.finding import Finding, fault
from ceping.flow.results import drop_correction, open_correction
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.results.access import why_not_correct, why_not_drop
from ceping.stages.results.queries import (
    changes_in,
    current_of,
    entries_evaluated,
    frozen_of,
    open_correction_of,
)
from ceping.stages.scheme.models import Season
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.results_shown import address_of
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ORGANISER, Role.LEAD)
@fresh_login
def page(request: HttpRequest) -> HttpResponseBase:
    """The correction under way with what it changes, or the form that opens one; a post opens or drops it."""
    asked = request.POST if request.method == "POST" else request.GET
    season = season_meant(asked, timezone.now())
    if request.method != "POST":
        return _page(request, season)
    try:
        words = _act(request, season)
    except Refused as refused:
        return _page(request, season, refused.findings)
    messages.success(request, words)
    return redirect(address_of(season, "results_correction"))


def _act(request: HttpRequest, season: Season) -> str:
    asked, by, at = request.POST, reader(request), timezone.now()
    if asked.get("do") == "drop":
        found = open_correction_of(season)
        if found is None:
            raise Http404
        drop_correction(correction=found, reason=asked.get("reason", ""), by=by, at=at)
        return "更正已撤销，结果仍以冻结的为准"
    if asked.get("do") != "open":
        raise Http404
    entries = _named(season, asked.get("institutions", ""))
    open_correction(season=season, entries=entries, reason=asked.get("reason", ""), by=by, at=at)
    return "更正已立项：所列机构的打分、核定和决定可以改，改后再算、再由两方签"


def _named(season: Season, given: str) -> list[Entry]:
    """The institutions written one a line, by credit code or full name. Raises Refused for one that is not there."""
    by_word: dict[str, Entry] = {}
    for entry in entries_evaluated(season):
        by_word[entry.institution.uscc] = by_word[entry.institution.name] = entry
    words = [line.strip() for line in given.splitlines() if line.strip()]
    if unknown := [word for word in words if word not in by_word and word.upper() not in by_word]:
        raise Refused(*(fault("results_correction_unknown", given=word[:60]) for word in unknown[:20]))
    found = {entry.pk: entry for word in words for entry in [by_word.get(word) or by_word[word.upper()]]}
    return list(found.values())


def _page(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    by, correction, current = reader(request), open_correction_of(season), current_of(season)
    why = why_not_correct(by, season) if correction is None else None
    shown: dict[str, Any] = {
        "season": season,
        "nav_now": "results",
        "correction": correction,
        "frozen": frozen_of(season),
        "why_not": in_words([why])[0] if why is not None else None,
        "typed": request.POST,
        "refused": in_words(refused),
        "crumbs": [("结果", address_of(season)), ("更正", "")],
    }
    if correction is not None:
        # What it corrects is of the same season, whose files may be asked for.
        correction.season = season
        shown["named"] = list(correction.entries.select_related("institution").order_by("institution__uscc"))
        shown["may_drop"] = Role.ORGANISER in by.roles and why_not_drop(by, correction) is None
    if correction is not None and current is not None and current.correction_id == correction.pk:
        current.correction = correction
        shown["computed"], shown["changes"] = current, changes_in(current)
    return render(request, "office/results_correction.html", shown, status=422 if refused else 200)
