"""The scoring desk: one item of one institution, what it asks on one side, what was claimed and filed on the other."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.exact import CONTEXT, short_text_of
from ceping.core.scheme.indicators import ScoredItem
from ceping.core.scheme.rule_checking import metrics_in
from ceping.core.scheme.rules import Judge
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import shown_to, why_not_mark
from ceping.stages.assessment.actions import Typed, give_mark
from ceping.stages.assessment.models import Mark, Sheet
from ceping.stages.assessment.queries import Filed, ThreeValues, attachments_of, items_of, marks_on, values_of
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import last_submission
from ceping.stages.results.queries import shop_counts_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.reach import (
    Opened,
    clock,
    json_answer,
    opened,
    reader,
    text_in,
    told,
    version_in,
)
from ceping.web.ui.door import door
from ceping.web.ui.report_shown import PartShown, parts_of

_MOST_KEYS = 21
_DRAWN = frozenset({"pdf", "jpg", "jpeg", "png"})


@dataclass(frozen=True, slots=True)
class Pip:
    """One item in the row at the top of the desk."""

    number: int
    key: str
    title: str
    state: str


@require_safe
@door(Role.ASSESSOR)
def entry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """On to the first item without a mark; where all have one, to the sheet."""
    one = opened(request, pk, timezone.now())
    pips = pips_of(one)
    if not pips:
        return redirect("assessor:differences")
    left = next((pip for pip in pips if pip.state != "done"), None)
    return redirect("assessor:desk", pk, left.key) if left is not None else redirect("assessor:sheet", pk)


@never_cache
@require_safe
@door(Role.ASSESSOR)
def page(request: HttpRequest, pk: int, item: str) -> HttpResponseBase:
    """The desk on this item."""
    at = timezone.now()
    one = opened(request, pk, at)
    scored = rules_of(one.entry.season).item(item)
    pips = pips_of(one)
    if scored is None or scored.judge is None or item not in {pip.key for pip in pips}:
        raise Http404
    submission = last_submission(one.entry)
    sheet = Sheet.objects.filter(entry=one.entry, assessor=one.assessor).first()
    place = [pip.key for pip in pips].index(item)
    files = files_for(scored, attachments_of(one.entry, submission))
    chosen = next((file for file in files if file.token == request.GET.get("file")), files[0] if files else None)
    own, others, sealed = _marks(one, sheet, item)
    shown: dict[str, Any] = {
        "season": one.entry.season,
        "nav_now": "marking",
        "entry": one.entry,
        "scored": scored,
        "judge": scored.judge,
        "rule": rule_in_words(scored.judge),
        "keys": keys_of(scored.judge),
        "pips": pips,
        "done": sum(pip.state == "done" for pip in pips),
        "number": place + 1,
        "before": pips[place - 1].key if place else "",
        "after": pips[place + 1].key if place + 1 < len(pips) else "",
        "mark": own,
        "others": others,
        "sealed": sealed,
        "sheet": sheet,
        "why": told(why_not_mark(one.assessor, one.entry, item, at)),
        "open": sheet is not None and sheet.opened_at is not None and (own is None or own.state != MarkState.REOPENED),
        "reopened": own is not None and own.state == MarkState.REOPENED,
        "anchors": anchors_of(scored),
        "parts": _parts(submission, one, scored),
        "values": _values(one, submission, scored),
        "files": files,
        "file": chosen,
        **_turning(files, chosen),
        "picture": _picture(pk, chosen),
    }
    return render(request, "assessor/desk.html", shown)


@require_POST
@door(Role.ASSESSOR)
def mark(request: HttpRequest, pk: int, item: str) -> HttpResponseBase:
    """The mark stands as it was typed; saved while the assessor works."""
    at = timezone.now()
    one = opened(request, pk, at)

    def change(given: dict[str, Any]) -> dict[str, Any]:
        typed = Typed(text_in(given, "mark"), text_in(given, "coefficient"), text_in(given, "reason"))
        made = give_mark(
            assessor=one.assessor,
            entry=one.entry,
            item=item,
            typed=typed,
            version=version_in(given),
            by=reader(request),
            at=at,
        )
        return {"mark": made.mark, "version": made.version, "saved": clock(at)}

    return json_answer(request, change)


def pips_of(one: Opened) -> list[Pip]:
    """The items assigned, in the order of the table: marked, to be marked again, or open."""
    states = dict(
        Mark.objects.filter(sheet__entry=one.entry, sheet__assessor=one.assessor).values_list("item", "state")
    )
    rules, pips = rules_of(one.entry.season), []
    for number, key in enumerate(items_of(one.assessor, one.entry), start=1):
        scored = rules.item(key)
        state = "" if key not in states else "adj" if states[key] == MarkState.REOPENED else "done"
        pips.append(Pip(number, key, scored.title if scored is not None else key, state))
    return pips


def keys_of(judge: Judge) -> list[str]:
    """The marks to choose from by one press; whole ones where the steps are too many."""
    for step in (judge.step, Decimal(1)):
        count = int(CONTEXT.divide_int(judge.max, step))
        if count + 1 <= _MOST_KEYS:
            return [short_text_of(CONTEXT.multiply(step, Decimal(number))) for number in range(count + 1)]
    return []


def rule_in_words(judge: Judge) -> dict[str, str]:
    """The rule's numbers as people write them."""
    band = judge.coefficient
    told = {
        "max": judge.max,
        "step": judge.step,
        "above": judge.comment_above,
        "below": judge.comment_below,
        "limit": judge.difference_limit,
        "least": band.least if band is not None else None,
        "most": band.most if band is not None else None,
    }
    return {name: short_text_of(value) for name, value in told.items() if value is not None}


def anchors_of(scored: ScoredItem) -> list[tuple[str, str]]:
    """What full, half and no marks look like."""
    anchors, judge = scored.item.anchors, scored.judge
    if anchors is None or judge is None:
        return []
    half = CONTEXT.divide(judge.max, Decimal(2))
    return [(short_text_of(judge.max), anchors.full), (short_text_of(half), anchors.half), ("0", anchors.zero)]


def speaks_of(value: ThreeValues, scored: ScoredItem) -> bool:
    """Whether the item's rule reads the metric, or the metric is claimed in a place the item is judged by."""
    claimed = value.metric.claimed
    place = getattr(claimed, "field", "") or getattr(claimed, "table", "")
    return value.name in metrics_in(scored.item.rule) or place in scored.leaf.fields


def _values(one: Opened, submission: Submission | None, scored: ScoredItem) -> list[ThreeValues]:
    """The metrics that speak of this item; the platform is asked only where one of them may come from there."""
    metrics = rules_of(one.entry.season).indicators.metrics
    asked = any(metrics[name].platform is not None for name in metrics_in(scored.item.rule))
    shop = shop_counts_of(one.entry) if asked else None
    return [value for value in values_of(one.entry, submission, shop, every=True) if speaks_of(value, scored)]


def files_for(scored: ScoredItem, files: list[Filed]) -> list[Filed]:
    """The files that prove the item: those that name it, else those under its items of the checklist; else all."""
    leaf = scored.leaf
    named = [one for one in files if {scored.key, leaf.id} & set(one.indicators)]
    listed = [one for one in files if one.item in leaf.checklist and one not in named]
    return named + listed or files


def _marks(one: Opened, sheet: Sheet | None, item: str) -> tuple[Mark | None, list[Mark], int]:
    """The own mark, others' that may be seen, and how many more there will be."""
    every = marks_on(one.entry, [item])
    own = next((mark for mark in every if mark.sheet.assessor_id == one.assessor.pk), None)
    rest = [mark for mark in every if mark is not own]
    seen = [mark for mark in rest if shown_to(one.assessor, sheet, mark)]
    return own, seen, len(rest) - len(seen)


def _parts(submission: Submission | None, one: Opened, scored: ScoredItem) -> list[PartShown]:
    """The parts of the self-description that speak of this item; the first where the scheme names none."""
    if submission is None:
        return []
    places, every = set(scored.leaf.fields), parts_of(submission, rules_of(one.entry.season))
    found = []
    for part in every:
        fields = tuple(field for field in part.fields if field.id in places)
        tables = tuple(table for table in part.tables if table.id in places)
        if fields or tables:
            found.append(PartShown(part.id, part.heading, fields, tables))
    return found or every[:1]


def _turning(files: list[Filed], chosen: Filed | None) -> dict[str, str]:
    """The files before and after the one that is shown, of those whose bytes are here."""
    tokens = [one.token for one in files if one.token]
    place = tokens.index(chosen.token) if chosen is not None and chosen.token in tokens else -1
    return {
        "last_file": tokens[place - 1] if place > 0 else "",
        "next_file": tokens[place + 1] if 0 <= place < len(tokens) - 1 else "",
    }


def _picture(pk: int, file: Filed | None) -> str:
    """The address of the file's first page, if it can be drawn."""
    if file is None or not file.token or file.name.rpartition(".")[2].lower() not in _DRAWN:
        return ""
    return reverse("assessor:picture", args=[pk, file.token, 1, "page"])
