"""A season computed beside the pages: written as a folder, evaluated as anybody would, and kept."""

import json
import tempfile
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.core.finding import Finding, errors_in
from ceping.folder.evaluation import Step, evaluate_folder
from ceping.ground.exports.moment import one_moment
from ceping.ground.files.actions import add_made
from ceping.ground.files.models import File
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.tasks import Made, carry_out
from ceping.stages.results.access import why_not_compute
from ceping.stages.results.actions import PURPOSE, is_kept, keep_computation
from ceping.stages.results.actions import Made as Kept
from ceping.stages.results.queries import RESULTS, SCHEME, lay_out, write_season
from ceping.stages.scheme.models import Season

COMPUTE = "compute_results"
# Written, read, points, scores, files: what `evaluate_folder` tells, and what comes before and after it.
_STEPS = 6


@app.task(name="results.compute")
def compute(token: str) -> None:
    """The season of that work is computed."""
    carry_out(token, _computed)


def ask_to_compute(*, season: Season, allow_missing: bool, by: User, at: datetime) -> Job:
    """Computing waits for a worker; with `allow_missing` gaps are marked instead of stopping it. Raises NotAllowed."""
    if why := why_not_compute(by, season):
        raise NotAllowed(why)
    given = {"season": season.pk, "allow_missing": allow_missing}
    return ask_for(
        kind=COMPUTE,
        about=about(season),
        given=given,
        begin=lambda token: compute.defer(token=token),
        by=by,
        at=at,
    )


def about(season: Season) -> str:
    """By which work is found that is about a season's results."""
    return f"results:{season.pk}"


class _CalledOff(Exception):
    """Whoever asked does not want it any more."""


def _computed(job: Job) -> Made:
    season = Season.objects.select_related("scheme").get(pk=job.given["season"])
    done = 0

    def step(_: str) -> None:
        nonlocal done
        done += 1
        if not tell_progress(job=job, done=min(done, _STEPS - 1), total=_STEPS):
            raise _CalledOff

    try:
        with tempfile.TemporaryDirectory(prefix="ceping-season-") as name:
            return _evaluated(job, season, Path(name), step)
    except _CalledOff:
        return {}, ()


def _evaluated(job: Job, season: Season, place: Path, step: Step) -> Made:
    step("写出")
    # One moment of the season: what is hashed is what is written.
    with one_moment():
        laid = lay_out(season)
        folder = write_season(season, place, laid=laid)
    inputs = laid.sha256
    del laid
    out = place / "results"
    evaluated = evaluate_folder(
        folder, out, allow_missing=bool(job.given["allow_missing"]), scheme_folder=place / SCHEME, step=step
    )
    if evaluated.outcome is None or evaluated.season is None or evaluated.page is None:
        raise Refused(*(errors_in(evaluated.findings) or evaluated.findings))
    complete = evaluated.outcome.complete and not evaluated.season.faults.gaps
    at = timezone.now()
    files = {path.name: _kept(path, job, at) for path in sorted(out.rglob("*.*")) if is_kept(path)}
    made = Kept(
        files=files,
        page=evaluated.page,
        results=json.loads((out / RESULTS).read_bytes())["institutions"],
        recommenders={uscc: one.recommender for uscc, one in evaluated.season.institutions.items()},
        rows=evaluated.season.rows,
    )
    kept = keep_computation(season=season, job=job, inputs=inputs, complete=complete, made=made, by=job.asked_by, at=at)
    return {"computation": kept.pk, "number": kept.number}, _worth_saying(evaluated.findings)


def _kept(path: Path, job: Job, at: datetime) -> File:
    return add_made(
        data=path.read_bytes(),
        kind=path.suffix.removeprefix("."),
        name=path.name,
        purpose=PURPOSE,
        institution=None,
        by=job.asked_by,
        at=at,
    )


def _worth_saying(findings: list[Finding]) -> list[Finding]:
    """The first of what was found: the page lists them, the files hold all."""
    return findings[:200]
