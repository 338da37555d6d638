"""The auditor reads, verifies and carries out the journal; every act that is recorded anywhere has words."""

import ast
import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from testbed.scene import Scene, person, scene

import ceping
from ceping.flow.audit import KIND, verified
from ceping.ground.journal.actions import record
from ceping.ground.journal.models import Entry
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from ceping.ground.work.tasks import carry_out
from ceping.web.auditor.acts import ACTS, KINDS
from ceping.web.auditor.journal import PAGE
from tests.web.recommender.test_pages import as_, submitted

pytestmark = pytest.mark.django_db
JOURNAL = "/auditor/"


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.fixture
def auditor(here: Scene) -> User:
    assert here
    return person("赵审计", Role.AUDITOR)


def html(client: Client, **asked: object) -> str:
    return client.get(JOURNAL, asked).content.decode()


def acts_in_the_program() -> set[str]:
    """Whatever is given as the act where something is recorded, also through a variable or a choice of two."""
    found = set()
    for path in Path(ceping.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                if re.fullmatch(r"_?record(_[a-z]+)?", name):
                    first = node.args[0]
                    given = named.get(first.id, []) if isinstance(first, ast.Name) else [first]
                    found |= {text for one in given for text in texts_in(one)}
    return found


def texts_in(given: ast.expr) -> set[str]:
    """The act itself, or both of a choice; what the choice asks about is no act."""
    parts = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_act_recorded_anywhere_has_words() -> None:
    found = acts_in_the_program()
    assert {"submit_report", "put_forward", "release_letters", "grant_role", "set_quota"} <= found
    assert found - ACTS.keys() == set()


def test_each_entry_is_read_in_chinese(here: Scene, now: datetime, auditor: User) -> None:
    submitted(here.entry, now)
    page = html(as_(auditor))
    for words in ("提交自评报告", here.institution.name, here.alice.name, "开设测评年度", here.season.title):
        assert words in page
    assert "submit_report<" not in page
    assert set(Entry.objects.exclude(kind="").values_list("kind", flat=True)) <= KINDS.keys()


def test_filters_stand_in_the_address(here: Scene, now: datetime, auditor: User) -> None:
    submitted(here.entry, now)
    client = as_(auditor)
    count = lambda **asked: html(client, **asked).count('<td class="first">')  # noqa: E731 -- once, for the reader
    assert count(act="submit_report") == count(person=here.alice.name) == count(name=here.institution.uscc) == 1
    assert count(act="submit_report", person=here.bob.name) == 0
    assert count(chain="platform") + count(chain=f"season-{here.season.pk}") == Entry.objects.count()
    assert count(since="2022-03-10") == 1
    assert count(to="2022-03-09") == Entry.objects.count() - 1
    assert count(since="gestern", before="x") == Entry.objects.count()
    assert count(name="没有这一家") == 0


def test_pages_follow_on_without_gap_at_a_fixed_price(here: Scene, now: datetime, auditor: User) -> None:
    client = as_(auditor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            html(client)
        return len(asked)

    html(client)
    record("remind", by=here.organiser, at=now, about=("season", here.season.pk))
    few = queries()
    for number in range(2 * PAGE):
        record("remind", by=here.organiser, at=now, about=("season", here.season.pk), body={"n": number})
    assert queries() <= few <= 15
    seen: list[str] = []
    address = JOURNAL
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'class="cp-num">(\d+)<small>平台', page)
        found = re.search(r'href="(\?[^"]*before=\d+)"', page)
        address = JOURNAL + found[1] if found else ""
    assert len(seen) == len(set(seen)) == Entry.objects.filter(chain="platform").count()


def test_an_export_needs_a_reason_is_journalled_and_computes_nothing(here: Scene, now: datetime, auditor: User) -> None:
    client = as_(auditor)
    before = Entry.objects.count()
    assert client.post(f"{JOURNAL}export/", {"reason": " "}).status_code == 422
    assert Entry.objects.count() == before
    record("remind", by=here.organiser, at=now, reason='=cmd|"/c calc"!A1')
    answer = client.post(f"{JOURNAL}export/", {"reason": "年度审计", "act": "remind"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][8].startswith("'=")
    told = Entry.objects.get(act="export_journal")
    assert (told.reason, told.body) == ("年度审计", {"filters": {"act": "remind"}, "count": 1})
    book = client.post(f"{JOURNAL}export/", {"reason": "年度审计", "act": "remind", "form": "xlsx"})
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_verification_is_work_and_shows_a_break(now: datetime, auditor: User) -> None:
    client = as_(auditor)
    assert "还没有核验过" in client.get(f"{JOURNAL}verify/").content.decode()
    for _ in range(2):
        assert client.post(f"{JOURNAL}verify/begin/").status_code == 302
    job = Job.objects.get(kind=KIND)
    assert "正在核验" in client.get(f"{JOURNAL}verify/", headers={"HX-Request": "true"}).content.decode()
    carry_out(job.token, verified)
    assert "日志完整" in client.get(f"{JOURNAL}verify/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_entry SET reason = '改过' WHERE act = 'advance_season'")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    client.post(f"{JOURNAL}verify/begin/")
    job = Job.objects.exclude(pk=job.pk).get(kind=KIND)
    carry_out(job.token, verified)
    job.refresh_from_db()
    assert job.state == State.DONE
    page = client.get(f"{JOURNAL}verify/").content.decode()
    assert "1 处对不上" in page
    assert "内容与封存时不同" in page
    assert now - timedelta(days=1) < job.asked_at


def test_nobody_else_reads_it(here: Scene, auditor: User) -> None:
    assert as_(auditor).get(JOURNAL).status_code == 200
    for user in (here.organiser, here.alice, here.district):
        assert as_(user).get(JOURNAL).status_code == 403
        assert as_(user).post(f"{JOURNAL}export/", {"reason": "x"}).status_code == 403
