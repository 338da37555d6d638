"""The area's list: who stands where, with gates, what is shared and what is late; and that list as a workbook."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.phone import masked
from ceping.core.scheme.loading import Scheme
from ceping.documents.excel import Sheet, write_workbook
from ceping.ground.exports.moment import one_moment
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.access import recommending_until, why_not_now
from ceping.stages.recommendation.actions import note_export
from ceping.stages.recommendation.queries import Double, Told, doubles_in, quotas_of, submitted_of, told_by_each
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.filters import CHIPS, ORDERS, Chosen, CountedPages, closes_in, counts_in
from ceping.web.recommender.reach import area_and_season, attached, reader, told
from ceping.web.ui.door import door
from ceping.web.ui.report_shown import GateShown, gates_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it; without a submission that may be read only its state is shown."""

    entry: Entry
    category: str
    word: str
    tone: str
    submission: Submission | None
    gates: list[GateShown]
    figure: str
    items: str
    due: datetime | None
    days: int | None
    late: bool
    doubles: list[Double]


@require_safe
@door(Act.RECOMMEND)
def listing(request: HttpRequest) -> HttpResponseBase:
    """The list of the reader's area in the season at work."""
    return _page(request, Chosen.of(request.GET))


@require_POST
@door(Act.RECOMMEND)
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is shown, all its pages, as a workbook; the reason is in the journal before the file is made."""
    at, chosen = timezone.now(), Chosen.of(request.POST)
    area, season = area_and_season(request, at, chosen.area)
    phones, reason = request.POST.get("phones") == "yes", request.POST.get("reason", "")
    with one_moment():
        entries = list(chosen.entries(season, area, at))
        sheet = _sheet(_lines(season, area, entries, at), season, area, phones=phones)
    try:
        note_export(
            season=season,
            area=area,
            what="entries",
            count=len(entries),
            phones=phones,
            reason=reason,
            by=reader(request),
            at=at,
        )
    except Refused as refused:
        return _page(request, chosen, refused)
    with TemporaryDirectory(prefix="ceping-list-") as folder:
        path = Path(folder) / "list.xlsx"
        write_workbook(path, [sheet], title=f"{area.name} 审核与推荐")
        return attached(path.read_bytes(), f"{area.name}_审核与推荐.xlsx")


def _page(request: HttpRequest, chosen: Chosen, refused: Refused | None = None) -> HttpResponse:
    at, user = timezone.now(), cast("User", request.user)
    area, season = area_and_season(request, at, chosen.area, wanted=False)
    if season is None:
        return render(request, "recommender/desk.html", {"area": area, "nav_now": "desk"})
    rules, closes = rules_of(season), closes_in(season, area)
    counts, total = counts_in(chosen, season, area, closes, at)
    page = CountedPages(chosen.entries(season, area, at), PAGE, total=total).get_page(request.GET.get("page"))
    until = recommending_until(season, area)
    left = until - at if until is not None else None
    shown = {
        "area": area,
        "areas": [grant.area for grant in user.grants_in_force if grant.area is not None],
        "season": season,
        "nav_now": "desk",
        "now": at,
        "until": until,
        "days": math.ceil(left.total_seconds() / 86400) if left is not None else None,
        "counts": counts,
        "everybody": counts[""],
        "handed_in": counts[""] - counts["draft"],
        "quotas": quotas_of(season, area),
        "chips": [
            (word, counts[chip], chosen.address(state=chip), chip == chosen.state, chip == "late")
            for chip, word in CHIPS.items()
            if counts[chip] or chip in ("", chosen.state)
        ],
        "categories": rules.header.categories,
        "orders": [(key, word) for key, (word, _) in ORDERS.items()],
        "chosen": chosen,
        "address": chosen.address(),
        "lines": _lines(season, area, list(page.object_list), at, closes),
        "page": page,
        "figure": next((figure for figure in rules.form.figures if figure.at_least), None),
        "why_not": told(why_not_now(season, area, at)),
        "refused": [told(finding) for finding in refused.findings] if refused is not None else [],
        "typed": request.POST,
    }
    return render(request, "recommender/desk.html", shown, status=409 if refused else 200)


def _lines(
    season: Season, area: Area, entries: Sequence[Entry], at: datetime, closes: dict[int, datetime] | None = None
) -> list[Line]:
    rules = rules_of(season)
    closes = closes if closes is not None else closes_in(season, area)
    last = {entry.pk: found for entry in entries if (found := submitted_of(entry)) is not None}
    known = told_by_each(list(last.values()), rules)
    doubles = doubles_in(season, area, entries)
    return [_line(entry, last.get(entry.pk), known, rules, closes, at, doubles.get(entry.pk, [])) for entry in entries]


def _line(
    entry: Entry,
    submission: Submission | None,
    known: dict[int, Told],
    rules: Scheme,
    closes: dict[int, datetime],
    at: datetime,
    doubles: list[Double],
) -> Line:
    found = known[submission.pk] if submission is not None else None
    counted = next((figure for figure in rules.form.figures if figure.at_least), None)
    titles = {category.id: category.title for category in rules.header.categories}
    again, late = bool(getattr(entry, "again", False)), bool(getattr(entry, "late", False))
    due = entry.due_at if entry.state == EntryState.RETURNED else None
    if entry.state == EntryState.DRAFT:
        due = closes.get(entry.institution_id, closes.get(0))
    word, tone = _STATES[EntryState(entry.state)]
    if entry.state == EntryState.SUBMITTED and again:
        word, tone = "改好再交", "act"
    return Line(
        entry=entry,
        category=titles.get(entry.category, ""),
        word=word,
        tone=tone,
        submission=submission,
        gates=gates_of(found, rules) if found is not None else [],
        figure=f"{found.figures[counted.id]} {counted.unit}" if found is not None and counted is not None else "",
        items=f"{found.items} / {len(rules.form.checklist.items)}" if found is not None else "",
        due=due,
        days=math.ceil((due - at).total_seconds() / 86400) if due is not None else None,
        late=late,
        doubles=doubles,
    )


_STATES = {
    EntryState.DRAFT: ("填写中", ""),
    EntryState.SUBMITTED: ("待审核", ""),
    EntryState.RETURNED: ("已退回", "seal"),
    EntryState.PUT_FORWARD: ("已推荐", "ok"),
    EntryState.NOT_PUT_FORWARD: ("不予推荐", ""),
}


def _sheet(lines: Sequence[Line], season: Season, area: Area, *, phones: bool) -> Sheet:
    """What is shown, and the contact; telephone numbers whole only when asked for."""
    heads = (
        *("序号", "机构", "统一社会信用代码", "申报类别", "状态", "逾期", "参评条件", "服务对象", "附件", "提交时间"),
        *("推荐顺序", "联系人", "手机", "重复提示"),
    )
    wanted = [line.submission.pk for line in lines if line.submission is not None]
    answers = {
        pk: report["answers"] for pk, report in Submission.objects.filter(pk__in=wanted).values_list("pk", "report")
    }
    rows = []
    for number, line in enumerate(lines, start=1):
        said = answers.get(line.submission.pk, {}) if line.submission is not None else {}
        phone = str(said.get("contact_phone", ""))
        institution, submission = line.entry.institution, line.submission
        rows.append(
            (
                number,
                institution.name,
                institution.uscc,
                line.category,
                line.word,
                "逾期" if line.late else "",
                "；".join(f"{gate.title}：{gate.word}" for gate in line.gates),
                line.figure,
                line.items,
                f"{timezone.localtime(submission.submitted_at):%Y-%m-%d %H:%M}" if submission is not None else "",
                getattr(line.entry, "rank", None),
                str(said.get("contact_name", "")),
                phone if phones else masked(phone),
                "；".join(f"{double.words}（{double.others}）" for double in line.doubles),
            )
        )
    return Sheet("审核与推荐", heads, rows, notice=f"{season.title}　{area.name}　共 {len(rows)} 家")
