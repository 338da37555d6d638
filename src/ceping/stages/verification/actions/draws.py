"""Draws: the clients of every list drawn by the recorded seed, and drawn again by another with the reason."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.folder.columns import STRATA
from ceping.folder.drawing import Client as Listed
from ceping.folder.drawing import Size
from ceping.folder.drawing import draw_clients as lines_of
from ceping.folder.draws import Asked, draw_from
from ceping.folder.terms import MOST_SAMPLE
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.verification.actions.lists import checked_seed, keep_seed
from ceping.stages.verification.actions.shared import hold_survey, record_survey, wanted_reason
from ceping.stages.verification.models import Appointment, Client, Draw, Drawn, Link, Survey
from ceping.stages.verification.queries import draw_in_force, table_of
from ceping.stages.verification.states import SurveyState

_BATCH = 5_000


@transaction.atomic
def draw_clients(*, survey: Survey, size: Size | None = None, strata: str = "", by: User, at: datetime) -> Draw:
    """The clients of every frozen list are drawn by the recorded seed, as many as the scheme says unless `size` does.

    `strata` is a column of the list by whose values the draw is split. Raises NotAllowed; Refused for a size or column
    there is not.
    """
    held = hold_survey(survey, by, SurveyState.FROZEN)
    made = _draw(held, str(held.season.seeds.get("clients", "")), size, strata, "", by, at)
    held.state = SurveyState.DRAWN
    held.save(update_fields=["state"])
    record_survey("draw_clients", held, by, at, body=_told(made))
    return made


@transaction.atomic
def redraw_clients(
    *, survey: Survey, seed: str, reason: str, size: Size | None = None, strata: str = "", by: User, at: datetime
) -> Draw:
    """A draw by another seed takes the place of the one in force, which is kept with everything called under it.

    Calls to clients that are drawn again count; those to others no longer do. Raises NotAllowed; Refused without a
    reason and for a seed that was used before.
    """
    held = hold_survey(survey, by, SurveyState.DRAWN, SurveyState.CALLING)
    said, given = wanted_reason(reason), checked_seed(seed)
    if held.draws.filter(seed=given).exists():
        raise Refused(fault("verify_seed_used", place="seed"))
    last = draw_in_force(held)
    if last is not None:
        last.superseded_at = at
        last.save(update_fields=["superseded_at"])
    season = Season.objects.select_for_update().get(pk=held.season_id)
    keep_seed(season, given)
    made = _draw(held, given, size, strata, said, by, at)
    # Nobody is called, or answers, who was not drawn again.
    gone = Client.objects.filter(frame__survey=held).exclude(drawn__draw=made)
    Appointment.objects.filter(client__in=gone, ended_at=None).update(ended_at=at)
    Link.objects.filter(client__in=gone, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    record_survey("redraw_clients", held, by, at, reason=said, body=_told(made))
    return made


def _draw(survey: Survey, seed: str, size: Size | None, strata: str, reason: str, by: User, at: datetime) -> Draw:
    table, rules = table_of(survey.season), rules_of(survey.season)
    if table is None:
        raise Refused(fault("draw_no_verification", scheme=rules.label))
    if strata and strata not in STRATA:
        raise Refused(fault("verify_strata", place="strata", given=strata[:40]))
    z = table.interval.z
    wanted = size or Size("fixed", table.sample.size, z=z)
    if wanted.rule == "fixed" and not 1 <= wanted.count <= MOST_SAMPLE:
        raise Refused(fault("verify_size", place="size", most=MOST_SAMPLE))
    wanted = Size(wanted.rule, wanted.count, wanted.margin, wanted.share, z)
    codes = dict(survey.frames.values_list("pk", "entry__institution__uscc"))
    clients = {(codes[one.frame_id], one.key): one for one in Client.objects.filter(frame__survey=survey).order_by()}
    listed = [
        Listed(uscc, key, one.told("name"), one.told(strata) if strata else "") for (uscc, key), one in clients.items()
    ]
    asked = Asked(seed, wanted, strata, table.sample.reserves)
    found = draw_from(listed, asked, scheme=rules.label, scheme_sha256=rules.sha256)
    made = Draw.objects.create(
        survey=survey,
        number=survey.draws.count() + 1,
        seed=seed,
        reason=reason,
        record=found.record.model_dump(mode="json"),
        lines=found.lines,
        sha256=found.record.lines_sha256,
        drawn_by=by,
        drawn_at=at,
    )
    Drawn.objects.bulk_create(
        (
            Drawn(
                draw_id=made.pk,
                client_id=clients[line.uscc, line.key].pk,
                frame_id=clients[line.uscc, line.key].frame_id,
                position=line.position,
                role=line.role,
                stratum=line.stratum[:200],
            )
            for line in lines_of(listed, seed=seed, size=wanted, reserves=table.sample.reserves)
        ),
        batch_size=_BATCH,
    )
    return made


def _told(draw: Draw) -> dict[str, object]:
    """What the journal keeps of a draw: from here on the seed is known to all who read it."""
    record = draw.record
    return {
        "number": draw.number,
        "seed": draw.seed,
        "sample": record["sample"],
        "reserve": record["reserve"],
        "sha256": draw.sha256,
        "frame_sha256": record["frame_sha256"],
    }
