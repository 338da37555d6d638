"""What is verified (核定): a metric's value, a verdict on a file, and the lead's word on a false one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ceping.core.exact import NotANumber, decimal_of, short_text_of
from ceping.core.finding import fault
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.metrics import FromField, Metric
from ceping.core.scheme.rules import Tier, rules_in
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.assessment.access import is_lead, why_lead_apart, why_not_lead, why_not_verify
from ceping.stages.assessment.actions.shared import (
    Stale,
    hold_entry,
    note,
    role_of,
    submission_of,
    wanted_reason,
    words,
)
from ceping.stages.assessment.models import Change, EvidenceCheck, VerifiedValue
from ceping.stages.assessment.queries import values_wanted
from ceping.stages.assessment.states import Verdict
from ceping.stages.report.models import Entry
from ceping.stages.scheme.queries import rules_of


@transaction.atomic
def set_verified(
    *, entry: Entry, metric: str, value: str, reason: str, version: int, by: User, at: datetime
) -> VerifiedValue:
    """The metric's verified value, tied to the report as it is. A lead, and whoever changes one, says why.

    Raises NotAllowed; Refused for a metric nobody records and for a value out of its bounds; Stale.
    """
    held = _open(entry, by, at)
    known = values_wanted(held.season).get(metric)
    if known is None:
        raise Refused(fault("assess_no_metric", given=metric[:40]))
    said, fit = words(reason), fit_value(rules_of(held.season), metric, known, value)
    found = VerifiedValue.objects.select_for_update(of=("self",)).filter(entry=held, metric=metric)
    row = found.select_related("set_by").first()
    new = {"value": fit, "reason": said}
    if row is not None and {"value": row.value, "reason": row.reason} == new:
        return row
    if (row is None) != (version == 0) or (row is not None and row.version != version):
        if row is None:
            raise Refused(fault("assess_nothing_there"))
        raise Stale({"value": row.value, "reason": row.reason}, new, row.version, row.set_by, row.set_at)
    if (is_lead(by) or (row is not None and row.value != fit)) and not said:
        raise Refused(fault("assess_reason_wanted", place="reason"))
    old: dict[str, Any] = {}
    if row is None:
        row = VerifiedValue(entry=held, metric=metric, version=0)
    else:
        old = {"value": row.value, "reason": row.reason}
    row.submission, row.value, row.reason, row.version = submission_of(held), fit, said, row.version + 1
    row.set_by, row.set_at = by, at
    row.save()
    Change.objects.create(value=row, version=row.version, old=old, new=new, why=said, changed_by=by, changed_at=at)
    if old:
        body = {"metric": metric, "version": row.version, "from": old["value"], "to": fit}
        note("change_verified", held.season, ("entry", held.pk), by, at, role=role_of(by), reason=said, body=body)
    return row


@transaction.atomic
def check_evidence(
    *,
    entry: Entry,
    file: str,
    verdict: str,
    reason: str,
    version: int,
    on_site: bool = False,
    by: User,
    at: datetime,
) -> EvidenceCheck:
    """The verdict on a file of the report in force; all but 真实 needs its reason, and a lead always gives one.

    Raises NotAllowed; Refused for a file the report has not; Stale. A changed verdict is to be confirmed anew.
    """
    held = _open(entry, by, at)
    submission = submission_of(held)
    hashes = {str(one["file"]): str(one.get("sha256", "")) for one in submission.report.get("attachments", ())}
    if file not in hashes:
        raise Refused(fault("assess_no_file", given=file[:80]))
    if verdict not in Verdict.values:
        raise Refused(fault("assess_no_verdict", given=verdict[:20]))
    said = words(reason)
    if not said and (verdict != Verdict.GENUINE or is_lead(by)):
        raise Refused(fault("assess_reason_wanted", place="reason"))
    row = (
        EvidenceCheck.objects.select_for_update(of=("self",))
        .select_related("checked_by")
        .filter(entry=held, file=file)
        .first()
    )
    new = {"verdict": verdict, "reason": said, "on_site": on_site}
    old = _told(row) if row is not None else {}
    if row is not None and old == new and row.sha256 == hashes[file]:
        return row
    if row is not None and row.version != version:
        raise Stale(old, new, row.version, row.checked_by, row.checked_at)
    if row is None:
        row = EvidenceCheck(entry=held, file=file, version=0)
    row.submission, row.sha256, row.verdict, row.reason = submission, hashes[file], verdict, said
    row.on_site, row.version, row.checked_by, row.checked_at = on_site, row.version + 1, by, at
    row.confirmed_by, row.confirmed_at = None, None
    row.save()
    Change.objects.create(check_of=row, version=row.version, old=old, new=new, why=said, changed_by=by, changed_at=at)
    if old or verdict == Verdict.FALSE:
        body = {"file": row.sha256[:12], "version": row.version, "verdict": verdict}
        note("check_evidence", held.season, ("entry", held.pk), by, at, role=role_of(by), reason=said, body=body)
    return row


@transaction.atomic
def confirm_false(*, check: EvidenceCheck, confirmed: bool, reason: str, by: User, at: datetime) -> EvidenceCheck:
    """A lead confirms that a file is false, which opens the veto, or says that it is only doubtful; with the reason."""
    held_entry = hold_entry(check.entry)
    if why := why_not_lead(by, held_entry.season) or why_lead_apart(by, held_entry):
        raise NotAllowed(why)
    said = wanted_reason(reason)
    row = EvidenceCheck.objects.select_for_update().get(pk=check.pk)
    if row.verdict != Verdict.FALSE or row.confirmed_at is not None:
        raise Refused(fault("assess_not_false"))
    if row.checked_by_id == by.pk:
        raise NotAllowed(fault("assess_own_verdict"))
    old = _told(row)
    if confirmed:
        row.confirmed_by, row.confirmed_at = by, at
    else:
        row.verdict, row.reason = Verdict.DOUBTFUL, said
        row.checked_by, row.checked_at = by, at
    row.version += 1
    row.save()
    new = _told(row) | {"confirmed": confirmed}
    Change.objects.create(check_of=row, version=row.version, old=old, new=new, why=said, changed_by=by, changed_at=at)
    body = {"file": row.sha256[:12], "accepted": confirmed}
    note("confirm_false", held_entry.season, ("entry", held_entry.pk), by, at, reason=said, body=body)
    return row


def fit_value(rules: Scheme, name: str, metric: Metric, text: str) -> str:
    """The value as it is kept. Raises Refused for what the metric cannot hold."""
    given = text.strip()
    if metric.type == "yes_no":
        words_of = {"yes": "是", "no": "否"}
    elif metric.type == "choice":
        words_of = choices_of(rules, name, metric)
    else:
        return _number(metric, given)
    chosen = next((word for word, chinese in words_of.items() if given in (word, chinese)), None)
    if chosen is None and (words_of or not given):
        raise Refused(fault("assess_value_choice", place="value", given=given[:40], known="、".join(words_of.values())))
    return chosen or words(given, 200)


def choices_of(rules: Scheme, name: str, metric: Metric) -> dict[str, str]:
    """The words a metric may hold: those of the field it is claimed in, else those its rules know."""
    if isinstance(metric.claimed, FromField):
        field = rules.form.field_by_id.get(metric.claimed.field)
        if field is not None and field.options:
            return {option.id: option.label for option in field.options}
    inner = [rule for item in rules.scored for rule in rules_in(item.item.rule)]
    tiers = [rule for rule in inner if isinstance(rule, Tier) and rule.metric == name]
    return {choice.value: choice.value for rule in tiers for choice in rule.choices}


def _number(metric: Metric, given: str) -> str:
    try:
        value = decimal_of(given) if len(given) <= 40 else None
    except NotANumber:
        value = None
    if value is None:
        raise Refused(fault("assess_value_number", place="value", given=given[:40] or "空"))
    low, high = metric.least, metric.most
    if (low is not None and value < low) or (high is not None and value > high):
        least = "—" if low is None else short_text_of(low)
        most = "—" if high is None else short_text_of(high)
        raise Refused(fault("assess_value_bounds", place="value", given=given[:40], least=least, most=most))
    return short_text_of(value)


def _open(entry: Entry, by: User, at: datetime) -> Entry:
    held = hold_entry(entry)
    if why := why_not_verify(by, held, at):
        raise NotAllowed(why)
    return held


def _told(row: EvidenceCheck) -> dict[str, Any]:
    return {"verdict": row.verdict, "reason": row.reason, "on_site": row.on_site}
