"""Seed, frozen lists, signals: the seed is recorded before the lists are frozen, and told with the draw."""

import hashlib
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.core.report import Report, distinct_clients
from ceping.core.scheme.verification import VerificationFile
from ceping.folder.drawing import Client as Listed
from ceping.folder.drawing import frame_hash
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import last_submission, report_in
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.verification.access import why_not_in, why_not_lead, why_not_organise
from ceping.stages.verification.actions.shared import hold_survey, record_survey, wanted_reason
from ceping.stages.verification.models import Client, Frame, Signals, Survey
from ceping.stages.verification.queries import entries_to_freeze, signals_of, table_of
from ceping.stages.verification.queries.signals import ACROSS, Beside, beside, rows_across, rows_within
from ceping.stages.verification.states import SurveyState

LONGEST_SEED, LONGEST_DOCUMENT = 200, 300
_TOLD = ("name", "contact", "phone", "service")
_BATCH = 2_000


@transaction.atomic
def record_seed(*, season: Season, seed: str, by: User, at: datetime) -> Survey:
    """The seed of the draw is recorded before any list is frozen; the journal holds its hash until the draw tells it.

    Raises NotAllowed; Refused without a seed, for one too long or not printable, and once one is recorded.
    """
    held = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=season.pk)
    if why := why_not_lead(by) or why_not_in(held):
        raise NotAllowed(why)
    if table_of(held) is None:
        raise Refused(fault("draw_no_verification", scheme=rules_of(held).label))
    if Survey.objects.filter(season=held).exists():
        raise Refused(fault("verify_seed_recorded"))
    keep_seed(held, checked_seed(seed))
    made = Survey.objects.create(season=held, seeded_by=by, seeded_at=at)
    body = {"seed_sha256": hashlib.sha256(seed.strip().encode()).hexdigest()}
    record_survey("record_seed", made, by, at, body=body)
    return made


def checked_seed(seed: str) -> str:
    """The seed without its edges. Raises Refused when it is none."""
    said = seed.strip()
    if not said or not said.isprintable() or len(said) > LONGEST_SEED:
        raise Refused(fault("verify_seed_wanted", place="seed", most=LONGEST_SEED))
    return said


def keep_seed(season: Season, seed: str) -> None:
    """The seed stands in the season, from where its folder takes it; called with the season locked."""
    season.seeds = {**season.seeds, "clients": seed}
    season.save(update_fields=["seeds"])


@transaction.atomic
def freeze_frame(*, survey: Survey, by: User, at: datetime) -> Survey:
    """Every list as its submission in force has it: distinct, in list order, C0001 first, sealed and hashed.

    Raises NotAllowed; Refused when nobody was put forward.
    """
    held = hold_survey(survey, by, SurveyState.SEEDED)
    table = table_of(held.season)
    entries = list(entries_to_freeze(held.season))
    if table is None or not entries:
        raise Refused(fault("verify_nobody"))
    rules = rules_of(held.season)
    listed: list[Listed] = []
    said: list[Beside] = []
    rows: list[Client] = []
    for entry in entries:
        submission = last_submission(entry)
        if submission is None:
            raise Refused(fault("verify_no_submission", name=entry.institution.name))
        report = report_in(submission.report)
        mine, clients = _freeze(held, entry, submission, report, table)
        listed += mine
        rows += clients
        said.append(beside(report, entry.institution.uscc, rules))
    Client.objects.bulk_create(rows, batch_size=_BATCH)
    held.state, held.frozen_by, held.frozen_at = SurveyState.FROZEN, by, at
    held.frame_sha256, held.list_sha256 = frame_hash(listed), frame_hash(listed, names=True)
    held.save(update_fields=["state", "frozen_by", "frozen_at", "frame_sha256", "list_sha256"])
    _keep_signals(held, rows_within(held, said), at)
    body = {"frames": len(entries), "clients": len(listed), "sha256": held.frame_sha256}
    record_survey("freeze_frame", held, by, at, body=body)
    return held


def _freeze(
    survey: Survey, entry: Entry, submission: Submission, report: Report, table: VerificationFile
) -> tuple[list[Listed], list[Client]]:
    """The list of one entry with its rows, which are not stored yet."""
    uscc = entry.institution.uscc
    rows = distinct_clients(report, table=table.frame.table, column=table.frame.column)
    told = [
        {**{name: str(row.get(name, "")) for name in _TOLD}, "name": str(row.get(table.frame.column, ""))}
        for row in rows
    ]
    listed = [Listed(uscc, f"C{place:04d}", one["name"]) for place, one in enumerate(told, start=1)]
    frame = Frame.objects.create(
        survey=survey,
        entry=entry,
        submission=submission,
        count=len(listed),
        sha256=frame_hash(listed, names=True),
    )
    made = [
        Client(frame=frame, key=one.key, particulars=particulars) for one, particulars in zip(listed, told, strict=True)
    ]
    return listed, made


def _keep_signals(survey: Survey, rows: list[dict[str, object]], at: datetime) -> None:
    """These are the signals from now on."""
    across = survey.authorised_at is not None
    worked_out = {"across": across, "rows": rows, "count": len(rows), "made_at": at}
    Signals.objects.update_or_create(survey=survey, defaults=worked_out)


def _within(survey: Survey) -> list[dict[str, object]]:
    """The kept signals without those that come of comparing lists."""
    return [dict(row) for row in signals_of(survey) if row["code"] != ACROSS]


@transaction.atomic
def authorise_comparison(*, survey: Survey, document: str, reason: str, by: User, at: datetime) -> Survey:
    """The organiser allows the lists of institutions to be compared (关联分析), by a document and with a reason.

    Raises NotAllowed; Refused without them, before the lists are frozen, and when it is allowed already.
    """
    held = _held_by_organiser(survey, by)
    said, given = wanted_reason(reason), document.strip()
    if not given or len(given) > LONGEST_DOCUMENT:
        raise Refused(fault("verify_document_wanted", place="document", most=LONGEST_DOCUMENT))
    if held.state == SurveyState.SEEDED or held.authorised_at is not None:
        raise Refused(fault("verify_authorised"))
    held.document, held.authorised_by, held.authorised_at = given, by, at
    held.save(update_fields=["document", "authorised_by", "authorised_at"])
    _keep_signals(held, [*_within(held), *rows_across(held)], at)
    body = {"document": given}
    record_survey("authorise_comparison", held, by, at, role=Role.ORGANISER, reason=said, body=body)
    return held


@transaction.atomic
def withdraw_authorisation(*, survey: Survey, reason: str, by: User, at: datetime) -> Survey:
    """The lists are no longer compared, and what that showed is gone. Raises NotAllowed, Refused."""
    held = _held_by_organiser(survey, by)
    said = wanted_reason(reason)
    if held.authorised_at is None:
        raise Refused(fault("verify_not_authorised"))
    held.document, held.authorised_by, held.authorised_at = "", None, None
    held.save(update_fields=["document", "authorised_by", "authorised_at"])
    _keep_signals(held, _within(held), at)
    record_survey("withdraw_authorisation", held, by, at, role=Role.ORGANISER, reason=said)
    return held


def _held_by_organiser(survey: Survey, by: User) -> Survey:
    if why := why_not_organise(by):
        raise NotAllowed(why)
    return Survey.objects.select_for_update(of=("self",)).select_related("season__scheme").get(pk=survey.pk)
