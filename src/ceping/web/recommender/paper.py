"""Paper copies checked in: a code scanned or a receipt typed, what was seen, who has not handed in."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.report.actions import Seen, receive_paper, undo_paper
from ceping.stages.report.queries.paper import due_on, papers_of, standings, submission_named
from ceping.web.recommender.reach import area_and_season, reader, told
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of

_CHIPS = {
    "": "全部",
    "waiting": "还没交来",
    "overdue": "逾期未收",
    "incomplete": "印章不全",
    "received": "已收",
}
_BEHIND = {"waiting": {"expected", "overdue"}, "overdue": {"overdue"}, "incomplete": {"incomplete"}}


@require_safe
@door(Act.RECOMMEND)
def page(request: HttpRequest) -> HttpResponseBase:
    """The scan field, what the scanned code means, and the list."""
    return _page(request)


@require_POST
@door(Act.RECOMMEND)
def receive(request: HttpRequest) -> HttpResponseBase:
    """The paper of that receipt is here; back to the empty field, ready for the next one."""
    at, asked = timezone.now(), request.POST
    area, season = area_and_season(request, at, asked.get("area", ""))
    try:
        submission = submission_named(asked.get("receipt", ""), season, area)
        seen = Seen(asked.get("seals") == "yes", asked.get("cross") == "yes", asked.get("note", ""))
        on = _day(asked.get("on", ""))
        receive_paper(submission=submission, on=on, seen=seen, by=reader(request), at=at)
    except Refused as refused:
        return _page(request, refused.findings)
    return redirect(f"{reverse('recommender:paper')}?area={area.code}&done={submission.receipt}")


@require_POST
@door(Act.RECOMMEND)
def undo(request: HttpRequest) -> HttpResponseBase:
    """A paper that was checked in by mistake is not here after all."""
    at, asked = timezone.now(), request.POST
    area, season = area_and_season(request, at, asked.get("area", ""))
    try:
        submission = submission_named(asked.get("receipt", ""), season, area)
        undo_paper(submission=submission, reason=asked.get("reason", ""), by=reader(request), at=at)
    except Refused as refused:
        return _page(request, refused.findings)
    return redirect(f"{reverse('recommender:paper')}?area={area.code}")


def _page(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    at, asked = timezone.now(), request.POST if request.method == "POST" else request.GET
    area, season = area_and_season(request, at, asked.get("area", ""), wanted=False)
    if season is None:
        return render(request, "recommender/paper.html", {"area": area, "nav_now": "paper"})
    papers = list(papers_of(season, area))
    lines = list(zip(papers, standings(papers, season, at), strict=True))
    chip, code = request.GET.get("state", ""), asked.get("receipt" if refused else "code", "").strip()
    counts = {
        one: sum(1 for _, standing in lines if not one or standing.state in _BEHIND.get(one, {one})) for one in _CHIPS
    }
    found = None
    if code:
        try:
            found = submission_named(code, season, area)
        except Refused as unknown:
            refused = refused or unknown.findings
    known = next((standing for paper, standing in lines if found and paper.submission_id == found.pk), None)
    if found is not None and known is None and not refused:
        refused = (fault("paper_other_version", receipt=found.receipt),)
    shown = {
        "area": area,
        "season": season,
        "nav_now": "paper",
        "due": due_on(season),
        "today": timezone.localdate(at),
        "code": code,
        "found": found if known is not None else None,
        "known": known,
        "typed": request.POST,
        "done": next((paper for paper in papers if paper.submission.receipt == request.GET.get("done")), None),
        "chips": [(one, word, counts[one], one == chip) for one, word in _CHIPS.items()],
        "counts": counts,
        "lines": [line for line in lines if not chip or line[1].state in _BEHIND.get(chip, {chip})],
        "refused": [told(finding) for finding in refused],
    }
    return render(request, "recommender/paper.html", shown, status=409 if refused else 200)


def _day(text: str) -> date:
    found = day_of(text)
    if found is None:
        raise Refused(fault("paper_day"))
    return found
