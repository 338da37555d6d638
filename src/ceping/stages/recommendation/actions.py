"""Changes of recommendation: returns, decisions, ranks, quotas, issued tables; through `flow` where an entry moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import fault
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act, Role
from ceping.stages.recommendation.access import is_own_area, why_not_now, why_not_recommend
from ceping.stages.recommendation.models import Issue, Putting, Quota, Remark, Return
from ceping.stages.recommendation.queries import put_forward, quota_for, summary_rows
from ceping.stages.report.access import why_not_write
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import content_sha256, last_submission, report_in
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

MOST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Note:
    """A remark to be made: what it is bound to, and its words."""

    kind: str
    key: str
    text: str


@transaction.atomic
def note_return(*, entry: Entry, remarks: Sequence[Note], due_at: datetime, by: User, at: datetime) -> Return:
    """The submission in force is given back with numbered remarks. Raises NotAllowed, Refused without a remark."""
    if reason := why_not_recommend(by, entry, at):
        raise NotAllowed(reason)
    said = [note for note in remarks if note.text.strip()]
    if not said:
        raise Refused(fault("recommend_no_remark"))
    if due_at <= at:
        raise Refused(fault("recommend_due_passed"))
    submission = last_submission(entry)
    if submission is None:
        raise Refused(fault("recommend_not_submitted", state="未提交"))
    made = Return.objects.create(submission=submission, due_at=due_at, returned_by=by, returned_at=at)
    Remark.objects.bulk_create(
        Remark(returned=made, number=number, kind=note.kind, key=note.key, text=note.text.strip())
        for number, note in enumerate(said, start=1)
    )
    body = {"receipt": submission.receipt, "remarks": len(said), "due_at": due_at.isoformat()}
    _record("return_report", entry, by, at, body=body)
    return made


@transaction.atomic
def note_decision(
    *, entry: Entry, forward: bool, category: str = "", reason: str = "", by: User, at: datetime
) -> Putting:
    """The entry is put forward at the end of the ranks, or not with the reason.

    Raises NotAllowed; Refused when a quota is full, a category was not ticked or changed without a reason.
    """
    # One decision of an area at a time, so that two colleagues cannot both take the last place.
    _hold(entry)
    if why := why_not_recommend(by, entry, at):
        raise NotAllowed(why)
    submission = last_submission(entry)
    area = entry.institution.area
    if submission is None or area is None:
        raise Refused(fault("recommend_not_submitted", state="未提交"))
    chosen = category or submission.category
    if forward:
        _check_category(entry, submission.report, chosen, submission.category, reason)
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
        put_by=by,
        put_at=at,
    )
    act = "put_forward" if forward else "not_put_forward"
    _record(act, entry, by, at, reason=reason, body={"receipt": submission.receipt, "category": chosen})
    return made


@transaction.atomic
def undo_decision(*, entry: Entry, by: User, at: datetime) -> Putting:
    """The decision about the entry is taken back; ranks behind it close up. Raises NotAllowed and Refused."""
    area = _hold(entry)
    if area is None or not is_own_area(by, area):
        raise NotAllowed(fault("recommend_not_your_area"))
    if why := why_not_now(entry.season, area, at):
        raise NotAllowed(why)
    made = Putting.objects.select_for_update().filter(entry=entry, undone_at=None).first()
    if made is None:
        raise Refused(fault("recommend_nothing_to_undo"))
    made.undone_by, made.undone_at = by, at
    made.save(update_fields=["undone_by", "undone_at"])
    _number(list(put_forward(entry.season, area)))
    _record("undo_recommendation", entry, by, at, body={"forward": made.forward})
    return made


@transaction.atomic
def rank_entries(*, season: Season, area: Area, order: Sequence[int], by: User, at: datetime) -> list[Putting]:
    """What the area put forward stands in this order of entry numbers. Raises Refused unless it names each once."""
    Area.objects.select_for_update().get(pk=area.pk)
    if not is_own_area(by, area):
        raise NotAllowed(fault("recommend_not_your_area"))
    if why := why_not_now(season, area, at):
        raise NotAllowed(why)
    standing = {putting.entry_id: putting for putting in put_forward(season, area)}
    if sorted(order) != sorted(standing):
        raise Refused(fault("recommend_order_incomplete"))
    ordered = [standing[number] for number in order]
    _number(ordered)
    about = ("area", area.pk)
    record(
        "rank_entries",
        by=by,
        role=Role.RECOMMENDER,
        at=at,
        about=about,
        chain=season_chain(season.pk),
        body={"order": list(order)},
    )
    return ordered


@transaction.atomic
def set_quota(
    *, season: Season, area: Area, category: str, most: int | None, reason: str, by: User, at: datetime
) -> Quota:
    """The area may put forward so many of the category, or of all when it is empty; None lifts the bound."""
    if not hats_for(by, Act.CHANGE_CALENDAR):
        raise NotAllowed(fault("season_not_organiser"))
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))
    made = Quota.objects.create(
        season=season, area=area, category=category, most=most, reason=reason.strip(), set_by=by, set_at=at
    )
    record(
        "set_quota",
        by=by,
        role=Role.ORGANISER,
        at=at,
        about=("area", area.pk),
        chain=season_chain(season.pk),
        reason=reason.strip(),
        body={"category": category, "most": most},
    )
    return made


@transaction.atomic
def issue_table(*, season: Season, area: Area, filled_on: date, by: User, at: datetime) -> Issue:
    """The summary table is issued as it stands; nothing of the area's recommendation changes after that."""
    Area.objects.select_for_update().get(pk=area.pk)
    if not is_own_area(by, area):
        raise NotAllowed(fault("recommend_not_your_area"))
    if why := why_not_now(season, area, at):
        raise NotAllowed(why)
    rows = summary_rows(season, area)
    if not rows:
        raise Refused(fault("recommend_nothing_to_issue"))
    number = (Issue.objects.filter(season=season, area=area).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Issue.objects.create(
        season=season,
        area=area,
        number=number,
        filled_on=filled_on,
        rows=rows,
        sha256=content_sha256({"area": area.code, "filled_on": filled_on.isoformat(), "rows": rows}),
        issued_by=by,
        issued_at=at,
    )
    _record_issue("issue_table", made, by, at)
    return made


@transaction.atomic
def attach_scan(*, issue: Issue, scan: File, by: User, at: datetime) -> Issue:
    """The sealed scan of the issued table is kept with it; a later one takes the place of the former."""
    locked = Issue.objects.select_for_update(of=("self",)).select_related("area", "season").get(pk=issue.pk)
    if not is_own_area(by, locked.area):
        raise NotAllowed(fault("recommend_not_your_area"))
    locked.scan, locked.scanned_at = scan, at
    locked.save(update_fields=["scan", "scanned_at"])
    _record_issue("attach_scan", locked, by, at, scan=scan.blob.sha256)
    return locked


@transaction.atomic
def revoke_issue(*, issue: Issue, reason: str, by: User, at: datetime) -> Issue:
    """The issued table no longer counts and the area may go on; the organiser's act, with a reason."""
    if not hats_for(by, Act.CHANGE_CALENDAR):
        raise NotAllowed(fault("season_not_organiser"))
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))
    locked = Issue.objects.select_for_update(of=("self",)).select_related("area", "season").get(pk=issue.pk)
    if locked.revoked_at is None:
        locked.revoked_by, locked.revoked_at, locked.revoke_reason = by, at, reason.strip()
        locked.save(update_fields=["revoked_by", "revoked_at", "revoke_reason"])
        _record_issue("revoke_issue", locked, by, at, reason=reason.strip())
    return locked


def _hold(entry: Entry) -> Area | None:
    """The entry's area, locked: its decisions come one after the other."""
    number = entry.institution.area_id
    return Area.objects.select_for_update().get(pk=number) if number is not None else None


def _check_category(entry: Entry, report: Mapping[str, object], chosen: str, given: str, reason: str) -> None:
    ticked = report_in(report).answer(rules_of(entry.season).form, "categories")
    if isinstance(ticked, tuple) and ticked and chosen not in ticked:
        raise Refused(fault("draft_category_not_ticked", given=chosen[:40]))
    if chosen != given and not reason.strip():
        raise Refused(fault("recommend_category_reason"))


def _check_quota(season: Season, area: Area, category: str) -> None:
    standing = put_forward(season, area)
    for key, count in ((category, standing.filter(category=category).count()), ("", standing.count())):
        most = quota_for(season, area, key)
        if most is not None and count >= most:
            raise Refused(fault("recommend_quota_full", most=most))


def _number(puttings: Sequence[Putting]) -> None:
    for rank, putting in enumerate(puttings, start=1):
        putting.rank = rank
    Putting.objects.bulk_update(puttings, ["rank"])


def _record(
    act: str, entry: Entry, by: User, at: datetime, *, reason: str = "", body: Mapping[str, object] | None = None
) -> None:
    about = ("entry", entry.pk)
    chain = season_chain(entry.season_id)
    record(act, by=by, role=Role.RECOMMENDER, at=at, about=about, chain=chain, reason=reason.strip(), body=body)


def _record_issue(act: str, issue: Issue, by: User, at: datetime, *, reason: str = "", scan: str = "") -> None:
    body = {"number": issue.number, "rows": len(issue.rows), "sha256": issue.sha256}
    if scan:
        body["scan"] = scan
    role = Role.ORGANISER if reason else Role.RECOMMENDER
    chain = season_chain(issue.season_id)
    record(act, by=by, role=role, at=at, about=("area", issue.area_id), chain=chain, reason=reason, body=body)


@transaction.atomic
def answer_remark(*, remark: Remark, answer: str, by: User, at: datetime) -> Remark:
    """The institution says what it changed about a remark, or why nothing; while it may write, the last word stands.

    Raises NotAllowed.
    """
    held = Remark.objects.select_for_update(of=("self",)).select_related("returned__submission").get(pk=remark.pk)
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution")
        .get(pk=held.returned.submission.entry_id)
    )
    if why := why_not_write(by, entry, at):
        raise NotAllowed(why)
    held.answer = answer.strip()[:MOST_ANSWER]
    held.save(update_fields=["answer"])
    record(
        "answer_remark",
        by=by,
        role=Role.INSTITUTION,
        at=at,
        about=("remark", held.pk),
        chain=season_chain(entry.season_id),
        body={"number": held.number, "receipt": held.returned.submission.receipt},
    )
    return held
