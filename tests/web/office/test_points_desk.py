"""The points desk: a ledger explained, events voided, held ones decided, signals noted, rules changed, feeds seen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.market import a_shop
from testbed.scene import Scene, person, scene, shipped_files

from ceping.core.points import Event as CoreEvent
from ceping.core.points import EventRow, Place
from ceping.core.points.grammar import instant_at
from ceping.flow.tasks import follow_rules, preview_rules
from ceping.ground.journal.models import Entry
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job
from ceping.stages.points.actions import post_round, record_event, take_events
from ceping.stages.points.actions.watching import find_signals
from ceping.stages.points.models import Adoption, Event, Held, LedgerEntry, Signal, Standing
from ceping.stages.points.queries import standing_of
from ceping.stages.scheme import actions as schemes
from ceping.stages.scheme.models import SchemeVersion
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db
POINTS = "/office/points/"
SHOP, HELD, SIGNALS, RULES = f"{POINTS}shops/shop-1/", f"{POINTS}held/", f"{POINTS}signals/", f"{POINTS}rules/"
REASON = "买家与卖家是同一人，刷单"


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    made = scene()
    a_shop(made.institution, at=now)
    return made


@pytest.fixture
def who(here: Scene) -> User:  # noqa: ARG001 -- the scene stands first
    return person("钱运营", Role.OPERATOR)


@pytest.fixture
def operator(who: User) -> Client:
    return as_(who)


def row(number: int, kind: str = "order", at: str = "2022-03-09T10:00:00+08:00", **more: str) -> EventRow:
    parts = {"actor_id": f"u{number}", "actor_type": "personal", "rating": "", "voids": ""} | more
    return EventRow(Place("t", number), f"e{number}", "shop-1", kind, at, *parts.values())


def taken(now: datetime, *rows: EventRow, source: str = "api:1:服务云") -> None:
    take_events(rows=rows, source=source, by=None, at=now)
    while post_round(at=now):
        pass


def points() -> tuple[int, str]:
    stand = standing_of(["shop-1"])["shop-1"]
    return stand.points, stand.name


def test_a_fake_order_is_voided_the_level_falls_and_the_ledger_says_why(
    operator: Client, who: User, now: datetime
) -> None:
    # Ninety points from what the shop is; two orders more make two stars.
    taken(now, row(1), row(2))
    assert points() == (100, "1 星级")
    taken(now, row(3))
    assert points() == (110, "2 星级")
    fake = Event.objects.get(event_id="e3")
    page = operator.get(SHOP).content.decode()
    assert "110 分" in page
    assert "作废这个事件" in page
    assert operator.post(SHOP + "void/", {"event": fake.pk, "reason": " "}).status_code == 409
    assert operator.post(SHOP + "void/", {"event": "x", "reason": REASON}).status_code == 404
    assert operator.post(SHOP + "void/", {"event": fake.pk, "reason": REASON}).status_code == 302
    assert points() == (100, "1 星级")
    page = operator.get(SHOP).content.decode()
    assert "积分 110 → 100，等级 2 星级 → 1 星级" in page
    line = LedgerEntry.objects.latest("pk")
    assert (line.points, line.reason, line.corrects is not None) == (-10, REASON, True)
    assert f"理由：{REASON}" in page
    assert f"{who.name}（平台运营）" in page
    entry = Entry.objects.filter(act="void_event").get()
    assert (entry.reason, entry.role) == (REASON, "operator")
    again = operator.post(SHOP + "void/", {"event": fake.pk, "reason": REASON})
    assert (again.status_code, points()[0]) == (409, 100)
    void = Event.objects.get(kind="void")
    assert operator.post(SHOP + "void/", {"event": void.pk, "reason": REASON}).status_code == 409


def test_an_event_of_another_shop_is_not_found(here: Scene, operator: Client, now: datetime) -> None:
    a_shop(here.other, code="shop-2", name="别家", at=now)
    taken(now, row(1))
    event = Event.objects.get(event_id="e1")
    assert operator.post(f"{POINTS}shops/shop-2/void/", {"event": event.pk, "reason": REASON}).status_code == 404
    assert operator.get(f"{POINTS}shops/none/").status_code == 404


def test_the_log_is_looked_through(operator: Client, now: datetime) -> None:
    taken(now, *(row(number) for number in range(40)), row(50, "rating", rating="good"))

    def shown(**asked: str) -> int:
        return operator.get(SHOP, asked).content.decode().count('id="event-')

    assert (shown(), shown(kind="rating"), shown(event="e7"), shown(event="u8"), shown(event="nothing")) == (
        30,
        1,
        1,
        1,
        0,
    )
    first = Event.objects.get(event_id="e20")
    assert shown(until=str(first.pk)) == 20


def test_held_events_are_decided_with_both_contents_in_sight(operator: Client, now: datetime) -> None:
    taken(now, row(1), row(2))
    taken(now, row(1, actor_id="other"), row(9, at="2022-03-12T10:00:00+08:00"), row(2, actor_id="another"))
    assert "3 个事件等您处理" in operator.get(POINTS).content.decode()
    page = operator.get(HELD).content.decode()
    assert "<ins>other</ins>" in page
    assert "时间超前五分钟以上 1" in page
    first, ahead, second = Held.objects.order_by("pk")
    for given in ({"held": first.pk, "do": "take", "reason": ""}, {"held": first.pk, "do": "drop", "reason": " "}):
        assert operator.post(HELD + "decide/", given).status_code == 409
    for given in ({"held": first.pk, "do": "burn", "reason": "x"}, {"held": "", "do": "take", "reason": "x"}):
        assert operator.post(HELD + "decide/", given).status_code == 404
    given = {"held": first.pk, "do": "take", "reason": "以对方更正为准", "state": "open"}
    assert operator.post(HELD + "decide/", given).url == f"{HELD}?state=open"
    assert operator.post(HELD + "decide/", given).status_code == 409
    operator.post(HELD + "decide/", {"held": second.pk, "do": "drop", "reason": "对方误报"})
    operator.post(HELD + "decide/", {"held": ahead.pk, "do": "take", "reason": "时钟快，属实"})
    states = Held.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["taken", "taken", "dropped"]
    # The other order of the first id takes its place; the one ahead of the clock counts from its own day on.
    assert points()[0] == 100
    assert "没有挂起的事件" in operator.get(HELD).content.decode()
    assert "对方误报" in operator.get(HELD, {"state": "dropped"}).content.decode()


def test_signals_are_looked_at_and_take_nothing(operator: Client, now: datetime) -> None:
    taken(now, *(row(number) for number in range(12)))
    assert find_signals(at=now) == 1
    before = points()
    assert "这一分钟里成交 12 单" in operator.get(SIGNALS).content.decode()
    assert "异常线索：一分钟内订单集中" in operator.get(SHOP).content.decode()
    found = Signal.objects.get()
    assert operator.post(SIGNALS + "note/", {"signal": found.pk, "note": ""}).status_code == 409
    assert operator.post(SIGNALS + "note/", {"signal": "0", "note": "属实"}).status_code == 404
    assert operator.post(SIGNALS + "note/", {"signal": found.pk, "note": "活动现场集中下单"}).status_code == 302
    assert "没有新的异常线索" in operator.get(SIGNALS).content.decode()
    assert "活动现场集中下单" in operator.get(SIGNALS, {"looked": "yes"}).content.decode()
    assert points() == before


def another_version(here: Scene, now: datetime) -> SchemeVersion:
    files = shipped_files()
    files["points.toml"] = files["points.toml"].replace("points = 10\n", "points = 12\n")
    files["scheme.toml"] = files["scheme.toml"].replace("version = 1", "version = 2")
    version: SchemeVersion = schemes.draft_version(files=files, by=here.organiser, at=now)
    schemes.propose_version(version=version, by=here.organiser, at=now)
    return schemes.publish_version(version=version, by=here.second, at=now)


def test_rules_are_tried_then_changed_and_every_shop_follows(here: Scene, operator: Client, now: datetime) -> None:
    version = another_version(here, now)
    taken(now, row(1), row(2))
    assert points() == (100, "1 星级")
    given = {"version": version.pk, "reason": ""}
    assert operator.post(RULES + "preview/", given).status_code == 302
    assert operator.post(RULES + "preview/", given).status_code == 302
    job = Job.objects.get(kind="preview_rules")
    preview_rules(job.token)
    page = operator.get(RULES).content.decode()
    assert "1 家的等级会变" in page
    assert "2 星级" in page
    assert (points()[0], Adoption.objects.count()) == (100, 0)
    assert operator.post(RULES + "adopt/", given).status_code == 409
    given["reason"] = "按新办法执行"
    assert operator.post(RULES + "adopt/", given).status_code == 302
    assert operator.post(RULES + "adopt/", given).status_code == 409
    assert "还按旧规则计分" in operator.get(POINTS).content.decode()
    # One goes on already.
    assert operator.post(RULES + "adopt/", {"do": "follow"}).status_code == 409
    follow_rules(Job.objects.get(kind="follow_rules").token)
    assert points() == (104, "2 星级")
    assert set(LedgerEntry.objects.filter(why="rules").values_list("rules", flat=True)) == {str(version)}
    page = operator.get(RULES).content.decode()
    assert "1 家店铺改按执行的规则计分" in page
    assert "按新办法执行" in page
    assert operator.post(RULES + "preview/", {"version": "0"}).status_code == 404


def test_work_called_off_ends(here: Scene, operator: Client, now: datetime) -> None:
    version = another_version(here, now)
    operator.post(RULES + "preview/", {"version": version.pk})
    job = Job.objects.get(kind="preview_rules")
    assert operator.post(RULES + "preview/", {"cancel": "nothing"}).status_code == 404
    assert operator.post(RULES + "preview/", {"cancel": job.token}).status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_feeds_and_their_health(operator: Client, now: datetime) -> None:
    taken(now - timedelta(days=2), row(1), source="file")
    taken(now, row(2), row(2), row(3, kind="wish"), row(2, actor_id="x"))
    page = operator.get(f"{POINTS}feeds/").content.decode()
    assert "接口：服务云" in page
    assert "有没收下的" in page
    assert "一天没有来件" in page
    one = operator.get(f"{POINTS}feeds/", {"source": "file"}).content.decode()
    assert "共 1 批" in one


def test_the_list_of_shops_and_its_search(operator: Client) -> None:
    Standing.objects.create(shop="s:9", name="外来店铺")
    page = operator.get(POINTS).content.decode()
    assert "启衡企业管理咨询" in page
    found = operator.get(POINTS, {"q": "外来"}).content.decode()
    assert ("外来店铺" in found, "启衡企业管理咨询" in found) == (True, False)
    # A shop of which nothing is known yet has a page as well.
    assert operator.get(f"{POINTS}shops/s:9/").status_code == 200
    assert "没有这家店铺" in operator.get(POINTS, {"q": "没有"}).content.decode()


def test_pages_ask_little(operator: Client, now: datetime) -> None:
    taken(now, *(row(number) for number in range(30)))
    taken(now, *(row(number, actor_id="x") for number in range(30)))
    find_signals(at=now)
    for address in (POINTS, SHOP, HELD, SIGNALS, f"{POINTS}feeds/", f"{POINTS}connections/", f"{POINTS}import/"):
        operator.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert operator.get(address).status_code == 200
        assert len(asked) <= (26 if address == SHOP else 16), address


def test_others_do_nothing_here(here: Scene, now: datetime) -> None:
    record_event(
        event=CoreEvent("e1", "shop-1", "login", instant_at(now), "p", "seller", "", ""), source="t", by=None, at=now
    )
    event = Event.objects.get(event_id="e1")
    for user in (here.alice, here.organiser, person("系统", Role.SYSTEM_ADMIN)):
        client = as_(user)
        for address in (SHOP + "void/", HELD + "decide/", SIGNALS + "note/", RULES + "adopt/", RULES + "preview/"):
            assert client.post(address, {"event": event.pk, "reason": REASON}).status_code == 403
    # A seller who logs in is an event of its own.
    assert not Event.objects.exclude(kind="login").exists()
