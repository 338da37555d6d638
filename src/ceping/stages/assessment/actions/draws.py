"""Draws of assessors: a seed recorded first, drawn by the season folder's own command, and again with a reason."""

import csv
import io
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from ceping.core.finding import errors_in, fault
from ceping.core.scheme.loading import Scheme
from ceping.folder.draw_record import Draw as Drawn
from ceping.folder.panels import AssessorRequest, assessors_drawn
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.assessment.actions.assigning import begin_sheets
from ceping.stages.assessment.actions.differences import renew_differences
from ceping.stages.assessment.actions.shared import hold_season, note, wanted_reason
from ceping.stages.assessment.models import Assessor, Assignment, Draw
from ceping.stages.assessment.queries import assessors_of, draw_in_force, entries_judged
from ceping.stages.assessment.queries.folder import draw_inputs
from ceping.stages.assessment.states import Way
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

MOST_SEED = 200
_BATCH = 5_000


@transaction.atomic
def draw_assignments(
    *, season: Season, seed: str, reason: str = "", per_item: int | None = None, by: User, at: datetime
) -> Draw:
    """Every entry put forward gets its panel by the seed; a draw in force is kept and superseded, with the reason.

    Whoever was assigned by hand to all items of an entry keeps the place. Raises NotAllowed; Refused with every finding
    that keeps the draw from being made, for a seed used before, and for a redraw without a reason. The seed stands in
    the season before anything is drawn.
    """
    held = hold_season(season, by)
    given = _checked(seed)
    former = draw_in_force(held)
    said = wanted_reason(reason) if former is not None else reason.strip()
    if Draw.objects.filter(season=held, seed=given).exists():
        raise Refused(fault("assess_seed_used", place="seed"))
    held.seeds = {**held.seeds, "assessors": given}
    held.save(update_fields=["seeds"])
    if former is not None:
        former.superseded_at = at
        former.save(update_fields=["superseded_at"])
    count = Draw.objects.filter(season=held).count()
    inputs = draw_inputs(held, given)
    made = Draw.objects.create(
        season=held, number=count + 1, seed=given, reason=said, inputs=inputs, drawn_by=by, drawn_at=at
    )
    drawn = drawn_from(inputs, rules_of(held), per_item=per_item)
    made.record, made.lines = drawn.record.model_dump(mode="json"), drawn.lines
    made.sha256 = made.record["lines_sha256"]
    made.save(update_fields=["record", "lines", "sha256"])
    _assign(made, by, at)
    body = {"number": made.number, "seed": given, "sha256": made.sha256, "frame_sha256": made.record["frame_sha256"]}
    act = "draw_assessors" if former is None else "redraw_assessors"
    note(act, held, ("draw", made.pk), by, at, reason=said, body=body)
    return made


def drawn_from(inputs: dict[str, str], rules: Scheme, *, per_item: int | None = None) -> Drawn:
    """The draw these files give, as the command makes it. Raises Refused with what keeps it from being made."""
    with TemporaryDirectory(prefix="ceping-draw-") as name:
        folder = Path(name)
        for file, text in inputs.items():
            (folder / file).write_text(text, encoding="utf-8", newline="")
        drawn, findings = assessors_drawn(folder, AssessorRequest(per_item=per_item), instead=rules)
    if drawn is None:
        raise Refused(*errors_in(findings))
    return drawn


def _assign(draw: Draw, by: User, at: datetime) -> None:
    """The lines of the draw are the assignments; what was drawn before ends, what stands by hand stays."""
    season = draw.season
    entries = {one.institution.uscc: one.pk for one in entries_judged(season)}
    people: dict[str, Assessor] = {one.code: one for one in assessors_of(season)}
    Assignment.objects.filter(entry__season=season, way=Way.DRAWN, ended_at=None).update(ended_at=at)
    standing = set(
        Assignment.objects.filter(entry__season=season, ended_at=None).values_list("entry", "item", "assessor")
    )
    rows = [
        (entries[row["uscc"]], row["indicator_id"], people[row["assessor_id"]])
        for row in csv.DictReader(io.StringIO(draw.lines))
    ]
    Assignment.objects.bulk_create(
        (
            Assignment(
                entry_id=entry, item=item, assessor=who, way=Way.DRAWN, draw=draw, assigned_by=by, assigned_at=at
            )
            for entry, item, who in rows
            if (entry, item, who.pk) not in standing
        ),
        batch_size=_BATCH,
    )
    begin_sheets({(entry, who.pk) for entry, _, who in rows})
    renew_differences(set(entries.values()), at)


def _checked(seed: str) -> str:
    given = seed.strip()
    if not given or len(given) > MOST_SEED or not given.isprintable():
        raise Refused(fault("assess_seed_wanted", place="seed", most=MOST_SEED))
    return given
