"""A season computed: what the folder's evaluation wrote is kept by hash, in place of the computation before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import fault
from ceping.documents.page_content import PageValues
from ceping.folder.intake import Rows
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.models import Job
from ceping.stages.results.access import why_not_compute
from ceping.stages.results.actions.standing import keep_standings, overview_of
from ceping.stages.results.models import Computation, Output, Standing
from ceping.stages.results.queries import RESULTS, inputs_sha256, open_correction_of
from ceping.stages.results.states import ComputationState
from ceping.stages.scheme.models import Season

PURPOSE = "results"
# What of a computation is kept: what is shown and taken, and of the points what papers tell of them.
POINTS = frozenset({"totals.csv", "ledger.csv"})
KEPT = POINTS | {
    *("results.json", "results.xlsx", "verification.json", "robustness.json", "advice.json", "run.json", "report.html")
}


@dataclass(frozen=True, slots=True)
class Made:
    """What an evaluation came to: its files by name, what its page shows, the institutions of results.json.

    `recommenders` are the districts by credit code; `rows` say where each value stood, by file and key.
    """

    files: Mapping[str, File]
    page: PageValues
    results: Sequence[Mapping[str, Any]]
    recommenders: Mapping[str, str]
    rows: Rows


def is_kept(path: Path) -> bool:
    """Whether a file that an evaluation wrote stands among the results."""
    return path.name in KEPT


@transaction.atomic
def keep_computation(
    *, season: Season, job: Job, inputs: str, complete: bool, made: Made, by: User, at: datetime
) -> Computation:
    """The computation stands as the newest; one that nobody signed is replaced, a frozen one never.

    `inputs` is the hash of what it read. Raises NotAllowed, and Refused when that was changed while it ran or a signed
    one waits for the second signature.
    """
    held = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=season.pk)
    if why := why_not_compute(by, held):
        raise NotAllowed(why)
    if inputs_sha256(held) != inputs:
        raise Refused(fault("results_changed_meanwhile"))
    if held.computations.filter(state=ComputationState.SIGNED_LEAD).exists():
        raise Refused(fault("results_signed_waits"))
    before = held.computations.filter(state__in=[ComputationState.COMPUTED, ComputationState.SENT_BACK])
    before.update(state=ComputationState.SUPERSEDED)
    correction = open_correction_of(held)
    kept = Computation.objects.create(
        season=held,
        number=(held.computations.aggregate(most=Max("number"))["most"] or 0) + 1,
        correction=correction,
        job=job,
        inputs_sha256=inputs,
        results_sha256=made.files[RESULTS].blob.sha256,
        complete=complete,
        overview=overview_of(made.page),
        computed_by=by,
        computed_at=at,
    )
    Output.objects.bulk_create(Output(computation=kept, name=name, file=file) for name, file in made.files.items())
    keep_standings(kept, made.page, made.results, recommenders=made.recommenders, rows=made.rows)
    # Rows for pages alone: of what nobody will look at again they are not kept.
    Standing.objects.filter(computation__season=held, computation__state=ComputationState.SUPERSEDED).delete()
    body = {"number": kept.number, "inputs_sha256": inputs, "results_sha256": kept.results_sha256, "complete": complete}
    record("compute_results", by=by, at=at, about=("computation", kept.pk), chain=season_chain(held.pk), body=body)
    return kept
