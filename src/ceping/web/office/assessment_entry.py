"""One institution as the lead sees its assessment: marks with every change, verified values, verdicts, photos."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_lead_apart, why_not_verify
from ceping.stages.assessment.actions import Typed, change_mark, check_evidence, choices_of, set_verified
from ceping.stages.assessment.models import Mark
from ceping.stages.assessment.queries import attachments_of, entries_judged, values_of
from ceping.stages.assessment.queries.history import changes_told, marks_told
from ceping.stages.assessment.states import Verdict
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import last_submission
from ceping.stages.results.queries import shop_counts_of
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door

_YES_NO = {"yes": "是", "no": "否"}
_DONE = {"mark": "分数已改，专家需要重新签署", "value": "核定值已记录", "check": "结论已记录"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.LEAD)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What stands; a change with its reason, 409 with why it cannot be. 404 for one whom a conflict keeps away."""
    entry = _entry(pk)
    if entry is None or why_lead_apart(reader(request), entry) is not None:
        raise Http404
    if request.method != "POST":
        return _page(request, entry)
    try:
        done = _change(request.POST, entry, reader(request))
    except Refused as refused:
        return _page(request, entry, refused.findings)
    messages.success(request, _DONE[done])
    return redirect("office:assessment_entry", pk)


def _entry(pk: int) -> Entry | None:
    season = Season.objects.filter(entries__pk=pk).select_related("scheme").first()
    found = next((one for one in entries_judged(season) if one.pk == pk), None) if season is not None else None
    if found is not None and season is not None:
        found.season = season
    return found


def _change(given: QueryDict, entry: Entry, by: User) -> str:
    at, version = timezone.now(), given.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    what, key, reason = given.get("do", ""), given.get("key", ""), given.get("reason", "")
    match what:
        case "mark":
            mark = Mark.objects.filter(sheet__entry=entry, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
            found = mark.select_related("sheet__entry").first()
            if found is None:
                raise Http404
            typed = Typed(given.get("mark", ""), given.get("coefficient", ""), given.get("said", ""))
            change_mark(mark=found, typed=typed, version=seen, why=reason, by=by, at=at)
        case "value":
            value = given.get("value", "")
            set_verified(entry=entry, metric=key, value=value, reason=reason, version=seen, by=by, at=at)
        case "check":
            on_site = given.get("on_site") == "1"
            verdict = given.get("verdict", "")
            check_evidence(
                entry=entry, file=key, verdict=verdict, reason=reason, version=seen, on_site=on_site, by=by, at=at
            )
        case _:
            raise Http404
    return what


def _page(request: HttpRequest, entry: Entry, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    rules, submission, at = rules_of(entry.season), last_submission(entry), timezone.now()
    every = values_of(entry, submission, shop_counts_of(entry), every=True)
    by_hand = [value for value in every if value.metric.by_hand]
    options = {
        value.name: _YES_NO if value.metric.type == "yes_no" else choices_of(rules, value.name, value.metric)
        for value in by_hand
        if value.metric.type != "number"
    }
    back = f"{reverse('office:assessment')}?season={entry.season_id}"
    shown = {
        "season": entry.season,
        "nav_now": "assessment",
        "crumbs": [("测评", back), (entry.institution.name, "")],
        "entry": entry,
        "marks": marks_told(entry, rules),
        "values": [(value, options.get(value.name)) for value in by_hand],
        "counted": [value for value in every if not value.metric.by_hand],
        "files": attachments_of(entry, submission),
        "verdicts": Verdict.choices,
        "changes": changes_told(entry),
        "why": in_words([why])[0] if (why := why_not_verify(reader(request), entry, at)) else None,
        "refused": in_words(refused),
    }
    return render(request, "office/assessment_entry.html", shown, status=409 if refused else 200)
