"""The mark sheet to work with offline, out and in: locked but for marks and reasons, taken whole or not at all."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.documents.excel_form import form_book
from ceping.documents.forms.marks import Asked, marks_sheet
from ceping.documents.forms.marks import Assessor as Named
from ceping.documents.inspection.kind import Kind
from ceping.folder.papers_marks import marks_by_rules
from ceping.folder.papers_taken import Taken
from ceping.ground.files.actions import take_in
from ceping.ground.files.store import place_of
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_begin, why_not_in
from ceping.stages.assessment.actions import take_marks
from ceping.stages.assessment.models import Assessor, Mark
from ceping.stages.assessment.queries import entries_judged, lines_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.reach import all_told, own_assessor, reader, told, wanted_assessor
from ceping.web.ui.door import door
from ceping.web.ui.saved import saved_as


@require_safe
@door(Role.ASSESSOR)
def page(request: HttpRequest) -> HttpResponseBase:
    """How to work offline."""
    if own_assessor(reader(request)) is None:
        return redirect("assessor:home")
    return _page(request, wanted_assessor(reader(request)))


@require_safe
@door(Role.ASSESSOR)
def file(request: HttpRequest) -> HttpResponseBase:
    """The sheet with what was marked so far."""
    assessor = wanted_assessor(reader(request))
    asked = _asked(assessor)
    named = Named(assessor.code, assessor.user.name)
    sheet = marks_sheet(assessor.season.title, named, asked)
    title = f"专家评分表（{assessor.code}）"
    return saved_as(form_book([sheet], title=title, dated=timezone.localdate()), f"{title}.xlsx")


@require_POST
@door(Role.ASSESSOR, files=True)
def take(request: HttpRequest) -> HttpResponseBase:
    """A filled sheet is read, checked row by row, and its marks stand sealed; all of them or none."""
    assessor = wanted_assessor(reader(request))
    try:
        read = _read(request, assessor)
        entries = {one.institution.uscc: one for one in entries_judged(assessor.season)}
        rows = list(read.rows)
        by, at = reader(request), timezone.now()
        count = take_marks(assessor=assessor, rows=rows, entries=entries, by=by, at=at)
    except Refused as refused:
        return _page(request, assessor, refused.findings)
    blank = [one.message() for one in read.findings if one.level is Level.WARNING]
    messages.success(request, f"已取入 {count} 项新的或改动的分数。{'；'.join(blank)}")
    return redirect("assessor:home")


def _read(request: HttpRequest, assessor: Assessor) -> Taken:
    """The uploaded sheet, looked at in a child with limits. Raises Refused with every finding of it."""
    given = request.FILES.get("file")
    if given is None:
        raise Refused(fault("recommend_file_missing"))
    arrived = take_in(given.chunks(), name=given.name or "", wanted={Kind.XLSX, Kind.CSV})
    rules = {(one.uscc, one.scored.key, assessor.code): one.judge for one in _asked(assessor)}
    with TemporaryDirectory(prefix="ceping-marks-") as folder:
        path = Path(folder) / arrived.name
        path.write_bytes(place_of(arrived.sha256).read_bytes())
        read = marks_by_rules(path, rules)
    if read.whose not in ("", assessor.code):
        raise Refused(fault("assess_sheet_other", given=read.whose[:16]))
    if errors := errors_in(read.findings):
        raise Refused(*errors)
    return read


def _page(request: HttpRequest, assessor: Assessor, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    shown = {
        "season": assessor.season,
        "nav_now": "offline",
        "assessor": assessor,
        "count": len(_asked(assessor)),
        "closed": told(why_not_in(assessor.season) or why_not_begin(assessor)),
        "refused": all_told(refused),
    }
    return render(request, "assessor/offline.html", shown, status=409 if refused else 200)


def _asked(assessor: Assessor) -> list[Asked]:
    """What was assigned and nothing closes, with what was marked; signed institutions are done with."""
    rules, found = rules_of(assessor.season), []
    marks = {(one.sheet.entry_id, one.item): one for one in _own(assessor)}
    for line in lines_of(assessor):
        if line.apart or (line.sheet is not None and line.sheet.opened_at is not None):
            continue
        for key in line.keys:
            scored, mark = rules.item(key), marks.get((line.entry.pk, key))
            if scored is None or scored.judge is None:
                continue
            texts = (mark.mark, mark.coefficient, mark.reason) if mark is not None else ("", "", "")
            institution = line.entry.institution
            found.append(Asked(institution.uscc, institution.name, scored, scored.judge, *texts))
    return found


def _own(assessor: Assessor) -> list[Mark]:
    return list(Mark.objects.filter(sheet__assessor=assessor).select_related("sheet"))
