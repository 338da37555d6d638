"""A season computed: what the folder's evaluation wrote is kept by hash, in place of the computation before it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import fault
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.models import Job
from ceping.stages.results.access import why_not_compute
from ceping.stages.results.models import Computation, Output
from ceping.stages.results.queries import RESULTS, inputs_sha256
from ceping.stages.results.states import ComputationState
from ceping.stages.scheme.models import Season

PURPOSE = "results"
KINDS: Mapping[str, str] = {".json": "json", ".xlsx": "xlsx", ".html": "html"}
# What of a computation is kept; the points lie in the package.
KEPT = frozenset(
    {"results.json", "results.xlsx", "verification.json", "robustness.json", "advice.json", "run.json", "report.html"}
)


def is_kept(path: Path) -> bool:
    """Whether a file that an evaluation wrote stands among the results."""
    return path.name in KEPT


@transaction.atomic
def keep_computation(
    *, season: Season, job: Job, inputs: str, complete: bool, files: Mapping[str, File], by: User, at: datetime
) -> Computation:
    """The computation stands as the newest; one that nobody signed is replaced.

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
    made = Computation.objects.create(
        season=held,
        number=(held.computations.aggregate(most=Max("number"))["most"] or 0) + 1,
        job=job,
        inputs_sha256=inputs,
        results_sha256=files[RESULTS].blob.sha256,
        complete=complete,
        computed_by=by,
        computed_at=at,
    )
    Output.objects.bulk_create(Output(computation=made, name=name, file=file) for name, file in files.items())
    body = {"number": made.number, "inputs_sha256": inputs, "results_sha256": made.results_sha256, "complete": complete}
    record("compute_results", by=by, at=at, about=("computation", made.pk), chain=season_chain(held.pk), body=body)
    return made
