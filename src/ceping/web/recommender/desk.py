"""The area's list: who stands where, with gates; filters, search, order and page are in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.queries import entries_of, told_by
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Extension, Season
from ceping.stages.scheme.queries import phase_of, rules_of
from ceping.stages.scheme.states import PhaseKind
from ceping.web.recommender.reach import own_area, season_at_work
from ceping.web.recommender.shown import GateShown, gates_of
from ceping.web.ui.door import door

PAGE = 50
ORDERS = {"name": "institution__name_key", "submitted": "submitted_at"}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it; `readable` once there is something submitted to read."""

    entry: Entry
    category: str
    submission: Submission | None
    gates: list[GateShown]
    late: bool
    readable: bool


@require_safe
@door(Act.RECOMMEND)
def listing(request: HttpRequest) -> HttpResponseBase:
    """The list of the reader's area in the season at work."""
    at = timezone.now()
    area = own_area(cast("User", request.user), request.GET.get("area", ""))
    season = season_at_work(at)
    if season is None:
        return render(request, "recommender/desk.html", {"area": area, "season": None})
    entries = entries_of(season, area)
    state = request.GET.get("state", "")
    text = request.GET.get("q", "").strip()
    order = request.GET.get("order", "name")
    chips = _chips(season, area, state)
    page = Paginator(_ordered(_found(entries, state, text), order), PAGE).get_page(request.GET.get("page"))
    lines = _lines(season, area, list(page.object_list), at)
    query = request.GET.copy()
    query.pop("page", None)
    shown = {"area": area, "season": season, "chips": chips, "lines": lines, "page": page}
    more = {"state": state, "q": text, "order": order, "query": query.urlencode()}
    return render(request, "recommender/desk.html", shown | more)


def _chips(season: Season, area: Area, chosen: str) -> list[tuple[str, str, int, bool]]:
    """Each state with its words, its count and whether it is chosen; the empty one stands for all."""
    entries = Entry.objects.filter(season=season, institution__area=area)
    rows = entries.values_list("state").annotate(count=Count("pk")).order_by()
    counts = dict(rows)
    states = [(state.value, str(state.label), counts.get(state.value, 0)) for state in EntryState]
    return [(*chip, chip[0] == chosen) for chip in (("", "全部", sum(counts.values())), *states)]


def _found(entries: QuerySet[Entry], state: str, text: str) -> QuerySet[Entry]:
    if state in EntryState.values:
        entries = entries.filter(state=state)
    if text:
        entries = entries.filter(Q(institution__name__icontains=text) | Q(institution__uscc__icontains=text))
    return entries


def _ordered(entries: QuerySet[Entry], order: str) -> QuerySet[Entry]:
    key = F(ORDERS.get(order.removeprefix("-"), ORDERS["name"]))
    by = key.desc(nulls_last=True) if order.startswith("-") else key.asc(nulls_last=True)
    return entries.order_by(by, "pk")


def _lines(season: Season, area: Area, entries: Sequence[Entry], at: datetime) -> list[Line]:
    rules = rules_of(season)
    titles = {category.id: category.title for category in rules.header.categories}
    submissions = Submission.objects.filter(entry__in=entries, withdrawn_at=None).order_by("number")
    last = {submission.entry_id: submission for submission in submissions}
    closes = _closes(season, area)
    lines = []
    for entry in entries:
        readable = entry.state != EntryState.DRAFT
        submission = last.get(entry.pk) if readable else None
        gates = gates_of(told_by(submission, rules), rules) if submission is not None else []
        due = entry.due_at if entry.state == EntryState.RETURNED else closes.get(entry.institution_id, closes.get(0))
        waited = entry.state in (EntryState.DRAFT, EntryState.RETURNED)
        late = waited and due is not None and at >= due
        lines.append(Line(entry, titles.get(entry.category, ""), submission, gates, late, readable))
    return lines


def _closes(season: Season, area: Area) -> dict[int, datetime]:
    """Until when filing is open by institution; under 0 for all of the area without an extension of their own."""
    phase = phase_of(season, PhaseKind.FILING)
    if phase is None:
        return {}
    if phase.closed_at is not None:
        return {0: phase.closed_at}
    closes = {0: phase.closes_at}
    given = Extension.objects.filter(Q(area=area) | Q(institution__area=area), phase=phase)
    # The area's first, so that an institution's own is never earlier than its area's.
    for extension in given.order_by(F("institution_id").asc(nulls_first=True)):
        key = extension.institution_id or 0
        closes[key] = max(closes.get(key, closes[0]), extension.until)
    return closes
