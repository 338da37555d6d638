"""The rest of the district's room: gates and second reading, evidence, export, ranks, the table, paper, people."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.scene import Scene, person

from ceping.flow.advance import decide
from ceping.flow.send_back import return_report
from ceping.ground.files.models import Look
from ceping.ground.journal.models import Entry as JournalEntry
from ceping.ground.messages.models import Letter
from ceping.ground.people.models import Grant, Invitation
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.actions import Note, issue_table
from ceping.stages.recommendation.models import Issue
from ceping.stages.recommendation.queries import decision_on, put_forward
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries import last_submission
from ceping.web.recommender.issued import pdf_of
from tests.stages.test_recommendation_bounds import altered, fewer_clients
from tests.web.recommender.test_pages import DESK, another, as_, check, here, submitted

pytestmark = pytest.mark.django_db
__all__ = ["here"]


def put(here: Scene, now: datetime, count: int = 1) -> list[Entry]:
    submitted(here.entry, now)
    for number in range(1, count):
        another(here, number, now)
    entries = list(Entry.objects.filter(institution__area=here.area).order_by("pk"))
    for entry in entries:
        decide(entry=entry, forward=True, by=here.district, at=now)
    return entries


def issued(here: Scene, now: datetime) -> Issue:
    put(here, now)
    return issue_table(season=here.season, area=here.area, filled_on=now.date(), by=here.district, at=now)


def test_an_unmet_gate_rests_the_button_says_why_and_stops_the_press_all_the_same(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client = as_(here.district)
    assert 'name="forward" value="yes"' in client.get(check(here.entry)).content.decode()
    altered(here.entry, fewer_clients)
    text = client.get(check(here.entry)).content.decode()
    assert 'name="forward" value="yes"' not in text
    assert "条件 1 未满足，不能推荐" in text
    assert client.post(check(here.entry, "decide/"), {"forward": "yes"}).status_code == 409
    assert decision_on(here.entry) is None


def test_the_second_reading_shows_what_changed_and_what_was_asked(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    note, due = Note("field", "address", "与租赁合同不一致"), now + timedelta(days=5)
    made = return_report(entry=here.entry, remarks=[note], due_at=due, by=here.district, at=now)
    first = last_submission(here.entry)
    assert first is not None
    report = first.report | {
        "answers": first.report["answers"] | {"address": "新址 8 号", "legal_phone": "13912345678"}
    }
    here.entry.submissions.create(
        **{name: getattr(first, name) for name in ("scheme_sha256", "category", "submitted_by")},
        number=2,
        key="00000000-0000-0000-0000-000000000002",
        receipt="2021-000-000-002",
        report=report,
        report_sha256="2" * 64,
        submitted_at=now,
    )
    Entry.objects.filter(pk=here.entry.pk).update(state="submitted", due_at=None)
    client, remark = as_(here.district), made.remarks.get()
    text = client.get(check(here.entry)).content.decode()
    assert "与第 1 次提交相比" in text
    assert "<ins>新址 8 号</ins>" in text
    assert "与租赁合同不一致" in text
    assert "13912345678" not in text
    assert client.get(DESK, {"state": "again"}).content.decode().count(here.institution.name) == 1
    settle = check(here.entry, f"remarks/{remark.pk}/settle/")
    assert client.post(settle, {"settled": "yes"}).status_code == 302
    remark.refresh_from_db()
    assert remark.settled_by == here.district
    assert client.post(check(here.entry, "remarks/999999/settle/")).status_code == 404


def test_whole_telephone_numbers_are_on_no_page(here: Scene, now: datetime) -> None:
    made = issued(here, now)
    report = here.entry.submissions.get().report
    phones = set(re.findall(r"(?<![0-9])1[0-9]{10}(?![0-9])", str(report)))
    assert phones
    client = as_(here.district)
    for address in (check(here.entry), DESK, f"{DESK}table/", f"{DESK}ranks/", f"{DESK}paper/", f"{DESK}people/"):
        text = client.get(address).content.decode()
        assert [phone for phone in phones if phone in text] == [], address
    assert made.rows[0]["contact_phone"] in phones


def test_evidence_is_listed_and_only_what_was_submitted_opens(
    here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(here.entry, now)
    monkeypatch.setattr("ceping.web.ui.viewer.pages_of", lambda _: 0)
    given = Attachment.objects.filter(entry=here.entry).select_related("file").order_by("pk")[0]
    client, address = as_(here.district), check(here.entry, f"evidence/{given.file.token}/")
    assert address in client.get(check(here.entry)).content.decode()
    assert client.get(address).status_code == 200
    assert Look.objects.get().by == here.district
    other = Attachment.objects.filter(entry=here.entry).select_related("file").order_by("pk")[1]
    submission = here.entry.submissions.get()
    kept = [one for one in submission.report["attachments"] if one["sha256"] != other.file.blob.sha256]
    submission.report["attachments"] = kept
    submission.save()
    assert client.get(check(here.entry, f"evidence/{other.file.token}/")).status_code == 404
    stranger = as_(person("外区", Role.RECOMMENDER, area=here.elsewhere))
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(("asked", "shown"), [({}, False), ({"phones": "yes"}, True)])
def test_the_export_is_what_is_shown_with_numbers_only_when_asked(
    here: Scene, now: datetime, asked: dict[str, str], *, shown: bool
) -> None:
    submitted(here.entry, now)
    another(here, 1, now)
    client = as_(here.district)
    assert client.post(f"{DESK}export/", {"reason": " "}).status_code == 409
    answer = client.post(f"{DESK}export/", {"reason": "上会", "q": here.institution.uscc} | asked)
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    named = [row for row in rows if row[1] == here.institution.name]
    assert len(rows) == 3
    assert ("*" not in str(named[0][12])) is shown
    assert JournalEntry.objects.get(act="export_list").body["phones"] is shown


def test_ranks_are_moved_and_a_colleague_is_not_overrun(here: Scene, now: datetime) -> None:
    first, second = put(here, now, 2)
    client, seen = as_(here.district), f"{first.pk},{second.pk}"
    assert client.get(f"{DESK}ranks/").status_code == 200
    moved = client.post(f"{DESK}ranks/move/", {"entry": second.pk, "to": "1", "seen": seen})
    assert moved.headers["Location"].endswith(f"&moved={second.pk}")
    assert [one.entry_id for one in put_forward(here.season, here.area)] == [second.pk, first.pk]
    late = client.post(f"{DESK}ranks/move/", {"entry": first.pk, "to": "1", "seen": seen})
    assert late.status_code == 409
    assert "同事刚改过" in late.content.decode()
    assert client.post(f"{DESK}ranks/move/", {"entry": "x", "to": "-", "seen": "y"}).status_code == 409


@pytest.mark.parametrize("path", ["ranks/", "paper/", "people/"])
def test_lists_of_the_room_take_as_many_queries_for_three_as_for_one(here: Scene, now: datetime, path: str) -> None:
    put(here, now)
    client, counts = as_(here.district), []
    for more in (0, 2):
        for number in range(more):
            another(here, number + 1, now)
            entry = Entry.objects.filter(institution__area=here.area).latest("pk")
            decide(entry=entry, forward=True, by=here.district, at=now)
        client.get(f"{DESK}{path}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{DESK}{path}")
        counts.append(sum("SELECT" in query["sql"] for query in queries))
    assert counts[0] == counts[1] <= 15


def test_the_table_is_issued_leaves_with_a_reason_and_is_taken_back(here: Scene, now: datetime) -> None:
    put(here, now)
    client, table = as_(here.district), f"{DESK}table/"
    text = client.get(table).content.decode()
    columns = ("序号", "申报单位名称", "申报类别", "联系人", "手机", "办公电话", "传真", "电子邮箱")
    assert [label for label in columns if f'<th scope="col">{label}</th>' not in text] == []
    assert client.post(f"{table}issue/", {"filled_on": "乱写"}).status_code == 409
    assert client.post(f"{table}issue/", {"filled_on": "2022-03-10"}).status_code == 302
    made = Issue.objects.get()
    assert made.sha256[:16] in client.get(table).content.decode()
    assert client.post(f"{table}1/file/", {"kind": "pdf", "reason": ""}).status_code == 409
    pdf = client.post(f"{table}1/file/", {"kind": "pdf", "reason": "盖章"})
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content == client.post(f"{table}1/file/", {"kind": "pdf", "reason": "盖章"}).content
    book = client.post(f"{table}1/file/", {"kind": "xlsx", "reason": "盖章"}).content
    cells = str(list(openpyxl.load_workbook(io.BytesIO(book)).active.values))
    assert made.rows[0]["contact_phone"] in cells
    assert JournalEntry.objects.filter(act="export_list", reason="盖章").count() == 3
    assert client.post(check(here.entry, "undo/")).status_code == 409
    assert client.post(f"{table}1/revoke/", {"reason": ""}).status_code == 409
    assert client.post(f"{table}1/revoke/", {"reason": "漏了一家"}).status_code == 302
    assert "与第 1 版相比" in client.get(table).content.decode()
    assert client.post(f"{table}9/revoke/", {"reason": "漏"}).status_code == 404


@pytest.mark.slow
def test_a_sealed_scan_is_held_against_what_was_issued(here: Scene, now: datetime) -> None:
    made = issued(here, now)
    client, address = as_(here.district), f"{DESK}table/1/scan/"
    assert client.post(address).status_code == 409
    word = SimpleUploadedFile("扫描.pdf", b"no pdf at all")
    assert client.post(address, {"scan": word}).status_code == 409
    data = pdf_of(made)
    another_table = pdf_of_other_rows(made)
    wrong = client.post(address, {"scan": SimpleUploadedFile("别的.pdf", another_table)})
    assert wrong.status_code == 409
    assert "我已看过差别" in wrong.content.decode()
    assert not Issue.objects.exclude(scan=None).exists()
    all_the_same = {"scan": SimpleUploadedFile("别的.pdf", another_table), "all_the_same": "yes"}
    assert client.post(address, all_the_same).status_code == 302
    assert client.post(address, {"scan": SimpleUploadedFile("盖章.pdf", data)}).status_code == 302
    made.refresh_from_db()
    assert made.scan is not None
    assert made.scan.name == "盖章.pdf"
    assert "sealed_compared" in {note["code"] for note in made.scan.notes}


def pdf_of_other_rows(made: Issue) -> bytes:
    rows = [row | {"name": "另一家机构"} for row in made.rows]
    return pdf_of(
        Issue(season=made.season, area=made.area, number=2, filled_on=made.filled_on, rows=rows, sha256="0" * 64)
    )


@pytest.mark.slow
def test_a_filled_table_is_shown_beside_the_data_before_its_order_is_taken(here: Scene, now: datetime) -> None:
    first, second = put(here, now, 2)
    client, table = as_(here.district), f"{DESK}table/"
    heads = "序号,申报单位名称,申报类别,联系人,手机,办公电话,传真,电子邮箱"
    standing = list(put_forward(here.season, here.area))
    lines = []
    for number, putting in enumerate(reversed(standing), start=1):
        said = putting.submission.report["answers"]
        name, kind = putting.entry.institution.name, "创业服务类"
        lines.append(f"{number},{name},{kind},改了名,{said['contact_phone']},,,{said['contact_email']}")
    data = "\n".join([f"推荐单位：{here.area.name} 填报日期：2022年3月10日", heads, *lines]).encode("utf-8-sig")
    answer = client.post(f"{table}import/", {"file": SimpleUploadedFile("附件3.csv", data)})
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert "<ins>改了名</ins>" in text
    assert [one.entry_id for one in put_forward(here.season, here.area)] == [first.pk, second.pk]
    order = re.search(r'name="order" value="([0-9,]+)"', text)
    assert order is not None
    assert client.post(f"{table}order/", {"order": order[1]}).status_code == 302
    assert [one.entry_id for one in put_forward(here.season, here.area)] == [second.pk, first.pk]
    assert client.post(f"{table}order/", {"order": f"{first.pk},x"}).status_code == 409
    assert client.post(f"{table}import/").status_code == 409


def test_paper_is_found_by_its_code_received_and_undone(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client, paper = as_(here.district), f"{DESK}paper/"
    receipt = here.entry.submissions.get().receipt
    assert here.institution.name in client.get(paper, {"code": f"CEPING:{receipt}:{'0' * 64}"}).content.decode()
    assert client.get(paper, {"code": "2021-000-000-0"}).status_code == 409
    form = {"receipt": receipt, "on": "2022-03-10", "seals": "yes", "cross": ""}
    refused = client.post(f"{paper}receive/", form)
    assert refused.status_code == 409
    assert "印章不全，没有写缺什么" in refused.content.decode()
    assert client.post(f"{paper}receive/", form | {"on": "x"}).status_code == 409
    assert client.post(f"{paper}receive/", form | {"cross": "yes"}).status_code == 302
    assert "已登记" in client.get(paper, {"done": receipt}).content.decode()
    assert client.post(f"{paper}undo/", {"receipt": receipt, "reason": "拿错"}).status_code == 302


def test_a_contact_who_left_makes_room_for_the_next(here: Scene) -> None:
    client, people = as_(here.district), f"{DESK}people/"
    form = {"institution": here.institution.pk, "main": "yes", "name": "新联系人", "email": "new@example.com"}
    assert client.post(f"{people}invite/", form).status_code == 409
    assert Grant.objects.filter(user=here.alice, revoked_at=None).exists()
    answer = client.post(f"{people}invite/", form | {"reason": "原联系人离职，有公函"})
    assert "/invitations/" in answer.content.decode()
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert not Grant.objects.filter(user=here.alice, revoked_at=None).exists()
    assert Invitation.objects.get().main
    assert Letter.objects.get().to == "new@example.com"
    assert JournalEntry.objects.get(act="revoke_role").reason == "原联系人离职，有公函"
    one = Invitation.objects.get()
    assert client.post(f"{people}withdraw/", {"invitation": one.pk, "reason": "发错了"}).status_code == 302
    one.refresh_from_db()
    assert one.withdrawn_at is not None


def test_own_people_are_invited_and_taken_away_and_strangers_are_not_reached(here: Scene) -> None:
    colleague = person("李同事", Role.RECOMMENDER, area=here.area)
    client, people = as_(here.district), f"{DESK}people/"
    grant = colleague.grants.get()
    assert client.post(f"{people}take-away/", {"grant": grant.pk}).status_code == 409
    assert client.post(f"{people}take-away/", {"grant": grant.pk, "reason": "调离"}).status_code == 302
    assert client.post(f"{people}invite/", {"name": "新同事", "phone": "13912345678"}).status_code == 200
    assert Invitation.objects.get().area == here.area
    assert client.post(f"{people}invite/", {"name": "没有地址"}).status_code == 409
    elsewhere: Callable[[str, dict[str, object]], int] = lambda path, form: client.post(people + path, form).status_code  # noqa: E731
    assert elsewhere("take-away/", {"grant": here.bob.grants.get().pk, "reason": "x"}) == 404
    assert elsewhere("invite/", {"institution": here.other.pk, "name": "x", "email": "x@example.com"}) == 404
    assert client.get(people, {"area": here.elsewhere.code}).status_code == 404
    assert here.other.name not in client.get(people).content.decode()


def test_the_next_report_is_the_next_of_the_list_one_came_from(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    another(here, 1, now)
    second = Entry.objects.latest("pk")
    client = as_(here.district)
    text = client.get(check(here.entry), {"state": "submitted"}).content.decode()
    assert f"{check(second)}?state=submitted" in text
    assert f'data-go="1" href="{check(second)}"' not in client.get(check(here.entry), {"q": "没有"}).content.decode()


def test_nobody_comes_in_without_a_log_in(here: Scene) -> None:
    for path in ("ranks/", "table/", "paper/", "people/"):
        assert Client().get(DESK + path).status_code == 302
        assert as_(here.alice).get(DESK + path).status_code == 403
