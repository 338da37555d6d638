"""The lead runs a verification from the seed to its end by pages alone; the organiser looks and holds one switch."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ceping.ground.people.models import User
from ceping.stages.verification.models import Attempt, Draw, Drawn, Frame
from ceping.stages.verification.states import SurveyState
from tests.factories.survey import MORNING, SEED, Field, call, calling, field

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    """It is ten on a working day; people of the demo have nothing to confirm with."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    settings.DEMO = True  # type: ignore[attr-defined]


def logged_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return browser


def step(browser: Client, made: Field, **asked: object) -> int:
    return browser.post(reverse("office:calls_act"), {"season": made.season.pk, **asked}).status_code


def test_from_the_seed_to_the_end() -> None:
    made = field(2)
    browser = logged_in(made.lead)
    page = reverse("office:calls")
    assert "还没有录入抽样种子" in browser.get(page).content.decode()
    assert step(browser, made, do="seed", seed="") == 409
    assert step(browser, made, do="seed", seed=SEED) == 302
    assert "可以冻结 2 家机构的名单" in browser.get(page).content.decode()
    assert SEED not in browser.get(page).content.decode()
    assert step(browser, made, do="draw") == 409
    assert step(browser, made, do="freeze") == 302
    assert step(browser, made, do="draw", rule="fixed", size="zwölf") == 409
    assert step(browser, made, do="draw", rule="fixed", size="12") == 302
    words = browser.get(page).content.decode()
    assert "已抽中 24 家服务对象" in words
    assert SEED in words
    assert step(browser, made, do="hand") == 409
    assert step(browser, made, do="hand", verifier=[made.verifier.pk, made.colleague.pk]) == 302
    assert set(Frame.objects.values_list("verifier", flat=True)) == {made.verifier.pk, made.colleague.pk}
    assert step(browser, made, do="redraw", seed="第二个", reason="复核", rule="all") == 302
    assert "第 2 次" in browser.get(page).content.decode()
    assert step(browser, made, do="close") == 409
    assert step(browser, made, do="close", reason="期满") == 302
    assert made.survey.state == SurveyState.CLOSED
    assert "核验已结束" in browser.get(page).content.decode()
    assert step(browser, made, do="anything") == 404


def test_the_record_of_a_draw_is_what_the_draw_kept() -> None:
    made = calling()
    browser, draw = logged_in(made.here.organiser), Draw.objects.get()
    told = browser.get(reverse("office:calls_record", args=[made.season.pk, 1, "json"]))
    assert json.loads(told.content) == draw.record
    lines = browser.get(reverse("office:calls_record", args=[made.season.pk, 1, "csv"]))
    assert lines.content.decode() == draw.lines
    for args in ([made.season.pk, 2, "json"], [made.season.pk, 1, "exe"], [0, 1, "csv"]):
        assert browser.get(reverse("office:calls_record", args=args)).status_code == 404


def test_the_supervisor_sees_rates_listens_and_hands_over() -> None:
    made = calling()
    client = Drawn.objects.get(position=1).client
    attempt = call(made, client)
    assert isinstance(attempt, Attempt)
    browser, address = logged_in(made.lead), reverse("office:calls_frame_act", args=[made.frame.pk])
    page = browser.get(reverse("office:calls_frame", args=[made.frame.pk])).content.decode()
    assert ("100.0%" in page, "样本小" in page, client.told("phone") in page) == (True, True, False)
    assert "1/1" in browser.get(reverse("office:calls")).content.decode()
    asked = {"do": "note", "attempt": attempt.pk, "grade": "sound", "text": "流程完整"}
    assert browser.post(address, asked).status_code == 302
    assert browser.post(address, asked | {"text": ""}).status_code == 409
    shown = browser.post(address, {"do": "phone", "client": client.pk, "reason": "复核录音"})
    assert client.told("phone") in shown.content.decode()
    assert browser.post(address, {"do": "void", "attempt": attempt.pk, "reason": "重复"}).status_code == 302
    assert browser.post(address, {"do": "hand", "to": made.colleague.pk, "reason": "轮换"}).status_code == 302
    assert made.frame.verifier_id == made.colleague.pk
    for wrong in ({"do": "x"}, {"do": "hand", "to": made.lead.pk}, {"do": "void", "attempt": "9" * 20}):
        assert browser.post(address, wrong).status_code == 404
    assert logged_in(made.here.organiser).post(address, asked).status_code == 403


def test_the_organiser_holds_the_switch() -> None:
    made = calling(2)
    browser, page = logged_in(made.here.organiser), reverse("office:calls_signals")
    assert "未授权" in browser.get(page).content.decode()
    asked = {"season": made.season.pk, "do": "allow", "document": "沪经信企〔2022〕1 号", "reason": ""}
    assert browser.post(reverse("office:calls_switch"), asked).status_code == 409
    assert browser.post(reverse("office:calls_switch"), asked | {"reason": "核查"}).status_code == 302
    words = browser.get(page, {"kind": "phone_across"}).content.decode()
    assert "跨机构同一号码" in words
    assert "****" in words
    asked |= {"do": "withdraw", "reason": "结束"}
    assert browser.post(reverse("office:calls_switch"), asked).status_code == 302
    assert "未授权" in browser.get(page).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(count: int, django_assert_max_num_queries: object) -> None:
    made = calling(count)
    for entry in range(count):
        call(made, Drawn.objects.filter(frame__entry=made.entries[entry], position=1).get().client)
    browser = logged_in(made.lead)
    assert browser.get(reverse("office:calls")).status_code == 200
    # Three of them are the transaction's own.
    with django_assert_max_num_queries(15 + 3):  # type: ignore[operator]
        browser.get(reverse("office:calls"))
    assert timezone.now() - MORNING < timedelta(1)
