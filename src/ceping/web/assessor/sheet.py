"""The score sheet of one institution: every mark at once, the opinion, the signature, and changes after it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import shown_to, why_not_begin, why_not_in
from ceping.stages.assessment.actions import Typed, change_mark, finish_sheet, write_opinion
from ceping.stages.assessment.actions.sheets import PARTS
from ceping.stages.assessment.models import Mark, Sheet
from ceping.stages.assessment.queries import files_open, items_of, marks_on, values_open
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.queries import last_submission
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.reach import (
    Opened,
    all_told,
    clock,
    json_answer,
    number_in,
    opened,
    reader,
    text_in,
    told,
    version_in,
)
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

_WORDS = {"strengths": "优势", "weaknesses": "不足", "suggestions": "建议"}


@never_cache
@require_safe
@door(Role.ASSESSOR)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet as it stands."""
    return sheet_page(request, opened(request, pk, timezone.now()))


def sheet_page(request: HttpRequest, one: Opened, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    """The page; after a refusal with what was refused at its head."""
    sheet = Sheet.objects.filter(entry=one.entry, assessor=one.assessor).first()
    items, rules = items_of(one.assessor, one.entry), rules_of(one.entry.season)
    if not items:
        raise Http404
    every = marks_on(one.entry, items)
    own = {mark.item: mark for mark in every if mark.sheet.assessor_id == one.assessor.pk}
    others: dict[str, list[Mark]] = {}
    for other in every:
        if other.sheet.assessor_id != one.assessor.pk and shown_to(one.assessor, sheet, other):
            others.setdefault(other.item, []).append(other)
    lines = []
    for key in items:
        scored, mark = rules.item(key), own.get(key)
        changeable = mark is not None and mark.state == MarkState.OPEN
        lines.append((scored, mark, others.get(key, []), changeable))
    left = sum(mark is None or mark.state == MarkState.REOPENED for _, mark, _, _ in lines)
    shown: dict[str, Any] = {
        "season": one.entry.season,
        "nav_now": "marking",
        "entry": one.entry,
        "assessor": one.assessor,
        "sheet": sheet,
        "lines": lines,
        "left": left,
        "opinion": [(part, _WORDS[part], getattr(sheet, part) if sheet is not None else "") for part in PARTS],
        "values_left": len(values_open(one.entry)),
        "files_left": len(files_open(one.entry, last_submission(one.entry))),
        "closed": told(why_not_in(one.entry.season) or why_not_begin(one.assessor)),
        "refused": all_told(refused),
        "typed": request.POST,
    }
    return render(request, "assessor/sheet.html", shown, status=409 if refused else 200)


@require_POST
@door(Role.ASSESSOR)
def opinion(request: HttpRequest, pk: int, part: str) -> HttpResponseBase:
    """One part of the opinion; saved while the assessor writes."""
    at = timezone.now()
    one = opened(request, pk, at)

    def change(given: dict[str, Any]) -> dict[str, Any]:
        made = write_opinion(
            assessor=one.assessor,
            entry=one.entry,
            part=part,
            text=text_in(given, "value"),
            version=version_in(given),
            by=reader(request),
            at=at,
        )
        return {"version": made.version, "saved": clock(at)}

    return json_answer(request, change)


@require_POST
@door(Role.ASSESSOR)
@fresh_login
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet is signed; its marks open."""
    at = timezone.now()
    one = opened(request, pk, at)
    try:
        finish_sheet(assessor=one.assessor, entry=one.entry, by=reader(request), at=at)
    except Refused as refused:
        return sheet_page(request, one, refused.findings)
    messages.success(request, f"{one.entry.institution.name} 的评分表已签署，分数已公开给同组专家")
    return redirect("assessor:home")


@require_POST
@door(Role.ASSESSOR)
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An open mark is changed, with the reason; the sheet is then to be signed once more."""
    at = timezone.now()
    one = opened(request, pk, at)
    given = request.POST
    mark = Mark.objects.select_related("sheet__entry__season__scheme").filter(
        sheet__entry=one.entry, sheet__assessor=one.assessor, item=given.get("item", "")
    )
    held = mark.first()
    if held is None:
        raise Http404
    typed = Typed(given.get("mark", ""), given.get("coefficient", ""), given.get("reason", ""))
    version, why = number_in(given.get("version", "")), given.get("why", "")
    try:
        change_mark(mark=held, typed=typed, version=version, why=why, by=reader(request), at=at)
    except Refused as refused:
        return sheet_page(request, one, refused.findings)
    messages.success(request, "分数已修改，请重新签署评分表")
    return redirect("assessor:sheet", pk)
