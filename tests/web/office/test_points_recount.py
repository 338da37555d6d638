"""The page of whole counts: asked for once, watched, stopped; what differs stands there with both numbers."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.market import a_shop
from testbed.scene import person, scene

from ceping.core.points import EventRow, Place
from ceping.flow.tasks import recount_asked
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from ceping.stages.points.actions import post_round, take_events
from ceping.stages.points.models import Recount, Standing
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db
PAGE, ASK, POINTS = "/office/points/recount/", "/office/points/recount/ask/", "/office/points/"


@pytest.fixture
def operator(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Client:
    settings.DEMO = True
    settings.POINTS_LOG = tmp_path / "log"
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    a_shop(scene().institution, at=now)
    rows = [
        EventRow(Place("t", n), f"e{n}", "shop-1", "order", "2022-03-09T10:00:00+08:00", f"u{n}", "personal", "", "")
        for n in range(3)
    ]
    take_events(rows=rows, source="api:1:服务云", by=None, at=now)
    while post_round(at=now):
        pass
    return as_(person("钱运营", Role.OPERATOR))


def counted(operator: Client) -> Job:
    operator.post(ASK)
    job = Job.objects.latest("pk")
    recount_asked(job.token)
    job.refresh_from_db()
    return job


def test_asked_for_twice_it_goes_on_once_and_can_be_stopped(operator: Client) -> None:
    assert "还没有复算过" in operator.get(PAGE).text
    assert operator.get(POINTS).status_code == 200
    operator.post(ASK)
    told = operator.post(ASK, follow=True).text
    assert "复算正在进行，不用再点" in told
    assert "正在复算" in told
    job = Job.objects.get()
    assert operator.post(ASK, {"cancel": "another"}).status_code == 404
    operator.post(ASK, {"cancel": job.token})
    recount_asked(job.token)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not Recount.objects.exists()


def test_what_differs_is_shown_with_both_numbers_and_told_on_the_desk(operator: Client) -> None:
    assert counted(operator).state == State.DONE
    assert "复算与账目一致" in operator.get(PAGE).text
    assert "与账目不符" not in operator.get(POINTS).text
    shop = Standing.objects.get(shop="shop-1")
    Standing.objects.update(points=F("points") + 5)
    counted(operator)
    page = operator.get(PAGE).text
    assert "复算有 1 条与账目不符" in page
    assert "合计和等级" in page
    assert f">{shop.points + 5}<" in page
    assert f">{shop.points}<" in page
    assert "1 条与账目不符" in operator.get(POINTS).text
    first = Recount.objects.earliest("pk")
    assert "复算与账目一致" in operator.get(PAGE, {"run": first.pk}).text
    for wrong in ("0", "x", str(2**70)):
        assert operator.get(PAGE, {"run": wrong}).status_code == 404


def test_a_count_that_could_not_be_done_says_why(operator: Client, settings: Any) -> None:
    counted(operator)
    (settings.POINTS_LOG / "log.json").write_text("{", encoding="utf-8")
    assert counted(operator).state == State.FAILED
    page = operator.get(PAGE).text
    assert "没有完成" in page
    assert "导出清单读不懂" in page


def test_a_long_list_asks_no_more_questions(operator: Client) -> None:
    counted(operator)
    one = Recount.objects.get()
    line = {"shop_id": "shop-1", "held_quantity": 1, "found_quantity": 2, "held_points": 10, "found_points": 20}
    lines = [line | {"rule_id": f"rule-{n}", "held_level": "", "found_level": ""} for n in range(500)]
    one.pk, one.differing, one.differences = None, 7000, lines
    one.save(force_insert=True)
    operator.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = operator.get(PAGE, {"page": 2}).text
    assert len(asked) - 4 <= 15, [one["sql"] for one in asked]
    assert "第 51—100 条，共 7000 条" in page
    assert "ceping events recount --out" in page
