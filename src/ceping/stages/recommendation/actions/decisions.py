"""Decisions: an entry is put forward within gates and quota, or not with the reason, and that is undone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Area, User
from ceping.stages.recommendation.access import why_not_recommend
from ceping.stages.recommendation.actions.shared import check_now, hold_area_of, number_ranks, record_entry
from ceping.stages.recommendation.models import Putting
from ceping.stages.recommendation.queries import put_forward, quota_for, told_by, unmet_words
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import last_submission, report_in
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


@transaction.atomic
def note_decision(
    *,
    entry: Entry,
    forward: bool,
    category: str = "",
    reason: str = "",
    judged: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> Putting:
    """The entry is put forward at the end of the ranks, or not with the reason.

    `judged` says, by gate id, why a person holds a gate to be met that the report alone does not answer. Raises
    NotAllowed; Refused when a gate is not met or not answered, a quota is full, a category was not ticked or changed
    without a reason.
    """
    # One decision of an area at a time, so that two colleagues cannot both take the last place.
    area = hold_area_of(entry)
    if why := why_not_recommend(by, entry, at):
        raise NotAllowed(why)
    submission = last_submission(entry)
    if submission is None or area is None:
        raise Refused(fault("recommend_not_submitted", state="未提交"))
    chosen = category or submission.category
    answered: dict[str, str] = {}
    if forward:
        answered = _check_gates(entry, submission, judged or {})
        _check_category(entry, submission, chosen, reason)
        _check_quota(entry.season, area, chosen)
    elif not reason.strip():
        raise Refused(fault("recommend_reason_wanted"))
    last = put_forward(entry.season, area).aggregate(last=Max("rank"))["last"] or 0
    made = Putting.objects.create(
        entry=entry,
        submission=submission,
        area=area,
        forward=forward,
        rank=last + 1 if forward else None,
        category=chosen,
        reason=reason.strip(),
        judged=answered,
        put_by=by,
        put_at=at,
    )
    act = "put_forward" if forward else "not_put_forward"
    body = {"receipt": submission.receipt, "category": chosen, "judged": sorted(answered)}
    record_entry(act, entry, by, at, reason=reason, body=body)
    return made


@transaction.atomic
def undo_decision(*, entry: Entry, by: User, at: datetime) -> Putting:
    """The decision about the entry is taken back; ranks behind it close up. Raises NotAllowed and Refused."""
    area = hold_area_of(entry)
    if area is None:
        raise NotAllowed(fault("recommend_not_your_area"))
    check_now(entry.season, area, by, at)
    made = Putting.objects.select_for_update().filter(entry=entry, undone_at=None).first()
    if made is None:
        raise Refused(fault("recommend_nothing_to_undo"))
    made.undone_by, made.undone_at = by, at
    made.save(update_fields=["undone_by", "undone_at"])
    number_ranks(list(put_forward(entry.season, area)))
    record_entry("undo_recommendation", entry, by, at, body={"forward": made.forward})
    return made


def _check_gates(entry: Entry, submission: Submission, judged: Mapping[str, str]) -> dict[str, str]:
    """The reasons given for gates only a person can answer. Raises Refused for one unmet, or left unanswered."""
    told = told_by(submission, rules_of(entry.season))
    if told.unmet:
        raise Refused(fault("recommend_gate_unmet", numbers=unmet_words(told.unmet)))
    answered = {gate.gate.id: judged.get(gate.gate.id, "").strip() for _, gate in told.undecided}
    left = [number for number, gate in told.undecided if not answered[gate.gate.id]]
    if left:
        raise Refused(fault("recommend_gate_open", numbers=unmet_words(left)))
    return answered


def _check_category(entry: Entry, submission: Submission, chosen: str, reason: str) -> None:
    ticked = report_in(submission.report).answer(rules_of(entry.season).form, "categories")
    if isinstance(ticked, tuple) and ticked and chosen not in ticked:
        raise Refused(fault("draft_category_not_ticked", given=chosen[:40]))
    if chosen != submission.category and not reason.strip():
        raise Refused(fault("recommend_category_reason"))


def _check_quota(season: Season, area: Area, category: str) -> None:
    standing = put_forward(season, area)
    for key, count in ((category, standing.filter(category=category).count()), ("", standing.count())):
        most = quota_for(season, area, key)
        if most is not None and count >= most:
            raise Refused(fault("recommend_quota_full", most=most))
