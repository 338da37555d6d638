"""A returned report: written in where the remarks are and nowhere else, until it goes back; nobody is left stuck."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from testbed.scene import Scene, fill, scene

from ceping.flow.advance import decide, undo
from ceping.flow.send_back import return_report
from ceping.ground.files.actions import Arrived
from ceping.ground.people.access import NotAllowed
from ceping.stages.recommendation.actions import Note
from ceping.stages.report.actions import (
    ReportIncomplete,
    add_rows,
    remove_row,
    restore_row,
    save_answer,
    save_row,
    submit_report,
    withdraw_report,
)
from ceping.stages.report.actions.evidence import (
    Described,
    add_evidence,
    describe_evidence,
    remove_evidence,
    replace_evidence,
)
from ceping.stages.report.actions.taking import take_offered, undo_taking
from ceping.stages.report.models import Entry, Row, Submission
from ceping.stages.report.queries import difference, findings_for
from ceping.stages.report.queries.opening import opening_of, rows_now
from tests.factories.report import complete_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(now: datetime) -> Scene:
    made = scene()
    data = complete_report(uscc=made.institution.uscc, name=made.institution.name)
    fill(made.entry, data, made.alice)
    hand_in(made, now)
    return made


def fresh(here: Scene) -> Entry:
    return Entry.objects.select_related("season__scheme", "institution__area").get(pk=here.entry.pk)


def hand_in(here: Scene, at: datetime) -> Submission:
    entry = fresh(here)
    asked = [(one.code, one.place) for one in findings_for(entry) if one.level == "warning"]
    chosen, signer = entry.answers.get(field="categories").value[0], entry.answers.get(field="legal_name").value
    return submit_report(
        entry=entry, key=uuid4(), category=chosen, let_stand=asked, signer=signer, by=here.alice, at=at
    )


def send_back(here: Scene, now: datetime, *about: tuple[str, str]) -> datetime:
    """The moment after the return."""
    notes = [Note(kind, key, "请核对") for kind, key in about]
    at = now + timedelta(minutes=5)
    return_report(entry=fresh(here), remarks=notes, due_at=now + timedelta(days=40), by=here.district, at=at)
    return at + timedelta(minutes=5)


def save(here: Scene, field: str, value: str, at: datetime) -> None:
    stored = here.entry.answers.filter(field=field).first()
    revision = stored.revision if stored is not None else 0
    save_answer(entry=here.entry, field=field, value=value, revision=revision, by=here.alice, at=at)


def row_of(here: Scene, table: str, number: int) -> Row:
    rows = Row.objects.filter(entry=here.entry, table=table, removed_at=None)
    return rows.order_by("position", "pk")[number - 1]


def retype(here: Scene, row: Row, at: datetime, **cells: str) -> None:
    values = row.values | cells
    save_row(entry=here.entry, row=row.pk, values=values, revision=row.revision, by=here.alice, at=at)


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(NotAllowed) as told:
        call()
    assert [one.code for one in told.value.findings] == [code]


def test_only_the_remarked_field_takes_words(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("field", "address"))
    save(here, "address", "新址 8 号", at)
    before = here.entry.answers.get(field="introduction").value
    refused("draft_place_closed", lambda: save(here, "introduction", "改写", at))
    refused("draft_row_closed", lambda: retype(here, row_of(here, "clients", 1), at, contact="改"))
    refused("draft_table_closed", lambda: add(here, at))
    assert here.entry.answers.get(field="introduction").value == before
    assert here.entry.answers.get(field="address").value == "新址 8 号"


def add(here: Scene, at: datetime, *, instead: bool = False) -> list[Row]:
    rows = [{"name": "上海新添有限公司", "contact": "王一", "phone": "13800138111", "service": "咨询"}]
    return add_rows(entry=here.entry, table="clients", rows=rows, by=here.alice, at=at, instead=instead)


def test_a_remarked_row_is_that_row_wherever_it_comes_to_stand(here: Scene, now: datetime) -> None:
    third = row_of(here, "clients", 3)
    at = send_back(here, now, ("row", "clients/3"), ("row", "clients/1"))
    remove_row(entry=here.entry, row=row_of(here, "clients", 1).pk, by=here.alice, at=at)
    assert rows_now(fresh(here)) == {"clients/3": 2}
    retype(here, third, at, contact="改过的人")
    refused("draft_row_closed", lambda: retype(here, row_of(here, "clients", 3), at, contact="改"))
    refused(
        "draft_row_closed",
        lambda: remove_row(entry=here.entry, row=row_of(here, "clients", 1).pk, by=here.alice, at=at),
    )
    refused("draft_table_closed", lambda: add(here, at, instead=True))


def test_a_remarked_table_takes_rows_a_list_and_its_repeated_tables(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("table", "departments"))
    made = add_rows(entry=here.entry, table="departments", rows=[{"department": "新部门"}], by=here.alice, at=at)
    add_rows(entry=here.entry, table="team", rows=[{"department": "新部门"}], by=here.alice, at=at)
    remove_row(entry=here.entry, row=made[0].pk, by=here.alice, at=at)
    restore_row(entry=here.entry, row=made[0].pk, by=here.alice, at=at)
    refused("draft_table_closed", lambda: add(here, at))


@pytest.mark.parametrize("about", [("whole", ""), ("field", "nothing")])
def test_a_remark_on_the_whole_opens_everything(here: Scene, now: datetime, about: tuple[str, str]) -> None:
    at = send_back(here, now, ("field", "address"), about)
    save(here, "introduction", "全部可改", at)
    add(here, at)


def test_a_part_opens_with_all_that_stands_in_it(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("part", "clients"))
    add(here, at)
    refused("draft_place_closed", lambda: save(here, "address", "x", at))


def test_what_a_change_makes_wrong_can_be_mended_and_stays_open(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("field", "fulltime_count"))
    refused("draft_place_closed", lambda: save(here, "headcount", "999", at))
    save(here, "fulltime_count", "998", at)
    # More full-time people than people: either number may be the wrong one.
    save(here, "headcount", "9", at)
    save(here, "headcount", "999", at)
    save(here, "headcount", "1000", at)
    refused("draft_place_closed", lambda: save(here, "introduction", "x", at))
    assert not [one for one in findings_for(fresh(here)) if one.level == "error"]


def test_a_row_taken_out_of_a_list_that_becomes_too_short_can_be_replaced(here: Scene, now: datetime) -> None:
    count = here.entry.rows.filter(table="clients").count()
    about = [("row", f"clients/{number}") for number in range(1, count - 48)]
    at = send_back(here, now, *about)
    refused("draft_table_closed", lambda: add(here, at))
    for row in list(here.entry.rows.filter(table="clients").order_by("position", "pk")[: count - 49]):
        remove_row(entry=here.entry, row=row.pk, by=here.alice, at=at)
    assert len(add(here, at)) == 1


def test_handed_in_again_with_the_difference_and_closed_as_ever(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("field", "address"), ("row", "clients/3"))
    save(here, "address", "新址 8 号", at)
    retype(here, row_of(here, "clients", 3), at, contact="改过的人")
    made = hand_in(here, at)
    first = here.entry.submissions.get(number=1)
    assert [(one.kind, one.key) for one in difference(first, made)] == [("field", "address"), ("row", "clients/3")]
    assert fresh(here).opening is None
    refused("draft_not_writable", lambda: save(here, "address", "又改", at))


def test_a_second_return_opens_its_own_places(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("field", "address"))
    hand_in(here, at)
    at = send_back(here, at, ("field", "introduction"))
    save(here, "introduction", "第二次退回", at)
    refused("draft_place_closed", lambda: save(here, "address", "x", at))


def test_a_report_taken_back_by_its_institution_is_open_everywhere(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("field", "address"))
    hand_in(here, at)
    withdraw_report(entry=fresh(here), by=here.alice, at=at)
    save(here, "introduction", "截止前撤回的", at)


def test_a_decision_undone_leaves_nothing_open(here: Scene, now: datetime) -> None:
    decide(entry=fresh(here), forward=True, by=here.district, at=now)
    undo(entry=fresh(here), by=here.district, at=now)
    assert fresh(here).opening is None
    refused("draft_not_writable", lambda: save(here, "address", "x", now))


def an_upload(mark: str) -> Arrived:
    return Arrived(sha256=mark * 64, size=1, kind="jpg", name="合作协议.jpg", notes=())


def test_evidence_changes_under_the_remarked_item_alone(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("attachment", "7"))
    own = {one.item: one for one in here.entry.attachments.filter(removed_at=None)}
    add_evidence(entry=here.entry, arrived=an_upload("a"), item=7, by=here.alice, at=at)
    replace_evidence(entry=here.entry, attachment=own[7].pk, arrived=an_upload("b"), by=here.alice, at=at)
    closed = own[8].pk
    said = Described(7, "审计报告")
    entry, by = here.entry, here.alice
    refused("draft_place_closed", lambda: add_evidence(entry=entry, arrived=an_upload("c"), item=8, by=by, at=at))
    refused("draft_place_closed", lambda: remove_evidence(entry=entry, attachment=closed, by=by, at=at))
    refused("draft_place_closed", lambda: describe_evidence(entry=entry, attachment=closed, said=said, by=by, at=at))
    moved = here.entry.attachments.filter(item=7, removed_at=None).order_by("-pk")[0].pk
    away = Described(8, "审计报告")
    refused("draft_place_closed", lambda: describe_evidence(entry=entry, attachment=moved, said=away, by=by, at=at))


def test_proof_may_always_come_and_go_again_but_what_was_handed_in_stays(here: Scene, now: datetime) -> None:
    loose = here.entry.attachments.filter(removed_at=None).order_by("pk")[0]
    loose.item = None
    loose.save()
    at = send_back(here, now, ("table", "activities"))
    made = add_evidence(entry=here.entry, arrived=an_upload("d"), item=None, by=here.alice, at=at)
    remove_evidence(entry=here.entry, attachment=made.pk, by=here.alice, at=at)
    refused("draft_place_closed", lambda: remove_evidence(entry=here.entry, attachment=loose.pk, by=here.alice, at=at))


def test_a_word_form_is_taken_where_it_is_open_or_not_at_all(here: Scene, now: datetime) -> None:
    data = complete_report(uscc=here.institution.uscc, name=here.institution.name)
    data["answers"] |= {"address": "读到的地址", "introduction": "读到的简介"}
    seen = {f"field:{key}": str(here.entry.answers.get(field=key).revision) for key in ("address", "introduction")}
    at = send_back(here, now, ("field", "address"))

    def take(*keys: str) -> int:
        chosen = {key: seen[key] for key in keys}
        made = take_offered(entry=here.entry, source="word", name="表", data=data, chosen=chosen, by=here.alice, at=at)
        return made.pk

    refused("draft_place_closed", lambda: take("field:address", "field:introduction"))
    assert here.entry.answers.get(field="address").value != "读到的地址"
    taking = take("field:address")
    undo_taking(entry=here.entry, taking=taking, by=here.alice, at=at)
    assert here.entry.answers.get(field="address").value != "读到的地址"


def test_what_was_taken_before_the_return_is_not_undone_where_it_is_closed(now: datetime) -> None:
    here = scene()
    data = complete_report(uscc=here.institution.uscc, name=here.institution.name)
    fill(here.entry, data, here.alice)
    seen = {"field:introduction": "1"}
    data["answers"]["introduction"] = "读到的简介"
    made = take_offered(entry=here.entry, source="word", name="表", data=data, chosen=seen, by=here.alice, at=now)
    hand_in(here, now)
    at = send_back(here, now, ("field", "address"))
    refused("draft_place_closed", lambda: undo_taking(entry=here.entry, taking=made.pk, by=here.alice, at=at))
    assert here.entry.answers.get(field="introduction").value == "读到的简介"


def test_nothing_wrong_may_still_not_go_back(here: Scene, now: datetime) -> None:
    at = send_back(here, now, ("field", "address"))
    save(here, "address", "", at)
    with pytest.raises(ReportIncomplete):
        hand_in(here, at)
    assert not opening_of(fresh(here)).whole
