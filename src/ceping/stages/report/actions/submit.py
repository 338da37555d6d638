"""Handing in and taking back: all or nothing, once however often the button is pressed, with a receipt to read out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from stdnum import luhn

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.report import Report
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.messages.actions import said_on
from ceping.ground.messages.events import Event
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.access import closes_at, why_not_withdraw, why_not_write
from ceping.stages.report.actions.draft import accept_commitment
from ceping.stages.report.actions.told import tell_entry
from ceping.stages.report.models import Entry, Paper, Submission
from ceping.stages.report.queries import findings_for, last_submission, report_data, report_in
from ceping.stages.report.queries.draft import report_sha256
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.queries import rules_of


class ReportIncomplete(Refused):
    """The draft has faults that keep it from being submitted; `findings` are all of them."""


@transaction.atomic
def submit_report(
    *,
    entry: Entry,
    key: UUID,
    category: str,
    let_stand: Sequence[tuple[str, str]],
    by: User,
    at: datetime,
    signer: str = "",
) -> Submission:
    """The report is submitted as it stands, with its receipt; the same `key` again answers the same submission.

    `at` is when the server had read the head of the request: the deadline counts that. `category` is the one 申报类别
    among those ticked; `let_stand` are code and place of what the report was asked about and stays as it is. `signer`
    accepts the truth commitment with the same press. Raises NotAllowed, ReportIncomplete, and Refused for a category
    that is not ticked or a name that must not sign.
    """
    locked = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution__area")
        .get(pk=entry.pk)
    )
    if done := Submission.objects.filter(entry=locked, key=key).first():
        return done
    if reason := why_not_write(by, locked, at):
        raise NotAllowed(reason)
    if signer.strip():
        accept_commitment(entry=locked, name=signer, by=by, at=at)
    data = report_data(locked)
    findings = findings_for(locked, data)
    if errors := errors_in(findings):
        raise ReportIncomplete(*errors)
    if asked := _not_answered(findings, let_stand):
        raise ReportIncomplete(*asked)
    _check_category(locked, report_in(data), category)
    number = (locked.submissions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = Submission.objects.create(
        entry=locked,
        number=number,
        key=key,
        receipt=_receipt(locked, number),
        report=data,
        report_sha256=report_sha256(data),
        scheme_sha256=locked.season.scheme.sha256,
        category=category,
        let_stand=[list(pair) for pair in let_stand],
        submitted_by=by,
        submitted_at=at,
    )
    Paper.objects.create(submission=made)
    locked.state, locked.category, locked.changed_at = EntryState.SUBMITTED, category, at
    locked.opening = None
    locked.save(update_fields=["state", "category", "changed_at", "opening"])
    tell_entry(Event.RECEIPT, locked, at=at, once=made.receipt, values={"receipt": made.receipt})
    about, chain = ("entry", locked.pk), season_chain(locked.season_id)
    body = {"number": number, "receipt": made.receipt, "report_sha256": made.report_sha256}
    record("submit_report", by=by, role=Role.INSTITUTION, at=at, about=about, chain=chain, body=body)
    return made


@transaction.atomic
def withdraw_report(*, entry: Entry, by: User, at: datetime) -> Entry:
    """The submission in force is taken back and the report is a draft again. Raises NotAllowed."""
    locked = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution__area")
        .get(pk=entry.pk)
    )
    if reason := why_not_withdraw(by, locked, at):
        raise NotAllowed(reason)
    taken = last_submission(locked)
    if taken is not None:
        taken.withdrawn_at = at
        taken.save(update_fields=["withdrawn_at"])
    locked.state, locked.changed_at = EntryState.DRAFT, at
    locked.save(update_fields=["state", "changed_at"])
    receipt = taken.receipt if taken is not None else ""
    closes = closes_at(locked)
    values = {"receipt": receipt, "due": said_on(closes) if closes is not None else ""}
    tell_entry(Event.WITHDRAWN, locked, at=at, once=receipt, values=values, to_recommender=True)
    record(
        "withdraw_report",
        by=by,
        role=Role.INSTITUTION,
        at=at,
        about=("entry", locked.pk),
        chain=season_chain(locked.season_id),
        body={"receipt": receipt},
    )
    return locked


def _not_answered(findings: Sequence[Finding], let_stand: Sequence[tuple[str, str]]) -> list[Finding]:
    """The questions nobody said a word about."""
    answered = set(let_stand)
    return [
        finding
        for finding in findings
        if finding.level is Level.WARNING and (finding.code, finding.place) not in answered
    ]


def _check_category(entry: Entry, report: Report, category: str) -> None:
    form = rules_of(entry.season).form
    ticked = report.answer(form, "categories") if "categories" in form.field_by_id else ()
    if isinstance(ticked, tuple) and ticked and category not in ticked:
        raise Refused(fault("draft_category_not_ticked", given=category[:40]))


def _receipt(entry: Entry, number: int) -> str:
    """Digits in groups that can be read out: year, entry, count, and a check digit over them."""
    digits = f"{entry.season.from_on.year}{entry.pk:06d}{number:02d}"
    digits += luhn.calc_check_digit(digits)
    return f"{digits[:4]}-{digits[4:7]}-{digits[7:10]}-{digits[10:]}"
