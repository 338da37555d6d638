"""The lead's pages of assessment: people, draw, progress, differences, false files, advice."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from testbed.scene import person

from ceping.ground.people.roles import Role
from ceping.stages.assessment.actions import check_evidence
from ceping.stages.assessment.models import (
    AnchorCase,
    Assessor,
    Assignment,
    Conflict,
    Difference,
    Draw,
    EvidenceCheck,
)
from ceping.stages.assessment.queries import attachments_of
from ceping.stages.report.queries import last_submission
from tests.factories.assessed import NOON, Bench, assigned, bench

pytestmark = pytest.mark.django_db
ITEM = "licence"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    """As people of the demo: the second factor is another test's."""
    settings.DEMO = True


def lead_of(made: Bench) -> Client:
    client = Client()
    client.force_login(made.lead, backend="ceping.ground.people.login.NameBackend")
    return client


def press(client: Client, name: str, made: Bench, **given: object) -> int:
    return client.post(reverse(f"office:{name}"), {"season": str(made.season.pk), **given}).status_code


def test_assessors_are_added_one_by_one_and_by_a_list() -> None:
    made = bench(1)
    client = lead_of(made)
    user = person("新专家", Role.ASSESSOR)
    told = {"user": user.pk, "employer": made.entry.institution.name, "load_max": "12", "expertise": "法律服务；税务"}
    assert press(client, "assessors_act", made, do="add", **told | {"load_max": "很多"}) == 409
    assert press(client, "assessors_act", made, do="add", **told) == 302
    one = Assessor.objects.get(user=user)
    assert (one.code, one.expertise, one.load_max) == ("A02", ["法律服务", "税务"], 12)
    assert "同名" in client.get(reverse("office:assessors")).content.decode()
    assert press(client, "assessors_act", made, do="detect") == 302
    assert Conflict.objects.get().kind == "detected"
    given = {"assessor": one.pk, "entry": made.entry.pk}
    assert press(client, "assessors_act", made, do="clear", reason="", **given) == 409
    assert press(client, "assessors_act", made, do="clear", reason="已核实", **given) == 302
    listed = "姓名,工作单位,专长,承担上限\n方静,复旦大学,管理咨询,8\n无此人,复旦大学,,\n"
    file = SimpleUploadedFile("list.csv", listed.encode("utf-8-sig"))
    assert press(client, "assessors_act", made, do="file", file=file) == 409
    assert Assessor.objects.get(code="A01").employer == "华东理工大学"
    file = SimpleUploadedFile("list.csv", listed.replace("无此人,复旦大学,,\n", "").encode("utf-8-sig"))
    assert press(client, "assessors_act", made, do="file", file=file) == 302
    assert Assessor.objects.get(code="A01").employer == "复旦大学"
    assert press(client, "assessors_act", made, do="remove", assessor=one.pk, reason="出国") == 302


def test_the_draw_by_hand_by_file_and_its_record() -> None:
    made = bench(4, 2)
    client = lead_of(made)
    assert press(client, "assessment_act", made, do="draw", seed="") == 409
    assert press(client, "assessment_act", made, do="draw", seed="公开摇号-7") == 302
    page = client.get(reverse("office:assessment")).content.decode()
    assert "第 1 次抽取有效" in page
    assert press(client, "assessment_act", made, do="draw", seed="另一个", reason="") == 409
    draw = Draw.objects.get()
    for kind, wanted in (("json", '"kind": "assessors"'), ("csv", "uscc,indicator_id"), ("season", "公开摇号-7")):
        address = reverse("office:assessment_record", args=[made.season.pk, draw.number, kind])
        assert wanted in client.get(address).content.decode()
    first = Assignment.objects.filter(ended_at=None).first()
    assert first is not None
    pair = {"entry": first.entry_id, "assessor": first.assessor_id}
    assert press(client, "assessment_act", made, do="end", reason="生病", **pair) == 302
    assert "专家不足" in client.get(reverse("office:assessment")).content.decode()
    assert press(client, "assessment_act", made, do="hand", reason="", **pair) == 409
    assert press(client, "assessment_act", made, do="hand", reason="康复", **pair) == 302
    assert press(client, "assessment_act", made, do="reopen", **pair) == 302
    text = f"统一社会信用代码,指标编号,专家编号\n{made.entry.institution.uscc},{ITEM},A99\n"
    file = SimpleUploadedFile("a.csv", text.encode("utf-8-sig"))
    assert press(client, "assessment_act", made, do="file", reason="纪要", file=file) == 409


def test_differences_false_files_and_cases_are_settled() -> None:
    made = assigned(items=[ITEM])
    client = lead_of(made)
    case = {"title": "甲", "text": "证照齐全", "item": ITEM, "mark": "5", "reason": "一半"}
    assert press(client, "assessment_settle", made, do="case", **case) == 302
    AnchorCase.objects.all().delete()
    first, second, third = made.people
    made.sign(first, {ITEM: "9"})
    made.sign(second, {ITEM: "3"})
    found = Difference.objects.get()
    assert "1 项分歧待裁定" in client.get(reverse("office:assessment_settling")).content.decode()
    asked = {"difference": found.pk, "reason": "请裁定"}
    assert press(client, "assessment_settle", made, do="third", assessor=first.pk, **asked) == 409
    assert press(client, "assessment_settle", made, do="third", assessor=third.pk, **asked) == 302
    assert press(client, "assessment_settle", made, do="decide", mark="99", **asked) == 409
    assert press(client, "assessment_settle", made, do="decide", mark="6", **asked) == 302
    name = attachments_of(made.entry, last_submission(made.entry))[0].name
    given = {"entry": made.entry, "file": name, "version": 0, "by": first.user, "at": NOON}
    check = check_evidence(verdict="false", reason="对方否认", **given)  # type: ignore[arg-type]
    assert press(client, "assessment_settle", made, do="confirm", check=check.pk, reason="") == 409
    assert press(client, "assessment_settle", made, do="confirm", check=check.pk, reason="属实") == 302
    assert EvidenceCheck.objects.get().confirmed_by == made.lead
    page = client.get(reverse("office:assessment_advice")).content.decode()
    assert "样本不足" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_little_for_many_as_for_one(count: int) -> None:
    made = bench(3, count)
    client = lead_of(made)
    press(client, "assessment_act", made, do="draw", seed="种子")
    client.get(reverse("office:assessment"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("office:assessment"))
    # Three of them begin and end the transaction that only reads.
    assert len(queries) <= 15 + 3
