"""The draft: what is typed is kept, two writers are told of each other, strangers and late comers are refused."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from testbed.scene import FILING, Scene, scene

from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.report.actions import (
    Conflict,
    accept_commitment,
    add_rows,
    remove_row,
    restore_row,
    save_answer,
    save_row,
)
from ceping.stages.report.models import Answer, Row
from ceping.stages.report.queries import report_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Scene:
    return scene()


def test_what_is_typed_is_kept_with_its_revision(here: Scene, now: datetime) -> None:
    first = save_answer(entry=here.entry, field="address", value="张杨路1号", revision=0, by=here.alice, at=now)
    second = save_answer(entry=here.entry, field="address", value="张杨路2号", revision=1, by=here.alice, at=now)
    assert (first.revision, second.revision) == (1, 2)
    assert report_data(here.entry)["answers"] == {"address": "张杨路2号"}


def test_the_same_again_is_no_conflict(here: Scene, now: datetime) -> None:
    for _ in range(2):
        saved = save_answer(entry=here.entry, field="address", value="张杨路1号", revision=0, by=here.alice, at=now)
    assert saved.revision == 1


def test_a_second_writer_is_told_and_nothing_is_lost(here: Scene, now: datetime) -> None:
    save_answer(entry=here.entry, field="headcount", value="26", revision=0, by=here.alice, at=now)
    with pytest.raises(Conflict) as told:
        save_answer(entry=here.entry, field="headcount", value="28", revision=0, by=here.alice, at=now)
    assert (told.value.theirs, told.value.mine, told.value.revision) == ("26", "28", 1)
    assert told.value.findings[0].message() == "陈文静也改了这一格"
    assert report_data(here.entry)["answers"] == {"headcount": "26"}


def test_personal_data_does_not_lie_open(here: Scene, now: datetime) -> None:
    save_answer(entry=here.entry, field="contact_phone", value="13900139000", revision=0, by=here.alice, at=now)
    add_rows(entry=here.entry, table="clients", rows=[{"phone": "13800138000"}], by=here.alice, at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT a.value::text || r.values::text FROM report_answer a, report_row r")
        (stored,) = cursor.fetchone()
    assert b"139" not in bytes.fromhex(stored.replace("\\x", ""))
    assert Answer.objects.get().value == "13900139000"
    assert Row.objects.get().values == {"phone": "13800138000"}


def test_rows_come_go_and_come_back_in_their_order(here: Scene, now: datetime) -> None:
    def names() -> list[str]:
        return [row["name"] for row in report_data(here.entry)["tables"].get("clients", [])]

    def client(name: str) -> dict[str, str]:
        return {"name": name, "phone": "13800138000"}

    a, b = add_rows(entry=here.entry, table="clients", rows=[client("甲"), client("乙")], by=here.alice, at=now)
    add_rows(entry=here.entry, table="clients", rows=[client("丙")], after=a.pk, by=here.alice, at=now)
    assert names() == ["甲", "丙", "乙"]
    remove_row(entry=here.entry, row=a.pk, by=here.alice, at=now)
    assert names() == ["丙", "乙"]
    restore_row(entry=here.entry, row=a.pk, by=here.alice, at=now)
    assert names() == ["甲", "丙", "乙"]
    b.refresh_from_db()
    save_row(entry=here.entry, row=b.pk, values=client("丁"), revision=b.revision, by=here.alice, at=now)
    with pytest.raises(Conflict):
        save_row(entry=here.entry, row=b.pk, values=client("戊"), revision=b.revision, by=here.alice, at=now)
    add_rows(entry=here.entry, table="clients", rows=[client("己")], instead=True, by=here.alice, at=now)
    assert names() == ["己"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("nothing", "x", "draft_field_unknown"),
        ("address", ["x"], "draft_value_unfit"),
        ("address", "a\0b", "draft_value_unfit"),
        ("address", "字" * 20_001, "draft_text_too_long"),
        ("categories", "legal", "draft_value_unfit"),
    ],
)
def test_what_the_form_does_not_know_is_refused(
    here: Scene, now: datetime, field: str, value: object, code: str
) -> None:
    with pytest.raises(Refused) as told:
        save_answer(entry=here.entry, field=field, value=value, revision=0, by=here.alice, at=now)
    assert [finding.code for finding in told.value.findings] == [code]
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("late", "code"),
    [
        (timedelta(microseconds=-1), None),
        (timedelta(0), "draft_closed"),
        (timedelta(days=1), "draft_closed"),
    ],
)
def test_the_deadline_is_a_half_open_moment(here: Scene, late: timedelta, code: str | None) -> None:
    def save() -> None:
        save_answer(entry=here.entry, field="address", value="x", revision=0, by=here.alice, at=FILING[1] + late)

    if code is None:
        save()
    else:
        with pytest.raises(NotAllowed) as told:
            save()
        assert [finding.code for finding in told.value.findings] == [code]
        assert told.value.findings[0].message() == "填报已于2022年3月31日 17:00截止"


def test_nobody_else_writes_in_it(here: Scene, now: datetime) -> None:
    for stranger in (here.bob, here.district, here.organiser):
        with pytest.raises(NotAllowed):
            save_answer(entry=here.entry, field="address", value="x", revision=0, by=stranger, at=now)


def test_the_commitment_is_accepted_in_the_legal_name_alone(here: Scene, now: datetime) -> None:
    save_answer(entry=here.entry, field="legal_name", value="顾明远", revision=0, by=here.alice, at=now)
    with pytest.raises(Refused, match="draft_commitment_name"):
        accept_commitment(entry=here.entry, name="陈文静", by=here.alice, at=now)
    accept_commitment(entry=here.entry, name="顾明远", by=here.alice, at=now)
    assert report_data(here.entry)["commitment"]["accepted_by"] == "顾明远"
