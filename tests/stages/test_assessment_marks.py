"""Marks: sealed until the own sheet is signed, each change kept, differences opened, settled and lapsing."""

import pytest

from ceping.ground.journal.models import Entry as Line
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import shown_to, why_not_read
from ceping.stages.assessment.actions import (
    Stale,
    Typed,
    adjudicate,
    ask_third,
    assign_by_hand,
    change_mark,
    clear_conflict,
    declare_all,
    declare_conflict,
    finish_sheet,
    give_mark,
    mark_case,
    write_case,
    write_opinion,
)
from ceping.stages.assessment.models import Assignment, Change, Difference, Mark, Sheet
from ceping.stages.assessment.queries import items_of, lines_of, opinions_of
from ceping.stages.assessment.queries.folder import tables_of
from ceping.stages.assessment.states import DifferenceState, MarkState
from tests.factories.assessed import NOON, OPINION, assigned, bench

pytestmark = pytest.mark.django_db
ITEM, LAST = "licence", "experience"


def test_a_mark_is_the_rules_and_its_assessors_alone() -> None:
    made = assigned(items=[ITEM])
    first, second, third = made.people
    for mark, code in (("11", "mark_out_of_range"), ("7.3", "mark_off_step"), ("", "assess_not_a_mark"), ("七", "not")):
        with pytest.raises(Refused, match=code):
            made.mark(first, ITEM, mark)
    given = {"entry": made.entry, "item": ITEM, "version": 0, "at": NOON}
    with pytest.raises(Refused, match="reason_missing"):
        give_mark(assessor=first, typed=Typed("1"), by=first.user, **given)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="assess_not_assigned"):
        made.mark(third, ITEM, "7")
    with pytest.raises(NotAllowed, match="assess_item_not_yours"):
        made.mark(first, LAST, "7")
    with pytest.raises(NotAllowed, match="assess_not_assigned"):
        give_mark(assessor=first, typed=Typed("7"), by=second.user, **given)  # type: ignore[arg-type]
    kept = made.mark(first, ITEM, "7.0")
    assert (kept.mark, kept.state, kept.submission.number) == ("7", MarkState.SEALED, 1)


def test_every_change_keeps_author_time_old_and_new() -> None:
    made = assigned(items=[ITEM])
    first = made.people[0]
    made.mark(first, ITEM, "6")
    made.mark(first, ITEM, "7", version=1)
    with pytest.raises(Stale) as stale:
        made.mark(first, ITEM, "8", version=1)
    assert (stale.value.theirs["mark"], stale.value.mine["mark"], stale.value.version) == ("7", "8", 2)
    changes = [(one.version, one.old.get("mark"), one.new["mark"]) for one in Change.objects.order_by("version")]
    assert changes == [(1, None, "6"), (2, "6", "7")]
    assert Change.objects.filter(changed_by=first.user, changed_at=NOON).count() == 2


def test_marks_of_others_are_sealed_until_both_sheets_are_signed() -> None:
    made = assigned(items=[ITEM, LAST])
    first, second, _ = made.people
    own, other = made.mark(first, ITEM, "7"), made.mark(second, ITEM, "5")
    sheet = Sheet.objects.get(assessor=first)
    assert shown_to(first, sheet, own)
    assert not shown_to(first, sheet, other)
    with pytest.raises(Refused, match="assess_marks_left"):
        finish_sheet(assessor=first, entry=made.entry, by=first.user, at=NOON)
    made.mark(first, LAST, "7")
    with pytest.raises(Refused, match="assess_opinion_left"):
        finish_sheet(assessor=first, entry=made.entry, by=first.user, at=NOON)
    sheet = made.sign_again(first)
    # The other's is still being thought about.
    assert not shown_to(first, sheet, Mark.objects.get(pk=other.pk))
    made.mark(second, LAST, "7")
    made.sign_again(second)
    assert shown_to(first, sheet, Mark.objects.get(pk=other.pk))
    assert {one.state for one in Mark.objects.all()} == {MarkState.OPEN}
    told = opinions_of(made.season)[made.entry.institution.uscc]
    assert (told.strengths, told.advice) == (OPINION["strengths"], OPINION["suggestions"])


def test_after_the_signature_a_change_needs_its_reason_and_a_new_signature() -> None:
    made = assigned(1, items=[ITEM])
    first = made.people[0]
    sheet = made.sign(first)
    mark = Mark.objects.get()
    with pytest.raises(Refused, match="assess_opened"):
        made.mark(first, ITEM, "8", version=1)
    with pytest.raises(Refused, match="assess_reason_wanted"):
        change_mark(mark=mark, typed=Typed("8"), version=1, why=" ", by=first.user, at=NOON)
    with pytest.raises(NotAllowed, match="assess_not_lead"):
        change_mark(mark=mark, typed=Typed("8"), version=1, why="看漏了", by=made.people[1].user, at=NOON)
    change_mark(mark=mark, typed=Typed("8", "", "见附件"), version=1, why="看漏了证书", by=made.lead, at=NOON)
    assert (Change.objects.get(version=2).why, Change.objects.get(version=2).changed_by) == ("看漏了证书", made.lead)
    again = Sheet.objects.get(pk=sheet.pk)
    assert (again.signed_at, again.signed_sha256, again.opened_at) == (None, "", NOON)
    assert made.sign_again(first).signed_sha256 != sheet.signed_sha256
    assert Line.objects.filter(act="change_mark").get().reason == "看漏了证书"


def test_a_difference_over_the_limit_is_opened_and_settled_by_a_lead_or_a_third() -> None:
    made = assigned(items=[ITEM, LAST])
    first, second, third = made.people
    made.sign(first, {ITEM: "9.5"})
    assert not Difference.objects.exists()
    made.sign(second, {ITEM: "3"})
    found = Difference.objects.get()
    assert (found.item, found.gap, found.state) == (ITEM, "6.5", DifferenceState.DUE)
    assert tables_of(made.season)["adjudications.csv"] == []
    told = {"mark": "6", "by": third.user, "reason": "调阅原件", "at": NOON}
    with pytest.raises(NotAllowed, match="assess_not_lead"):
        adjudicate(difference_of=found, **told)  # type: ignore[arg-type]
    for unfit in (first, second):
        with pytest.raises(Refused, match="assess_third_unfit"):
            ask_third(difference_of=found, assessor=unfit, reason="请裁定", by=made.lead, at=NOON)
    ask_third(difference_of=found, assessor=third, reason="请裁定", by=made.lead, at=NOON)
    assert why_not_read(third.user, made.entry, NOON) is None
    adjudicate(difference_of=found, **told)  # type: ignore[arg-type]
    (row,) = tables_of(made.season)["adjudications.csv"]
    assert (row["mark"], row["by"], row["reason"]) == ("6", third.code, "调阅原件")
    with pytest.raises(NotAllowed, match="assess_difference_over"):
        adjudicate(difference_of=found, **told | {"by": made.lead})  # type: ignore[arg-type]
    settled = Mark.objects.get(item=ITEM, sheet__assessor=first)
    with pytest.raises(Refused, match="assess_settled"):
        change_mark(mark=settled, typed=Typed("7", "", "见"), version=1, why="再看", by=first.user, at=NOON)


def test_a_difference_lapses_when_the_marks_no_longer_differ() -> None:
    made = assigned(items=[ITEM])
    first, second, _ = made.people
    made.sign(first, {ITEM: "9.5"})
    made.sign(second, {ITEM: "3"})
    low = Mark.objects.get(sheet__assessor=second)
    change_mark(mark=low, typed=Typed("9", "", "见附件"), version=1, why="漏看证书", by=second.user, at=NOON)
    assert Difference.objects.get().state == DifferenceState.LAPSED


def test_a_ruling_falls_with_the_panel_it_was_made_for() -> None:
    made = assigned(items=[ITEM])
    first, second, third = made.people
    made.sign(first, {ITEM: "9.5"})
    made.sign(second, {ITEM: "3"})
    adjudicate(difference_of=Difference.objects.get(), mark="6", reason="调阅原件", by=made.lead, at=NOON)
    declare_conflict(assessor=second, entry=made.entry, reason="亲属任职", by=second.user, at=NOON)
    assert Difference.objects.get().state == DifferenceState.LAPSED
    assert tables_of(made.season)["adjudications.csv"] == []
    # Who takes the place differs from the other as well: a difference of its own.
    assign_by_hand(assessor=third, entry=made.entry, items=[ITEM], reason="补位", by=made.lead, at=NOON)
    made.sign(third, {ITEM: "4"})
    assert Difference.objects.get(state=DifferenceState.DUE).gap == "5.5"


def test_a_conflict_closes_every_way_in() -> None:
    made = assigned(items=[ITEM])
    first, second, _ = made.people
    made.sign(second)
    own = made.mark(first, ITEM, "7")
    assert why_not_read(first.user, made.entry, NOON) is None
    declare_conflict(assessor=first, entry=made.entry, reason="曾任顾问", by=first.user, at=NOON)
    why = why_not_read(first.user, made.entry, NOON)
    assert why is not None
    assert why.code == "assess_conflict"
    assert not Assignment.objects.filter(assessor=first, ended_at=None).exists()
    assert lines_of(first) == []
    assert not shown_to(first, Sheet.objects.get(assessor=first), Mark.objects.get(sheet__assessor=second))
    given = {"assessor": first, "entry": made.entry, "by": first.user, "at": NOON}
    for act in (
        lambda: made.mark(first, ITEM, "8", version=1),
        lambda: change_mark(mark=own, typed=Typed("8"), version=1, why="再看", by=first.user, at=NOON),
        lambda: write_opinion(part="strengths", text="好", version=0, **given),  # type: ignore[arg-type]
        lambda: finish_sheet(**given),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAllowed, match="assess_conflict"):
            act()
    tables = tables_of(made.season)
    assert {row["assessor_id"] for row in tables["marks.csv"]} == {second.code}
    assert [row["kind"] for row in tables["conflicts.csv"]] == ["declared"]
    with pytest.raises(NotAllowed, match="assess_own_conflict"):
        clear_conflict(**given | {"reason": "没有了", "by": as_lead(first.user)})  # type: ignore[arg-type]
    clear_conflict(assessor=first, entry=made.entry, reason="核实无关联", by=made.lead, at=NOON)
    why = why_not_read(first.user, made.entry, NOON)
    assert why is not None
    assert why.code == "assess_not_assigned"


def as_lead(user: User) -> User:
    """The same person, a lead as well."""
    Grant.objects.create(user=user, role=Role.LEAD, granted_at=NOON)
    return User.objects.get(pk=user.pk)


def test_the_own_word_and_practice_come_before_the_first_mark() -> None:
    made = bench(1, declared=False)
    first = made.people[0]
    assign_by_hand(assessor=first, entry=made.entry, items=[ITEM], reason="试", by=made.lead, at=NOON)
    with pytest.raises(NotAllowed, match="assess_declare_first"):
        made.mark(first, ITEM, "7")
    case = write_case(
        season=made.season, title="甲机构", text="证照齐全", item=ITEM, mark="5", reason="一半", by=made.lead, at=NOON
    )
    first = declare_all(assessor=first, entries=[], reasons=[], by=first.user, at=NOON)
    with pytest.raises(NotAllowed, match="assess_calibrate_first"):
        made.mark(first, ITEM, "7")
    mark_case(case=case, assessor=first, mark="6", reason="", by=first.user, at=NOON)
    with pytest.raises(Refused, match="assess_case_marked"):
        mark_case(case=case, assessor=first, mark="5", reason="", by=first.user, at=NOON)
    assert made.mark(first, ITEM, "7").mark == "7"
    assert tables_of(made.season)["marks.csv"] == []
    assert items_of(first, made.entry) == [ITEM]
