"""The scoring desk through the browser's requests: saved as it is typed, sealed, closed by a conflict, offline too."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ceping.ground.people.models import User
from ceping.stages.assessment.actions import ask_third, assign_by_hand, declare_conflict, write_case
from ceping.stages.assessment.models import AnchorMark, Assessor, Conflict, Difference, Mark, Sheet, VerifiedValue
from tests.factories.assessed import NOON, OPINION, Bench, assigned, bench

pytestmark = pytest.mark.django_db
ITEM, LAST = "licence", "experience"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    """As people of the demo: the second factor is another test's."""
    settings.DEMO = True


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def send(client: Client, address: str, **given: object) -> tuple[int, dict[str, object]]:
    answer = client.post(
        address, json.dumps(given), content_type="application/json", headers={"Accept": "application/json"}
    )
    return answer.status_code, answer.json() if answer["Content-Type"] == "application/json" else {}


def at(made: Bench, name: str, *more: object) -> str:
    return reverse(f"assessor:{name}", args=[made.entry.pk, *more])


def test_a_mark_is_saved_as_it_is_typed_in_few_queries() -> None:
    made = assigned(items=[ITEM, LAST])
    client = browser(made.people[0].user)
    address = at(made, "mark", ITEM)
    assert client.get(at(made, "entry")).url == at(made, "desk", ITEM)  # type: ignore[attr-defined]
    assert "指标说明" in client.get(at(made, "desk", ITEM)).content.decode()
    status, told = send(client, address, mark="7", reason="", version=0)
    assert (status, told["version"]) == (200, 1)
    with CaptureQueriesContext(connection) as queries:
        status, told = send(client, address, mark="7.5", reason="", version=1)
    assert (status, told["version"]) == (200, 2)
    assert len(queries) <= 32
    status, told = send(client, address, mark="8", reason="", version=1)
    assert (status, told["theirs"], told["mine"]) == (
        409,
        {"mark": "7.5", "coefficient": "", "reason": ""},
        {"mark": "8", "coefficient": "", "reason": ""},
    )
    assert send(client, address, mark="99", reason="", version=2)[0] == 422
    assert client.post(address, "[]", content_type="application/json").status_code == 422
    assert client.get(at(made, "entry")).url == at(made, "desk", LAST)  # type: ignore[attr-defined]


def test_what_is_not_assigned_or_in_conflict_is_not_there() -> None:
    made = assigned(items=[ITEM])
    first, _, stranger = made.people
    pages = [
        at(made, "entry"),
        at(made, "desk", ITEM),
        at(made, "verify"),
        at(made, "sheet"),
        at(made, "file", "token"),
        at(made, "download", "token"),
    ]
    assert {browser(stranger.user).get(one).status_code for one in pages} == {404}
    client = browser(first.user)
    assert client.get(at(made, "verify")).status_code == 200
    declare_conflict(assessor=first, entry=made.entry, reason="曾任顾问", by=first.user, at=NOON)
    assert {client.get(one).status_code for one in pages} == {404}
    assert send(client, at(made, "mark", ITEM), mark="7", version=0)[0] == 404
    assert send(client, at(made, "value", "fulltime_count"), value="7", version=0)[0] == 404
    assert send(client, at(made, "opinion", "strengths"), value="好", version=0)[0] == 404
    assert made.entry.institution.name not in client.get(reverse("assessor:home")).content.decode()


def test_the_sheet_is_signed_and_a_mark_changed_after_it() -> None:
    made = assigned(items=[ITEM])
    first, second, _ = made.people
    client = browser(first.user)
    made.mark(second, ITEM, "3")
    send(client, at(made, "mark", ITEM), mark="9", reason="", version=0)
    page = client.get(at(made, "desk", ITEM)).content.decode()
    assert second.code not in page
    assert client.post(at(made, "sign")).status_code == 409
    version = 0
    for part, text in OPINION.items():
        status, told = send(client, at(made, "opinion", part), value=text, version=version)
        version = int(str(told["version"]))
        assert status == 200
    assert client.post(at(made, "sign")).status_code == 302
    made.sign_again(second)
    assert Difference.objects.get().gap == "6"
    assert second.code in client.get(at(made, "sheet")).content.decode()
    form = {"item": ITEM, "mark": "8.5", "reason": "见附件", "version": "1", "why": ""}
    assert client.post(at(made, "change"), form).status_code == 409
    assert client.post(at(made, "change"), form | {"why": "看漏了"}).status_code == 302
    assert (Mark.objects.get(sheet__assessor=first).mark, Sheet.objects.get(assessor=first).signed_at) == ("8.5", None)


def test_values_and_verdicts_are_saved_where_they_stand() -> None:
    made = assigned(items=[ITEM])
    client = browser(made.people[0].user)
    page = client.get(at(made, "verify")).content.decode()
    assert "中小企业服务专职人员数量" in page
    address = at(made, "value", "fulltime_count")
    assert send(client, address, value="二十", reason="", version=0)[0] == 422
    assert send(client, address, value="26", reason="", version=0)[0] == 200
    assert VerifiedValue.objects.get().value == "26"
    file = made.entry.submissions.get().report["attachments"][0]["file"]
    assert send(client, at(made, "check"), file=file, value="genuine", reason="", version=0)[0] == 200


def test_the_own_word_and_practice_come_first() -> None:
    made = bench(1, declared=False)
    one = made.people[0]
    assign_by_hand(assessor=one, entry=made.entry, items=[ITEM], reason="试", by=made.lead, at=NOON)
    case = {"title": "甲机构", "text": "证照齐全", "item": ITEM, "mark": "5", "reason": "一半"}
    write_case(season=made.season, by=made.lead, at=NOON, **case)
    client = browser(one.user)
    assert "作利益冲突申报" in client.get(reverse("assessor:home")).content.decode()
    form = {"entry": str(made.entry.pk)}
    assert client.post(reverse("assessor:conflicts"), form).status_code == 409
    assert not Conflict.objects.exists()
    assert client.post(reverse("assessor:conflicts")).status_code == 302
    assert Assessor.objects.get().declared_at is not None
    page = client.get(reverse("assessor:practice")).content.decode()
    assert "参考分" not in page.partition("<main")[2].partition("证照齐全")[2]
    assert client.post(reverse("assessor:practice"), {"case": "1", "mark": "6"}).status_code == 302
    assert AnchorMark.objects.get().mark == "6"
    assert "参考分 <b>5</b>" in client.get(reverse("assessor:practice")).content.decode()


def filled(client: Client, marks: dict[str, str]) -> bytes:
    """The sheet as downloaded, with marks typed in by item."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("assessor:offline_file")).content))
    page = book.worksheets[0]
    rows = list(page.iter_rows())
    head = next(row for row in rows if any(cell.value == "打分" for cell in row))
    column = {cell.value: cell.column for cell in head}
    for row in rows[head[0].row :]:
        item = row[column["指标编号"] - 1].value
        if item in marks:
            page.cell(row[0].row, column["打分"], float(marks[item]))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_goes_out_and_comes_back_whole_or_not_at_all() -> None:
    made = assigned(items=[ITEM, LAST])
    first, second, _ = made.people
    client = browser(first.user)
    take = reverse("assessor:offline_take")

    def upload(who: Client, data: bytes) -> int:
        return who.post(take, {"file": SimpleUploadedFile("评分表.xlsx", data)}).status_code

    assert upload(client, filled(client, {ITEM: "7", LAST: "99"})) == 409
    assert upload(browser(second.user), filled(client, {ITEM: "7"})) == 409
    assert client.post(take).status_code == 409
    assert not Mark.objects.exists()
    assert upload(client, filled(client, {ITEM: "7", LAST: "6.5"})) == 302
    assert dict(Mark.objects.values_list("item", "mark")) == {ITEM: "7", LAST: "6.5"}
    # The same sheet once more changes nothing.
    assert upload(client, filled(client, {ITEM: "7"})) == 302
    assert set(Mark.objects.values_list("version", flat=True)) == {1}


def test_a_third_decides_on_their_own_page() -> None:
    made = assigned(items=[ITEM])
    first, second, third = made.people
    made.sign(first, {ITEM: "9"})
    made.sign(second, {ITEM: "3"})
    found = Difference.objects.get()
    ask_third(difference_of=found, assessor=third, reason="请裁定", by=made.lead, at=NOON)
    client = browser(third.user)
    assert "1 项分歧请您裁定" in client.get(reverse("assessor:home")).content.decode()
    page = reverse("assessor:differences")
    assert first.code in client.get(page).content.decode()
    decide = reverse("assessor:decide", args=[found.pk])
    assert browser(first.user).post(decide, {"mark": "6", "reason": "好"}).status_code == 404
    assert client.post(decide, {"mark": "6", "reason": ""}).status_code == 409
    assert client.post(decide, {"mark": "6", "reason": "调阅原件"}).status_code == 302
    assert Difference.objects.get().mark == "6"


@pytest.mark.parametrize("count", [1, 3])
def test_the_front_page_asks_as_little_for_many_as_for_one(count: int) -> None:
    made = bench(1, count)
    for entry in made.field.entries:
        assign_by_hand(assessor=made.people[0], entry=entry, items=[], reason="试", by=made.lead, at=NOON)
    client = browser(made.people[0].user)
    client.get(reverse("assessor:home"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("assessor:home"))
    # Three of them begin and end the transaction that only reads.
    assert len(queries) <= 15 + 3
