"""Papers of a result: 测评工作报告, lists, signed sheets, feedback; made beside the page and found again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.folder.papers import KINDS
from ceping.ground.files.models import File
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.ground.work.actions import call_off
from ceping.ground.work.models import Job, State
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.results.access import why_not_paper
from ceping.stages.results.queries import current_of
from ceping.stages.results.tasks import MADE, PAPERS, Words, about, ask_for_papers
from ceping.stages.scheme.models import Season
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.results_shown import address_of, computation_meant
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of

_SHOWN = 20
_HELP = {
    "work-report": "参评、等次、核验、失分和年度对比，给领导看的一份，Word 和 PDF",
    "results": "按类别和名次的名单，PDF 和 Excel",
    "marks": "每位专家一份，供签字存档",
    "feedback": "每家机构一份：失分、条款、同类比较和专家意见",
}


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """What was made and is being made of the season's result, and the forms that ask for more."""
    return _page(request, season_meant(request.GET, timezone.now()))


@require_POST
@door(Role.ORGANISER, Role.LEAD)
def make(request: HttpRequest) -> HttpResponseBase:
    """Papers are asked for, or called off."""
    asked, by, at = request.POST, reader(request), timezone.now()
    season = season_meant(asked, at)
    if asked.get("cancel"):
        job = job_about(about(season), asked["cancel"])
        if job is None or job.kind != PAPERS:
            raise Http404
        call_off(job=job, at=at)
        return redirect(address_of(season, "results_papers"))
    words = Words(
        agency=asked.get("agency", "").strip(),
        # A day that cannot be read counts as today, which stands in the form.
        issued_on=day_of(asked.get("issued_on", "")) or timezone.localdate(),
        organisation=asked.get("organisation", "").strip(),
        problems=asked.get("problems", "").strip(),
        advice=asked.get("advice", "").strip(),
    )
    try:
        ask_for_papers(computation=computation_meant(season), kind=asked.get("kind", ""), words=words, by=by, at=at)
    except Refused as refused:
        return _page(request, season, refused.findings)
    messages.success(request, "开始制作，可以离开本页，做好后再来取")
    return redirect(address_of(season, "results_papers"))


@require_safe
@door(Role.ORGANISER, Role.LEAD, writes_on_get=True)
def take(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """One of the files that came of it; who took it is kept."""
    job = Job.objects.filter(token=token, kind=PAPERS, state=State.DONE).first()
    files = job.result.get("files", []) if job is not None else []
    if number >= len(files):
        raise Http404
    found = File.objects.select_related("blob").filter(pk=files[number]["file"]).first()
    if found is None:
        raise Http404
    return viewer.download(request, found)


def _page(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    current = current_of(season)
    why = why_not_paper(reader(request), current) if current is not None else None
    jobs = list(jobs_about(about(season), PAPERS).select_related("asked_by")[:_SHOWN])
    shown: dict[str, Any] = {
        "season": season,
        "nav_now": "results",
        "current": current,
        "why_not": in_words([why])[0] if why is not None else None,
        "kinds": [(kind, KINDS[kind], _HELP[kind]) for kind in MADE if kind != "work-report"],
        "jobs": [(job, KINDS.get(job.given["kind"], ""), job.result.get("files", [])) for job in jobs],
        "waiting": any(not job.over for job in jobs),
        "typed": request.POST,
        "refused": in_words(refused),
        "crumbs": [("结果", address_of(season)), ("文书", "")],
    }
    return render(request, "office/results_papers.html", shown, status=422 if refused else 200)
