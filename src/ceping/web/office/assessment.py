"""Assessment as the lead runs it: who judges what, drawn, by hand or by file; how far it is; the draws' records."""

import secrets
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.core.scheme.reading import table_of
from ceping.documents.intake.headers import Wanted
from ceping.flow.assigning import assign_by_hand, assign_rows, draw_assignments, reopen_marks
from ceping.folder.draw_record import AssessorRecord, record_text
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_in
from ceping.stages.assessment.actions import end_assignments
from ceping.stages.assessment.models import Draw
from ceping.stages.assessment.queries import (
    assessors_of,
    entries_judged,
    loads_of,
    progress_of,
)
from ceping.stages.assessment.states import Way
from ceping.stages.scheme.models import Season
from ceping.web.office.assessment_files import rows_from
from ceping.web.office.chosen import in_words, reader, wanted_season
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE = 50
_COLUMNS = (
    Wanted("uscc", "统一社会信用代码", ("信用代码", "uscc")),
    Wanted("indicator_id", "指标编号", ("指标", "indicator_id")),
    Wanted("assessor_id", "专家编号", ("专家", "assessor_id")),
)
_KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@require_safe
@door(Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Where the assessment stands, institution by institution."""
    return _page(request, wanted_season(request.GET, timezone.now()))


@require_POST
@door(Role.LEAD, files=True)
@fresh_login
def act(request: HttpRequest) -> HttpResponseBase:
    """A draw, an assignment by hand or by file, its end, or marks asked for once more."""
    season = wanted_season(request.POST, timezone.now())
    try:
        told = _done(request, season)
    except Refused as refused:
        return _page(request, season, refused.findings)
    if told:
        messages.success(request, told)
    return redirect(f"{reverse('office:assessment')}?season={season.pk}")


@require_safe
@door(Role.LEAD)
def record(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponseBase:  # noqa: ARG001 -- a view
    """The record of a draw, its lines, or a file it was drawn from, as `ceping draw` reads them."""
    draw = Draw.objects.filter(season_id=pk, number=number).first()
    if draw is None:
        raise Http404
    if kind == "json":
        found, _ = table_of(AssessorRecord, draw.record, file="draw-assessors.json")
        if found is None:
            raise Http404
        name, text = "draw-assessors.json", record_text(found)
    elif kind == "csv":
        name, text = "draw-assessors.csv", draw.lines
    else:
        name = next((one for one in draw.inputs if one.rpartition(".")[0] == kind), "")
        if not name:
            raise Http404
        text = draw.inputs[name]
    answer = HttpResponse(text, content_type=_KINDS.get(name.rpartition(".")[2], "text/plain; charset=utf-8"))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _done(request: HttpRequest, season: Season) -> str:
    """What was asked for is done; what is said of it, nothing where nothing was meant."""
    asked, by, at = request.POST, reader(request), timezone.now()
    reason = asked.get("reason", "")
    match asked.get("do", ""):
        case "draw":
            draw = draw_assignments(season=season, seed=asked.get("seed", ""), reason=reason, by=by, at=at)
            return f"已抽取，共分派 {len(draw.lines.splitlines()) - 1} 项"
        case "file":
            rows = [(one["uscc"], one["indicator_id"], one["assessor_id"]) for one in rows_from(request, _COLUMNS)]
            made = assign_rows(season=season, rows=rows, way=Way.FILE, reason=reason, by=by, at=at)
            return f"已按文件分派 {len(made)} 项"
        case "hand" | "end" | "reopen" as what:
            entry = next((one for one in entries_judged(season) if str(one.pk) == asked.get("entry")), None)
            if entry is None:
                raise Http404
            if what == "reopen":
                return f"{len(reopen_marks(entry=entry, by=by, at=at))} 项打分待复核"
            person = next((one for one in assessors_of(season) if str(one.pk) == asked.get("assessor")), None)
            if person is None:
                raise Http404
            given = {"assessor": person, "entry": entry, "reason": reason, "by": by, "at": at}
            if what == "hand":
                return f"已指定 {len(assign_by_hand(**given))} 项"  # type: ignore[arg-type]
            return f"已撤销 {end_assignments(**given)} 项分派"  # type: ignore[arg-type]
    return ""


def _page(request: HttpRequest, season: Season, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    lines = progress_of(season)
    closed = why_not_in(season)
    draws = list(Draw.objects.filter(season=season).defer("lines", "inputs").select_related("drawn_by"))
    shown = {
        "season": season,
        "nav_now": "assessment",
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "count": len(lines),
        "done": sum(one.done for one in lines),
        "short": sum(bool(one.short) for one in lines),
        "due": sum(one.due for one in lines),
        "loads": loads_of(season),
        "draws": draws,
        "draw": next((one for one in draws if one.superseded_at is None), None),
        "proposed": secrets.token_hex(8),
        "entries": [one.entry for one in lines],
        "closed": in_words([closed]) if closed is not None else [],
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/assessment.html", shown, status=409 if refused else 200)
