"""A season's publication: the notice proposed and put out, the result published, papers and packages; by two people."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.documents.forms.notice import COLUMNS, USUAL
from ceping.flow.publication import publish_notice, publish_release
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.ground.work.queries import jobs_about
from ceping.stages.publication.access import (
    why_not_propose,
    why_not_publish,
    why_not_publish_notice,
    why_not_publish_release,
    why_not_release,
)
from ceping.stages.publication.actions import (
    NoticeAsked,
    ReleaseAsked,
    drop_notice,
    drop_release,
    propose_notice,
    propose_release,
)
from ceping.stages.publication.models import Notice, Release
from ceping.stages.publication.queries import (
    FULL,
    PUBLIC,
    Standing,
    closes_at,
    counts_of,
    heads_of,
    packages_of,
    rows_in,
    standing_of,
)
from ceping.stages.publication.tasks import MAKE, about, ask_to_make
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.calls_shown import season_meant, season_out
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of
from ceping.web.ui.staying import fresh_login

_USUAL_DAYS, _USUAL_ANSWER = 5, 15
_FIRST = 60


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Where publication stands, and the next step."""
    return _page(request, season_out(request.GET, timezone.now()))


@require_POST
@door(Role.ORGANISER)
@fresh_login
def propose(request: HttpRequest) -> HttpResponseBase:
    """The notice is drawn and waits for the second person; what is wrong is told above the form with 422."""
    season, at = season_meant(request.POST, timezone.now()), timezone.now()
    try:
        propose_notice(season=season, asked=_asked(request.POST), by=reader(request), at=at)
    except Refused as refused:
        return _page(request, season, refused.findings, status=422)
    messages.success(request, "公示已拟好，请主办方另一人核对后发布")
    return redirect(_address(season))


@require_POST
@door(Role.ORGANISER)
@fresh_login
def notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proposed notice goes out, or is taken back."""
    found = Notice.objects.select_related("season__scheme").prefetch_related("season__phases").filter(pk=pk).first()
    do = request.POST.get("do")
    if found is None or do not in {"publish", "drop"}:
        raise Http404
    try:
        if do == "publish":
            publish_notice(notice=found, by=reader(request), at=timezone.now())
        else:
            drop_notice(notice=found, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, found.season, refused.findings)
    messages.success(request, "公示已发布" if do == "publish" else "已撤回")
    return redirect(_address(found.season))


@require_POST
@door(Role.ORGANISER)
@fresh_login
def propose_result(request: HttpRequest) -> HttpResponseBase:
    """The published result waits for the second person."""
    season, asked, at = season_meant(request.POST, timezone.now()), request.POST, timezone.now()
    issued_on, until = day_of(asked.get("issued_on", "")), day_of(asked.get("valid_until", ""))
    if issued_on is None or (asked.get("valid_until", "").strip() and until is None):
        return _page(request, season, (fault("publish_day_wanted"),), status=422)
    try:
        wanted = ReleaseAsked(asked.get("issuer", ""), issued_on, _check_url(), until)
        propose_release(season=season, asked=wanted, by=reader(request), at=at)
    except Refused as refused:
        return _page(request, season, refused.findings, status=422)
    messages.success(request, "已拟好，请主办方另一人核对后发布")
    return redirect(_address(season))


@require_POST
@door(Role.ORGANISER)
@fresh_login
def result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proposed result is published or taken back; or what belongs to a published one is made again."""
    rows = Release.objects.select_related("season__scheme", "notice").prefetch_related("season__phases")
    found, do, at = rows.filter(pk=pk).first(), request.POST.get("do"), timezone.now()
    if found is None or do not in {"publish", "drop", "make"}:
        raise Http404
    try:
        if do == "publish":
            publish_release(release=found, by=reader(request), at=at)
        elif do == "drop":
            drop_release(release=found, by=reader(request), at=at)
        elif found.published_at is not None and why_not_publish(reader(request)) is None:
            ask_to_make(release=found, by=reader(request), at=at)
    except Refused as refused:
        return _page(request, found.season, refused.findings)
    words = {"publish": "结果已发布，证书、反馈报告和数据包正在制作", "drop": "已撤回", "make": "正在重新制作"}
    messages.success(request, words[do])
    return redirect(_address(found.season))


@require_safe
@door(Role.ORGANISER, Role.LEAD, writes_on_get=True)
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """The paper of a notice as it is drawn; who took it is kept."""
    found = Notice.objects.select_related("pdf__blob", "word__blob").filter(pk=pk).first()
    if found is None or name not in {"notice.pdf", "notice.docx"}:
        raise Http404
    return viewer.download(request, found.pdf if name.endswith("pdf") else found.word)


@require_safe
@door(Role.ORGANISER, Role.LEAD, writes_on_get=True)
def package(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """A package of a published result; the full one holds persons' data, and who took it is kept."""
    release = Release.objects.filter(pk=pk, published_at__isnull=False).first()
    found = packages_of(release).get(kind) if release is not None else None
    if found is None:
        raise Http404
    return viewer.download(request, found.file)


def _asked(asked: QueryDict) -> NoticeAsked:
    starts_on = day_of(asked.get("starts_on", ""))
    if starts_on is None:
        raise Refused(fault("publish_day_wanted", place="starts_on"))
    return NoticeAsked(
        issuer=asked.get("issuer", ""),
        channel=asked.get("channel", ""),
        starts_on=starts_on,
        working_days=_whole(asked.get("working_days", "")),
        answer_days=_whole(asked.get("answer_days", "")),
        columns=tuple(asked.getlist("columns")),
        grades=tuple(asked.getlist("grades")),
        document_number=asked.get("document_number", ""),
        reason=asked.get("reason", ""),
        url=_check_url(),
    )


def _whole(text: str) -> int:
    """The number somebody typed; 0, which is refused, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _check_url() -> str:
    """What a check code is put behind on paper."""
    return str(settings.SITE_URL) + reverse("public:check")


def _page(
    request: HttpRequest, season: Season, refused: tuple[Finding, ...] = (), *, status: int = 409
) -> HttpResponseBase:
    now, standing = timezone.now(), standing_of(season)
    out, proposed, release = standing.out, standing.proposed, standing.release
    shown: dict[str, Any] = {
        "season": season,
        "nav_now": "publication",
        "standing": standing,
        "frozen": standing.frozen,
        "out": out,
        "closes_at": closes_at(out) if out is not None else None,
        "over": out is not None and now >= closes_at(out),
        "counts": counts_of(season) if out is not None else {},
        "proposed": proposed,
        "preview": _preview(proposed) if proposed is not None else None,
        "release": release,
        "releasing": standing.releasing,
        "past": [one for one in standing.notices if one not in {out, proposed}],
        "releases": [one for one in standing.releases if one not in {release, standing.releasing}],
        "refused": in_words(refused),
        "crumbs": [("公示发布", "")],
        **_steps(request, standing, now),
        **_made(release),
    }
    return render(request, "office/publication.html", shown, status=status if refused else 200)


def _steps(request: HttpRequest, standing: Standing, now: datetime) -> dict[str, Any]:
    """Which step this reader can take now, with what its form needs; or why they cannot."""
    by, out, proposed, releasing = reader(request), standing.out, standing.proposed, standing.releasing
    told: dict[str, Any] = {"may_publish": why_not_publish(by) is None}
    if not told["may_publish"]:
        return told
    if why_not_propose(by, standing) is None:
        told["form"] = _form(request.POST, standing.season, out)
    if proposed is not None:
        why = why_not_publish_notice(by, proposed, standing, now)
        told |= {"may_put_out": why is None, "why_not_put_out": in_words([why])[0] if why else None}
    if releasing is not None:
        why = why_not_publish_release(by, releasing, standing)
        told |= {"may_release": why is None, "why_not_release": in_words([why])[0] if why else None}
    elif out is not None and proposed is None:
        why = why_not_release(by, standing, now)
        told |= {"may_propose_release": why is None, "why_not_yet": in_words([why])[0] if why else None}
        told["issuer"] = request.POST.get("issuer", out.issuer)
        told["today"] = timezone.localtime(now).date()
    return told


def _form(typed: QueryDict, season: Season, out: Notice | None) -> dict[str, Any]:
    rules = rules_of(season)
    given = set(typed.getlist("columns")) or set(out.columns if out is not None else USUAL)
    graded = set(typed.getlist("grades"))
    return {
        "issuer": typed.get("issuer", out.issuer if out is not None else rules.header.authority),
        "document_number": typed.get("document_number", ""),
        "channel": typed.get("channel", out.channel if out is not None else ""),
        "starts_on": typed.get("starts_on", timezone.localdate().isoformat()),
        "working_days": typed.get("working_days", str(_USUAL_DAYS)),
        "answer_days": typed.get("answer_days", str(_USUAL_ANSWER)),
        "reason": typed.get("reason", ""),
        "columns": [(name, word, name in given) for name, word in COLUMNS.items()],
        "grades": [(band.grade, band.grade in graded) for band in rules.outcome.bands],
        "corrects": out,
    }


def _preview(notice: Notice) -> dict[str, Any]:
    """The notice as it will be read: heads, the first rows, what a correction changes, what is not known."""
    rows = rows_in(notice)
    return {
        "heads": heads_of(notice),
        "rows": [one.cells for one in rows[:_FIRST]],
        "more": max(0, len(rows) - _FIRST),
        "warnings": [f"{one['message']}。{one['remedy']}。" for one in notice.warnings],
    }


def _made(release: Release | None) -> dict[str, Any]:
    """How the making of the papers stands."""
    if release is None:
        return {}
    job = jobs_about(about(release), MAKE).first()
    packages = packages_of(release)
    return {
        "job": job,
        "waiting": job is not None and not job.over,
        "public": packages.get(PUBLIC),
        "full": packages.get(FULL),
    }


def _address(season: Season) -> str:
    return f"{reverse('office:publication')}?season={season.pk}"
