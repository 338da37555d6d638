"""A report as the organiser and the evaluator's lead read it: what was submitted, nothing to be done about it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.recommendation.queries import decision_on, returns_of, told_by
from ceping.stages.report.access import closes_at
from ceping.stages.report.queries import entries_readable, last_submission
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.chosen import reader
from ceping.web.ui.door import door
from ceping.web.ui.report_shown import figures_of, gates_of, parts_of


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The submission in force; of a report that was never submitted only where it stands. Acts for nobody."""
    entry = entries_readable(reader(request)).filter(pk=pk).first()
    if entry is None:
        raise Http404
    submission, rules = last_submission(entry), rules_of(entry.season)
    shown: dict[str, Any] = {
        "entry": entry,
        "season": entry.season,
        "submission": submission,
        "submissions": entry.submissions.order_by("-number").defer("report"),
        "decided": decision_on(entry),
        "returns": returns_of(entry),
        "closes": closes_at(entry),
        "now": timezone.now(),
        "nav_now": "progress",
        "crumbs": [
            ("进度总览", f"{reverse('office:progress')}?season={entry.season_id}"),
            ("机构", f"{reverse('office:entries')}?season={entry.season_id}"),
            (entry.institution.name, ""),
        ],
    }
    if submission is not None:
        told = told_by(submission, rules)
        shown |= {
            "gates": gates_of(told, rules),
            "figures": figures_of(told, rules),
            "parts": parts_of(submission, rules),
        }
    return render(request, "office/report.html", shown)
