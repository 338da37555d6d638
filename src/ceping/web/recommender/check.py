"""One report beside its gates: what it says, what changed since it was read last, what can be done about it."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.core.finding import Finding
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.access import why_not_now, why_not_recommend
from ceping.stages.recommendation.queries import (
    Told,
    decision_on,
    quotas_of,
    returns_of,
    shared_files,
    told_by,
    unmet_words,
)
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import difference, last_submission
from ceping.stages.report.queries.paper import paper_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.evidence import evidence_of
from ceping.web.recommender.filters import Chosen
from ceping.web.recommender.reach import entry_for, reader, told
from ceping.web.recommender.remarks import USUAL, Place, Places, suggestions_for
from ceping.web.ui.door import door
from ceping.web.ui.report_shown import changes_of, figures_of, gates_of, parts_of

# A return without a day of its own lies open for a week, until the end of an office day.
_DAYS, _HOUR = 7, 17


@require_safe
@door(Act.RECOMMEND)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The submitted report with everything that can be done about it, or the reason why it cannot."""
    return check_page(request, entry_for(reader(request), pk))


def check_page(request: HttpRequest, entry: Entry, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    """The page; after a refusal with what was typed, and what was refused at its head."""
    at, rules, area = timezone.now(), rules_of(entry.season), entry.institution.area
    submission, decided = last_submission(entry), decision_on(entry)
    places = Places(rules)
    chosen = Chosen.of(request.GET)
    shown: dict[str, Any] = {
        "entry": entry,
        "season": entry.season,
        "nav_now": "desk",
        "submission": submission,
        "decided": decided,
        "crumbs": [("审核与推荐", _list_address(chosen)), (entry.institution.name, "")],
        "address": chosen.address(),
        "why_not": told(why_not_recommend(reader(request), entry, at)),
        "why_not_undo": told(why_not_now(entry.season, area, at)) if decided is not None and area is not None else None,
        "refused": [told(finding) for finding in refused],
        "categories": rules.header.categories,
        "typed": request.POST,
        "returns": _returns(entry, places),
        "paper": paper_of(entry, at),
        "due": timezone.localtime(at + timedelta(days=_DAYS)).replace(hour=_HOUR, minute=0, second=0),
    }
    if area is not None:
        quotas = quotas_of(entry.season, area)
        full = next((line for line in quotas if line.full and line.category in ("", entry.category)), None)
        shown |= _neighbours(entry, chosen, request) | {"quotas": quotas, "full": full}
    if submission is not None and area is not None:
        known = told_by(submission, rules)
        shared = shared_files(entry.season, area, entry)
        parts = parts_of(submission, rules)
        shown |= {
            "gates": gates_of(known, rules),
            "unmet": unmet_words(known.unmet),
            "judge": _to_judge(known, request),
            "figures": figures_of(known, rules),
            "parts": parts,
            "evidence": evidence_of(entry, submission, rules, shared),
            "category": next((one.title for one in rules.header.categories if one.id == submission.category), ""),
            "places": places.choices,
            "usual": USUAL,
            "suggestions": suggestions_for(submission, entry, places),
            "drafts": (drafts := _typed(request, places)),
            "opens": places.opened_by(place.value for place, text in drafts if text.strip()),
            "changes": _changes(entry, submission),
        }
    return render(request, "recommender/check.html", shown, status=409 if refused else 200)


def _list_address(chosen: Chosen) -> str:
    address = chosen.address()
    return reverse("recommender:desk") + (f"?{address}" if address else "")


def _neighbours(entry: Entry, chosen: Chosen, request: HttpRequest) -> dict[str, Any]:
    """The reports before and after this one in the list it was opened from, and its place there."""
    area = entry.institution.area
    if area is None or chosen.area not in ("", area.code):
        return {}
    listed = chosen.entries(entry.season, area, timezone.now()).exclude(state="draft")
    order = list(listed.values_list("pk", flat=True))
    if entry.pk not in order:
        return {"next": order[0] if order and request.GET else None, "of": len(order)}
    place = order.index(entry.pk)
    return {
        "previous": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
        "place": place + 1,
        "of": len(order),
    }


def _to_judge(known: Told, request: HttpRequest) -> list[dict[str, object]]:
    """The gates a person has to answer, with what was typed about them."""
    return [
        {
            "number": number,
            "id": result.gate.id,
            "title": result.gate.title,
            "ticked": request.POST.get(f"holds-{result.gate.id}") == "yes",
            "reason": request.POST.get(f"judged-{result.gate.id}", ""),
        }
        for number, result in known.undecided
    ]


def _returns(entry: Entry, places: Places) -> list[dict[str, Any]]:
    """Every return with its remarks, the last first; each remark with its place in words."""
    return [
        {
            "made": made,
            "opens": places.opened_by(f"{remark.kind}:{remark.key}" for remark in made.remarks.all()),
            "remarks": [
                {"remark": remark, "place": places.words(remark.kind, remark.key)} for remark in made.remarks.all()
            ],
        }
        for made in returns_of(entry)
    ]


def _changes(entry: Entry, submission: Submission) -> dict[str, Any] | None:
    """What is otherwise than in the submission that was returned, or simply the one before."""
    if submission.number == 1:
        return None
    before = Submission.objects.filter(entry=entry, number__lt=submission.number)
    first = before.order_by(F("returned").desc(nulls_last=True), "-number").first()
    if first is None:
        return None
    first.entry = entry
    return {"since": first, "all": changes_of(difference(first, submission), rules_of(entry.season))}


def _typed(request: HttpRequest, places: Places) -> list[tuple[Place, str]]:
    """The remarks as typed; one empty one where nothing was."""
    typed = zip(request.POST.getlist("place"), request.POST.getlist("text"), strict=False)
    drafts = [(places.place(place), text) for place, text in typed if text.strip()]
    return drafts or [(places.place("whole:"), "")]
