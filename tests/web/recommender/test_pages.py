"""The recommender's list and check page: who gets in, what stands there, what an act changes, what a refusal says."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.scene import START, Scene, an_institution, fill, person, scene

from ceping.folder.demo.words import credit_code
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.queries import decision_on, return_in_force
from ceping.stages.report.actions import submit_report
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import findings_for
from ceping.stages.report.states import EntryState
from tests.factories.report import complete_report

pytestmark = pytest.mark.django_db
DESK = "/recommender/"


def submitted(entry: Entry, at: datetime) -> Entry:
    writer = entry.institution.grants.get().user
    fill(entry, complete_report(uscc=entry.institution.uscc, name=entry.institution.name), writer)
    asked = [(finding.code, finding.place) for finding in findings_for(entry) if finding.level == "warning"]
    chosen = entry.answers.get(field="categories").value[0]
    submit_report(entry=entry, key=uuid4(), category=chosen, let_stand=asked, by=writer, at=at)
    return entry


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    # The demo asks for no second factor; the season's calendar lies in 2022.
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def check(entry: Entry, act: str = "") -> str:
    return f"{DESK}{entry.pk}/{act}"


def another(here: Scene, number: int, now: datetime) -> None:
    made = an_institution(f"上海第{number}家", credit_code(number, "startup"), here.area)
    person("某人", Role.INSTITUTION, institution=made, main=True)
    submitted(Entry.objects.create(season=here.season, institution=made, created_at=START, changed_at=START), now)


def test_strangers_log_in_and_other_roles_do_not_pass(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    for address in (DESK, check(here.entry)):
        assert Client().get(address).status_code == 302
        for user in (here.alice, here.organiser):
            assert as_(user).get(address).status_code == 403
    for act in ("return/", "decide/", "undo/"):
        assert Client().post(check(here.entry, act)).status_code == 302
        assert as_(here.organiser).post(check(here.entry, act)).status_code == 403


def test_another_district_finds_nothing(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client = as_(person("赵外区", Role.RECOMMENDER, area=here.elsewhere))
    assert here.institution.name not in client.get(DESK).content.decode()
    assert client.get(DESK, {"area": here.area.code}).status_code == 404
    assert client.get(check(here.entry)).status_code == 404
    for act in ("return/", "decide/", "undo/"):
        assert client.post(check(here.entry, act)).status_code == 404


def test_a_draft_is_listed_and_not_read(here: Scene) -> None:
    client = as_(here.district)
    text = client.get(DESK).content.decode()
    assert here.institution.name in text
    assert check(here.entry) not in text
    assert client.get(check(here.entry)).status_code == 404


def test_the_list_is_filtered_by_its_address(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client, name = as_(here.district), here.institution.name
    assert name in client.get(DESK, {"state": "submitted"}).content.decode()
    assert name not in client.get(DESK, {"state": "returned"}).content.decode()
    assert name in client.get(DESK, {"q": here.institution.uscc, "order": "-submitted"}).content.decode()
    assert name not in client.get(DESK, {"q": "没有这家"}).content.decode()
    assert client.get(DESK, {"page": "x", "order": "y", "state": "z"}).status_code == 200


def test_who_has_not_submitted_in_time_is_late(here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_(here.district)
    assert "逾期未交" not in client.get(DESK).content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(days=30))
    assert "逾期未交" in as_(here.district).get(DESK).content.decode()


def test_three_rows_take_as_many_queries_as_one(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client = as_(here.district)
    client.get(DESK)
    with CaptureQueriesContext(connection) as one:
        client.get(DESK)
    another(here, 1, now)
    another(here, 2, now)
    # What was submitted never changes, so its gates are worked out once.
    client.get(DESK)
    with CaptureQueriesContext(connection) as three:
        client.get(DESK)
    asked = [sum("SELECT" in query["sql"] for query in queries) for queries in (one, three)]
    assert asked == [13, 13]


def test_the_report_stands_beside_its_gates(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    text = as_(here.district).get(check(here.entry)).content.decode()
    assert "参评条件" in text
    assert '不重复服务对象不少于50家</b></span><span class="v">52</span>' in text
    assert "依据：附件2 五、服务清单 注" in text
    assert "52（申报）" in text
    assert here.entry.submissions.get().receipt in text
    assert "退回修改" in text
    # A choice stands in the words of the form, not as the id it is kept by.
    assert "<td>每周</td>" in text
    assert "<td>weekly</td>" not in text


def test_a_return_with_remarks_and_one_without(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client = as_(here.district)
    form = {"place": ["field:office_area", "whole:"], "text": ["与租赁合同不一致", ""]}
    refused = client.post(check(here.entry, "return/"), form | {"due": "乱写"})
    assert refused.status_code == 409
    assert "与租赁合同不一致" in refused.content.decode()
    due = "2022-04-10T17:00"
    empty = client.post(check(here.entry, "return/"), {"place": ["whole:"], "text": [" "], "due": due})
    assert empty.status_code == 409
    assert return_in_force(here.entry) is None
    assert client.post(check(here.entry, "return/"), form | {"due": due}).status_code == 302
    here.entry.refresh_from_db()
    made = return_in_force(here.entry)
    assert made is not None
    assert [(remark.kind, remark.key) for remark in made.remarks.all()] == [("field", "office_area")]
    assert here.entry.state == EntryState.RETURNED
    assert "与租赁合同不一致" in client.get(check(here.entry)).content.decode()


def test_put_forward_and_undone_and_not_without_a_reason(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    client = as_(here.district)
    assert client.post(check(here.entry, "decide/"), {"forward": "no"}).status_code == 409
    assert client.post(check(here.entry, "decide/"), {"forward": "yes"}).status_code == 302
    decided = decision_on(here.entry)
    assert decided is not None
    assert decided.rank == 1
    assert "撤回这个决定" in client.get(check(here.entry)).content.decode()
    again = client.post(check(here.entry, "decide/"), {"forward": "yes"})
    assert again.status_code == 409
    assert client.post(check(here.entry, "undo/")).status_code == 302
    assert decision_on(here.entry) is None
    assert client.post(check(here.entry, "undo/")).status_code == 409


@pytest.mark.parametrize(
    ("place", "opens"),
    [
        ("field:address", "办公地址"),
        ("row:clients/3", "五、服务清单 第 3 行"),
        ("table:departments", "部门、团队人员"),
        ("attachment:7", "附件 7"),
        ("part:outlook", "四、服务成效及规划整个部分"),
        ("field:nothing", "整份报告"),
        ("whole:", "整份报告"),
    ],
)
def test_what_a_return_opens_stands_beside_the_remarks(here: Scene, now: datetime, place: str, opens: str) -> None:
    submitted(here.entry, now)
    client = as_(here.district)
    refused = {"place": [place], "text": ["请核对"], "due": "2020-01-01T17:00"}
    text = client.post(check(here.entry, "return/"), refused).content.decode()
    told = text.partition("data-opened-list>")[2].partition("</span>")[0]
    assert told == opens
    client.post(check(here.entry, "return/"), refused | {"due": "2022-04-10T17:00"})
    text = client.get(check(here.entry)).content.decode()
    assert f"机构现在能改：</b>{opens}" in text
