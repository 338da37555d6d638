"""The whole platform counted anew: asked for, watched, and what differed from the ledger, which nothing here mends."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.points import level_name
from ceping.flow.recounting import ABOUT, RECOUNT, ask_to_recount
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.ground.work.actions import call_off
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.points.models import Recount
from ceping.stages.points.queries.recounts import recount_at, recounts, shops_in
from ceping.stages.points.queries.rules import rules_in_force
from ceping.web.office.chosen import reader
from ceping.web.office.points_words import number_in, tabs_for
from ceping.web.ui.door import door

PAGE, _RUNS = 50, 30
_PASSED = {"day": "还没有算到当天", "rules": "还按旧规则计分", "waiting": "有事件还没有计入"}
# The log tells of acts in shops that were never told of: they have no points, here or there.
EXPECTED = "unknown_shop"


@require_safe
@door(Act.OVERSEE_SHOPS)
def page(request: HttpRequest) -> HttpResponseBase:
    """The count that goes on, the last one or the one asked for with what differed, and those before."""
    runs = list(recounts()[:_RUNS])
    shown = _asked_for(request) or (runs[0] if runs else None)
    job = jobs_about(ABOUT, RECOUNT).first()
    given = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), ("复算", "")],
        "tabs": tabs_for(reader(request), "points_recount"),
        "job": job,
        "going": job is not None and not job.over,
        "runs": runs,
        "shown": shown,
        **(_found_in(shown, request.GET.get("page")) if shown is not None else {}),
    }
    return render(request, "office/points_recount.html", given)


@require_POST
@door(Act.OVERSEE_SHOPS)
def ask(request: HttpRequest) -> HttpResponseBase:
    """A worker counts, or the count that goes on is called off."""
    by, at = reader(request), timezone.now()
    if token := request.POST.get("cancel", "")[:64]:
        job = job_about(ABOUT, token)
        if job is None:
            raise Http404
        call_off(job=job, at=at)
        return redirect("office:points_recount")
    try:
        ask_to_recount(by=by, at=at)
    except Refused:
        messages.info(request, "复算正在进行，不用再点")
    else:
        messages.success(request, "后台开始复算，可以离开本页")
    return redirect("office:points_recount")


def _asked_for(request: HttpRequest) -> Recount | None:
    given = request.GET.get("run")
    if given is None:
        return None
    key = number_in(given)
    found = recount_at(key) if key is not None else None
    if found is None:
        raise Http404
    return found


def _found_in(run: Recount, page: str | None) -> dict[str, object]:
    words = rules_in_force().points
    known = {rule.rule_id: f"{rule.branch}　{rule.leaf}" for rule in words.rules}
    found = Paginator(run.differences, PAGE).get_page(page)
    names = shops_in({one["shop_id"] for one in found})
    rows = [
        {
            **one,
            "name": names.get(one["shop_id"]) or one["shop_id"],
            "rule": known.get(one["rule_id"], one["rule_id"]),
            "held_name": level_name(words, one["held_level"], one["held_quantity"]) if not one["rule_id"] else "",
            "found_name": level_name(words, one["found_level"], one["found_quantity"]) if not one["rule_id"] else "",
        }
        for one in found
    ]
    return {
        "rows": rows,
        "page": found,
        "passed": [(_PASSED[name], number) for name, number in run.passed.items() if number],
        "refused": [(code, number) for code, number in run.refused.items() if code != EXPECTED],
        "left_out": run.refused.get(EXPECTED, 0),
    }
