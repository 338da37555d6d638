"""The report at a glance: where it stands, what is missing and by when, what came back, what was handed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.actions import answer_remark
from ceping.stages.recommendation.queries import return_in_force
from ceping.stages.report.access import why_not_withdraw
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import Standing, own_entries, standing_of
from ceping.stages.report.queries.opening import opening_of
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.queries import extension_for, phase_of, rules_of
from ceping.stages.scheme.states import PhaseKind
from ceping.web.institution.board import board_of
from ceping.web.institution.parts import states_of
from ceping.web.institution.reach import own_entry, page_of, reader, said
from ceping.web.institution.returned import parts_open, remark_lines, widened_lines
from ceping.web.ui.door import door


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def newest(request: HttpRequest) -> HttpResponseBase:
    """The report of the newest season; where there is none yet, a page that says so."""
    entry = own_entries(reader(request)).first()
    if entry is None:
        return render(request, "institution/nothing.html", {"nav_now": "report"})
    return redirect("institution:entry", entry.pk)


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report at a glance."""
    return overview(request, own_entry(request, pk))


@require_POST
@door(Act.EDIT_REPORT)
def remark(request: HttpRequest, pk: int, remark: int) -> HttpResponseBase:
    """What was changed about a remark, or why not, is written beside it."""
    entry = own_entry(request, pk)
    returned = return_in_force(entry)
    found = returned.remarks.filter(pk=remark).first() if returned is not None else None
    if found is None:
        raise Http404
    try:
        answer_remark(remark=found, answer=request.POST.get("answer", ""), by=reader(request), at=timezone.now())
    except Refused as refused:
        return overview(request, entry, refused.findings)
    return redirect(reverse("institution:entry", args=[pk]) + "#remarks")


def overview(request: HttpRequest, entry: Entry, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    """As `page`; with why something was refused, when it was."""
    at = timezone.now()
    form, standing = rules_of(entry.season).form, standing_of(entry)
    submissions = list(
        entry.submissions.select_related("submitted_by", "paper__received_by").defer("report").order_by("-number")
    )
    current = next((one for one in submissions if one.withdrawn_at is None), None)
    returned = return_in_force(entry) if entry.state == EntryState.RETURNED else None
    opening = opening_of(entry, standing)
    seasons = list(own_entries(reader(request)).values_list("pk", "season__title", "institution__name"))
    base = page_of(request, entry, at)
    shown: dict[str, Any] = {
        "states": states_of(form, standing),
        "board": board_of(entry, standing),
        "submissions": submissions,
        "current": current,
        "paper": getattr(current, "paper", None),
        "returned": returned,
        "remark_lines": remark_lines(entry, list(returned.remarks.all())) if returned is not None else [],
        "opening": opening,
        "widened": widened_lines(entry, opening),
        "parts_open": parts_open(entry, opening),
        "phase": phase_of(entry.season, PhaseKind.FILING),
        "why_not_withdraw": said(why_not_withdraw(reader(request), entry, at)),
        "refused": [said(finding) for finding in refused],
        "others": [one for one in seasons if one[0] != entry.pk],
        "paper_due": phase_of(entry.season, PhaseKind.PAPER),
    }
    phase = shown["phase"]
    shown["extension"] = extension_for(phase, entry.institution) if phase is not None else None
    # The one main button: on to the first place that stops it; with none left the board's own button is the main one.
    board = shown["board"]
    shown |= {"first": board["errors"][0].url if board["errors"] else "", "begun": standing.begun}
    shown["title"] = title_of(entry, standing, at, base["closes_at"], current)
    return render(request, "institution/report.html", base | shown, status=409 if refused else 200)


def title_of(
    entry: Entry, standing: Standing, at: datetime, closes_at: datetime | None, current: Submission | None
) -> str:
    """The situation in one sentence: what the reader needs to know before anything else."""
    errors, questions = len(standing.errors), len(standing.questions)
    match entry.state:
        case EntryState.SUBMITTED:
            return "自评报告已提交，等待推荐单位审核"
        case EntryState.PUT_FORWARD:
            return "自评报告已获推荐，进入测评"
        case EntryState.NOT_PUT_FORWARD:
            return "推荐单位未推荐本次申报"
        case EntryState.RETURNED if closes_at is not None and at < closes_at:
            return f"自评报告被退回，还差 {errors} 项就能再次提交" if errors else "自评报告被退回，改好后再次提交"
        case _ if closes_at is not None and at >= closes_at:
            return "填报已截止，自评报告没有提交" if current is None else "填报已截止"
    if not standing.begun:
        return "自评报告还没有开始填写"
    if errors:
        return f"自评报告还差 {errors} 项就能提交"
    return f"自评报告可以提交，有 {questions} 处请核对" if questions else "自评报告已填齐，可以提交"
