"""A report that came back changed: just the marks it touches are asked for once more."""

from datetime import datetime

from django.db import transaction

from ceping.core.report.comparing import Change as Changed
from ceping.core.scheme.indicators import ScoredItem
from ceping.core.scheme.loading import Scheme
from ceping.ground.people.access import NotAllowed
from ceping.ground.people.models import User
from ceping.stages.assessment.access import why_not_lead
from ceping.stages.assessment.actions.differences import renew_difference
from ceping.stages.assessment.actions.shared import hold_entry, note, submission_of
from ceping.stages.assessment.models import Change, Mark, Sheet
from ceping.stages.assessment.queries import judged_in
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import difference
from ceping.stages.scheme.queries import rules_of


@transaction.atomic
def reopen_marks(*, entry: Entry, by: User, at: datetime) -> list[Mark]:
    """Marks that judged an earlier submission and whose places changed since are to be given anew; others move along.

    Their sheets are to be signed again. Answers the marks that were reopened. Raises NotAllowed.
    """
    held = hold_entry(entry)
    if why := why_not_lead(by, held.season):
        raise NotAllowed(why)
    now, rules = submission_of(held), rules_of(held.season)
    older = list(
        Mark.objects.select_for_update(of=("self",))
        .filter(sheet__entry=held)
        .exclude(submission=now)
        .select_related("submission", "sheet")
    )
    touched = {one: touched_items(rules, one, now) for one in {mark.submission for mark in older}}
    again = [one for one in older if one.item in touched[one.submission]]
    for one in again:
        one.state, one.version = MarkState.REOPENED, one.version + 1
        one.save(update_fields=["state", "version"])
        told = {"mark": one.mark, "coefficient": one.coefficient, "reason": one.reason}
        why_reopened = f"自评报告有改动（第 {now.number} 次提交）"
        Change.objects.create(
            mark=one, version=one.version, old=told, new=told, why=why_reopened, changed_by=by, changed_at=at
        )
    kept = [one.pk for one in older if one.item not in touched[one.submission]]
    Mark.objects.filter(pk__in=kept).update(submission=now)
    Sheet.objects.filter(pk__in={one.sheet_id for one in again}).update(signed_at=None, signed_sha256="")
    for item in sorted({one.item for one in again}):
        Mark.objects.filter(sheet__entry=held, item=item, state=MarkState.ADJUDICATED).update(state=MarkState.OPEN)
        renew_difference(held, item, at)
    if older:
        body = {"receipt": now.receipt, "items": sorted({one.item for one in again}), "count": len(again)}
        note("reopen_marks", held.season, ("entry", held.pk), by, at, body=body)
    return again


def touched_items(rules: Scheme, judged: Submission, now: Submission) -> set[str]:
    """The judged items whose fields, tables or files differ between the two submissions.

    A file names the indicators it proves, else its item of the checklist does. Where a leaf names no place of the form,
    any change of the report's words touches it.
    """
    changes = difference(judged, now)
    files = {
        str(one["file"]): (int(one.get("item") or 0), set(one.get("indicators", ())))
        for of in (judged, now)
        for one in of.report.get("attachments", ())
    }
    return {item.key for item in judged_in(rules) if any(_touches(item, change, files) for change in changes)}


def _touches(item: ScoredItem, change: Changed, files: dict[str, tuple[int, set[str]]]) -> bool:
    leaf = item.leaf
    if change.kind == "attachment":
        number, indicators = files.get(change.key, files.get(f"attachments/{change.key}", (0, set())))
        if indicators:
            return bool(indicators & {item.key, leaf.id})
        return number in leaf.checklist if leaf.checklist else True
    if change.kind == "commitment":
        return False
    places = set(leaf.fields)
    key = change.key.partition("/")[0]
    return key in places if places else True
