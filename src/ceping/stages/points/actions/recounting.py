"""What a count of the whole platform found, kept for good: it reports, and mends nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from ceping.bulk.recount import Difference, Recounted
from ceping.bulk.request import Engine
from ceping.ground.journal.actions import record
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.actions.recording import CHAIN
from ceping.stages.points.models import Recount
from ceping.stages.points.queries.rules import Rules
from ceping.stages.points.queries.whole import Held

# A person reads no more of them; the file of the command has all.
MOST_KEPT = 500


@transaction.atomic
def keep_recount(
    *,
    found: Recounted,
    held: Held,
    day: date,
    rules: Rules,
    engine: Engine,
    begun: datetime,
    by: User | None,
    at: datetime,
) -> Recount:
    """A row of what was found, and a line of the journal; nobody's doing when the clock asked for it."""
    made = Recount.objects.create(
        begun_at=begun,
        ended_at=at,
        engine=engine.value,
        day=day,
        rules=rules.label,
        sequence=held.upto,
        events=found.run.events,
        shops=held.shops,
        compared=found.compared,
        passed={"day": held.other_day, "rules": held.other_rules, "waiting": held.waiting},
        refused=found.refused,
        differing=len(found.differences),
        differences=_rows(found.differences[:MOST_KEPT]),
        asked_by=by,
    )
    record(
        "recount_points",
        by=by,
        role=Role.OPERATOR if by is not None else "",
        at=at,
        about=("recount", made.pk),
        chain=CHAIN,
        body={"sequence": held.upto, "compared": found.compared, "differing": made.differing},
    )
    return made


def _rows(differences: Sequence[Difference]) -> list[dict[str, str | int]]:
    return [asdict(one) for one in differences]
