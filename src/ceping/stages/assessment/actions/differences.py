"""Differences over the limit: opened when the last sheet of an item opens, decided by a third or a lead, lapsing."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from ceping.core.assessment import adjudication_due, difference
from ceping.core.exact import short_text_of
from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import is_lead, why_not_decide, why_not_lead
from ceping.stages.assessment.actions.shared import hold_entry, note, wanted_reason
from ceping.stages.assessment.actions.typed import Typed, fit_for
from ceping.stages.assessment.models import Assessor, Assignment, Difference, Mark
from ceping.stages.assessment.queries import as_given, conflict_of, judge_of, marks_on
from ceping.stages.assessment.states import DifferenceState, MarkState
from ceping.stages.report.models import Entry


def renew_difference(entry: Entry, item: str, at: datetime) -> Difference | None:
    """The difference of an item as its open marks make it now: opened, kept, or lapsed. The entry is locked."""
    judge = judge_of(entry.season, item)
    marks = [one for one in marks_on(entry, [item]) if one.state in (MarkState.OPEN, MarkState.ADJUDICATED)]
    given = [as_given(one) for one in marks]
    wanted = Assignment.objects.filter(entry=entry, item=item, ended_at=None).count()
    standing = Difference.objects.filter(entry=entry, item=item).exclude(state=DifferenceState.LAPSED).first()
    due = judge is not None and len(given) >= wanted and adjudication_due(judge, given)
    if not due:
        if standing is not None:
            settled = Mark.objects.filter(sheet__entry=entry, item=item, state=MarkState.ADJUDICATED)
            settled.update(state=MarkState.OPEN)
            standing.state = DifferenceState.LAPSED
            standing.save(update_fields=["state"])
        return None
    gap = short_text_of(difference(given))
    if standing is None:
        return Difference.objects.create(entry=entry, item=item, gap=gap, opened_at=at)
    if standing.gap != gap:
        standing.gap = gap
        standing.save(update_fields=["gap"])
    return standing


def renew_differences(entries: Collection[int], at: datetime) -> None:
    """As `renew_difference`, of every item of these entries with an open mark: their panels have changed."""
    opened = Mark.objects.filter(sheet__entry__in=entries, state__in=(MarkState.OPEN, MarkState.ADJUDICATED))
    for number, season, item in sorted(set(opened.values_list("sheet__entry", "sheet__entry__season", "item"))):
        renew_difference(hold_entry(Entry(pk=number, season_id=season)), item, at)


@transaction.atomic
def ask_third(*, difference_of: Difference, assessor: Assessor, reason: str, by: User, at: datetime) -> Difference:
    """A lead asks an assessor who did not mark the item to decide. Raises NotAllowed, Refused for one who may not."""
    entry = hold_entry(difference_of.entry)
    held = Difference.objects.select_for_update().get(pk=difference_of.pk)
    if why := why_not_lead(by, entry.season):
        raise NotAllowed(why)
    said = wanted_reason(reason)
    if held.state != DifferenceState.DUE:
        raise Refused(fault("assess_difference_over", state=DifferenceState(held.state).label))
    own = Assignment.objects.filter(entry=entry, item=held.item, assessor=assessor, ended_at=None).exists()
    gave = Mark.objects.filter(sheet__entry=entry, item=held.item, sheet__assessor=assessor).exists()
    gone = assessor.left_at is not None or assessor.season_id != entry.season_id
    if own or gave or gone or conflict_of(assessor, entry) is not None:
        raise Refused(fault("assess_third_unfit", who=assessor.code))
    held.third = assessor
    held.save(update_fields=["third"])
    body = {"item": held.item, "assessor": assessor.code}
    note("ask_third", entry.season, ("entry", entry.pk), by, at, reason=said, body=body)
    return held


@transaction.atomic
def adjudicate(*, difference_of: Difference, mark: str, reason: str, by: User, at: datetime) -> Difference:
    """The mark that stands, with the reason. Raises NotAllowed; Refused as the rule says, and once it is decided."""
    entry = hold_entry(difference_of.entry)
    held = (
        Difference.objects.select_for_update(of=("self",))
        .select_related("third", "entry__season__scheme", "entry__institution")
        .get(pk=difference_of.pk)
    )
    if why := why_not_decide(by, held, at):
        raise NotAllowed(why)
    said = wanted_reason(reason)
    judge = judge_of(entry.season, held.item)
    if judge is None:
        raise Refused(fault("assess_item_not_yours"))
    # A ruling is a mark without a coefficient.
    fit = fit_for(judge.model_copy(update={"coefficient": None}), Typed(mark, "", said))
    held.mark, held.reason, held.state = fit.mark, said, DifferenceState.DECIDED
    held.decided_by, held.decided_at = by, at
    held.save()
    numbers = [one.pk for one in marks_on(entry, [held.item])]
    Mark.objects.filter(pk__in=numbers).update(state=MarkState.ADJUDICATED)
    role = Role.LEAD if is_lead(by) else Role.ASSESSOR
    body = {"item": held.item, "mark": held.mark, "gap": held.gap}
    note("adjudicate", entry.season, ("entry", entry.pk), by, at, role=role, reason=said, body=body)
    return held
