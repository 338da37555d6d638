"""What if: other weights, a mark otherwise, an assessor less; old and new side by side, and nothing recorded."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.exact import NotANumber, decimal_of, short_text_of
from ceping.core.finding import Finding, fault
from ceping.core.scheme.loading import Scheme
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.ground.work.actions import call_off
from ceping.ground.work.models import Job, State
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.assessment.queries import assessors_of
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.results.access import why_not_try
from ceping.stages.results.tasks import TRY, Trial, about, ask_to_try
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.results_shown import address_of
from ceping.web.ui.door import door

_SHOWN, PAGE = 8, 50


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The form, and the trial that the address names or the last one."""
    return _page(request, season_meant(request.GET, timezone.now()))


@require_POST
@door(Role.ORGANISER, Role.LEAD)
def work(request: HttpRequest) -> HttpResponseBase:
    """A trial is asked for, or called off."""
    asked, by, at = request.POST, reader(request), timezone.now()
    season = season_meant(asked, at)
    if asked.get("cancel"):
        job = _trial(season, asked["cancel"])
        call_off(job=job, at=at)
        return redirect(address_of(season, "results_whatif"))
    try:
        job = ask_to_try(season=season, trial=_read(asked, season), by=by, at=at)
    except Refused as refused:
        return _page(request, season, refused.findings)
    return redirect(f"{address_of(season, 'results_whatif')}&trial={job.token}")


def _read(asked: QueryDict, season: Season) -> Trial:
    """What the form says, of weights only those that are others. Raises Refused with everything that is no number."""
    rules, wrong = rules_of(season), []
    own, weights = _weights(rules, season), {}
    for key, weight in own.items():
        given = asked.get(f"weight-{key}", "").strip()
        try:
            value = decimal_of(given) if given else weight
        except NotANumber:
            wrong.append(fault("results_trial_number", place=f"weight-{key}", given=given[:20]))
            continue
        if value != weight:
            weights[key] = value
    marks: dict[tuple[str, str], Decimal] = {}
    typed = asked.get("mark", "").strip()
    if typed:
        try:
            marks[asked.get("institution", ""), asked.get("item", "")] = decimal_of(typed)
        except NotANumber:
            wrong.append(fault("results_trial_number", place="mark", given=typed[:20]))
    if wrong:
        raise Refused(*wrong)
    return Trial(weights, asked.get("rescale") == "yes", asked.get("without", "")[:40], marks)


def _weights(rules: Scheme, season: Season) -> dict[str, Decimal]:
    return {item.key: Decimal(season.weights.get(item.key, item.item.weight)) for item in rules.scored}


def _trial(season: Season, token: str) -> Job:
    job = job_about(about(season), token)
    if job is None or job.kind != TRY:
        raise Http404
    return job


def _page(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    rules, why = rules_of(season), why_not_try(reader(request), season)
    # What each came to is long, and only one is shown.
    trials = list(jobs_about(about(season), TRY).select_related("asked_by").defer("given", "result")[:_SHOWN])
    named = request.GET.get("trial", "") or next((one.token for one in trials), "")
    job = _trial(season, named) if named else None
    typed, given = request.POST, job.given if job is not None else {}
    tried = {} if typed else given.get("weights", {})
    titles = {item.key: item.title for item in rules.scored}
    shown: dict[str, Any] = {
        "season": season,
        "nav_now": "results",
        "why_not": in_words([why])[0] if why is not None else None,
        "items": [
            (
                item,
                short_text_of(own),
                typed.get(f"weight-{item.key}") or short_text_of(Decimal(tried.get(item.key, own))),
            )
            for item, own in zip(rules.scored, _weights(rules, season).values(), strict=True)
        ],
        "total": short_text_of(rules.indicators.total),
        "judged": [item for item in rules.scored if item.judge is not None],
        "assessors": assessors_of(season),
        "entries": Entry.objects.filter(season=season, state=EntryState.PUT_FORWARD)
        .order_by("institution__uscc")
        .values_list("institution__uscc", "institution__name"),
        "trials": trials,
        "job": job,
        "waiting": job is not None and not job.over,
        "typed": typed,
        "refused": in_words(refused),
        "crumbs": [("结果", address_of(season)), ("试算", "")],
    }
    if job is not None and job.state == State.DONE and not refused:
        shown |= _outcome(job, titles, everything=request.GET.get("all") == "yes", page=request.GET.get("page"))
    return render(request, "office/results_whatif.html", shown, status=422 if refused else 200)


def _outcome(job: Job, titles: dict[str, str], *, everything: bool, page: str | None) -> dict[str, Any]:
    """The trial's lines: who stands elsewhere, or with `everything` all of them; and what was tried, in words."""
    told = job.result
    lines = [
        {**one, "moved": _moved(one["old"]["rank"], one["new"]["rank"]), "other": _elsewhere(one["old"], one["new"])}
        for one in told["lines"]
    ]
    said = [f"{titles.get(key, key)} {old or '—'} → {new}" for key, (old, new) in told["weights"].items()]
    names = {one["uscc"]: one["name"] for one in told["lines"]}
    said += [f"{names.get(uscc, uscc)}的{titles.get(key, key)}按 {mark} 分" for uscc, key, mark in job.given["marks"]]
    said += [f"去掉专家 {job.given['without']}"] * bool(job.given["without"])
    return {
        "told": told,
        "said": said,
        "everything": everything,
        "lines": Paginator([one for one in lines if everything or one["other"]], PAGE).get_page(page),
        "whole": len(lines),
    }


def _elsewhere(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return (old["rank"], old["grade"]) != (new["rank"], new["grade"])


def _moved(old: int | None, new: int | None) -> str:
    """How many places up or down, in words."""
    if old is None or new is None or old == new:
        return ""
    return f"升 {old - new}" if new < old else f"降 {new - old}"
