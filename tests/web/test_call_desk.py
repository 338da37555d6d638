"""The call desk and the online answer as their readers see them: one client at a time, nothing typed is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ceping.ground.people.models import User
from ceping.stages.verification.actions import hand_over, note_listening, send_link
from ceping.stages.verification.models import Attempt, Drawn
from ceping.stages.verification.models import Client as Listed
from tests.factories.survey import ANSWERS, MORNING, Field, call, calling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ten on a working day, and everybody has a second factor."""
    monkeypatch.setattr(User, "has_second_factor", True)
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


@pytest.fixture
def made() -> Field:
    return calling()


def logged_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return browser


def first(made: Field) -> Listed:
    return Drawn.objects.get(frame=made.frame, position=1).client


def pressed(**changed: str) -> dict[str, str]:
    return {"key": str(uuid4()), "revision": "0", "disposition": "10", **ANSWERS, **changed}


def test_the_desk_leads_to_the_first_and_from_there_to_the_next(made: Field) -> None:
    browser, client = logged_in(made.verifier), first(made)
    told = browser.get(reverse("verifier:desk"), follow=True)
    assert told.redirect_chain[-1][0] == reverse("verifier:client", args=[client.pk])
    page = told.content.decode()
    phone = client.told("phone")
    assert (client.told("name") in page, phone in page, f"{phone[:3]}****{phone[-4:]}" in page) == (True, False, True)
    form = pressed()
    for _ in range(2):
        told = browser.post(reverse("verifier:record", args=[client.pk]), form)
        assert told.status_code == 302
    assert Attempt.objects.count() == 1
    told = browser.get(reverse("verifier:desk"))
    assert told["Location"] == reverse("verifier:client", args=[Drawn.objects.get(position=2).client_id])


def test_what_was_typed_stands_again_when_it_is_refused(made: Field) -> None:
    browser, client = logged_in(made.verifier), first(made)
    form = pressed(q_satisfaction="", remark="让我找张总")
    told = browser.post(reverse("verifier:record", args=[client.pk]), form)
    page = told.content.decode()
    assert told.status_code == 409
    assert "第 3 题还没有答" in page
    assert "让我找张总" in page
    assert 'value="same" checked' in page
    assert form["key"] in page


def test_the_number_comes_into_the_page_that_asked(made: Field) -> None:
    browser, client = logged_in(made.verifier), first(made)
    address = reverse("verifier:phone", args=[client.pk])
    told = browser.post(address, {"reason": "拨打第 1 次核验电话"}, headers={"HX-Request": "true"}).content.decode()
    assert client.told("phone") in told
    assert "<html" not in told
    told = browser.post(address, {"reason": ""}, headers={"HX-Request": "true"}).content.decode()
    assert "请写明理由" in told
    assert client.told("phone") not in told


def test_nobody_else_finds_the_client(made: Field) -> None:
    call(made, first(made), "30")
    hand_over(frame=made.frame, to=made.colleague, reason="请假", by=made.lead, at=MORNING)
    client = first(made)
    for name in ("client", "record", "phone", "appointment", "link"):
        address = reverse(f"verifier:{name}", args=[client.pk])
        ask = logged_in(made.verifier)
        told = ask.get(address) if name == "client" else ask.post(address, pressed(reason="x"))
        assert told.status_code == 404, name
    stale = logged_in(made.colleague).post(reverse("verifier:record", args=[client.pk]), pressed())
    assert stale.status_code == 409
    assert "刚刚记下的是" in stale.content.decode()


def test_records_show_what_was_noted_and_are_void_the_same_day(made: Field) -> None:
    attempt = call(made, first(made))
    assert isinstance(attempt, Attempt)
    note_listening(attempt=attempt, grade="coach", text="语速太快", by=made.lead, at=MORNING)
    browser = logged_in(made.verifier)
    assert "语速太快" in browser.get(reverse("verifier:records")).content.decode()
    browser.post(reverse("verifier:void", args=[attempt.pk]), {"reason": "点错"})
    assert "已作废" in browser.get(reverse("verifier:records")).content.decode()
    assert logged_in(made.colleague).post(reverse("verifier:void", args=[attempt.pk])).status_code == 404


@pytest.mark.parametrize("name", ["home", "records", "training"])
def test_lists_cost_the_same_at_any_length(made: Field, name: str, django_assert_max_num_queries: object) -> None:
    for position in range(1, 4):
        call(made, Drawn.objects.get(frame=made.frame, position=position).client)
    browser = logged_in(made.verifier)
    assert browser.get(reverse(f"verifier:{name}")).status_code == 200
    # Three of them are the transaction's own.
    with django_assert_max_num_queries(15 + 3):  # type: ignore[operator]
        browser.get(reverse(f"verifier:{name}"))


def test_practice_says_what_would_have_been_right(made: Field) -> None:
    browser = logged_in(made.verifier)
    told = browser.post(reverse("verifier:training"), {"case": "3", "disposition": "10"}).content.decode()
    assert "更合适的是“否认接受过服务”" in told
    assert "对。" in browser.post(reverse("verifier:training"), {"case": "3", "disposition": "12"}).content.decode()
    for odd in ("99", "0", "x", "²"):
        assert browser.get(reverse("verifier:training"), {"case": odd}).status_code == 200
    assert not Attempt.objects.exists()


def test_a_client_answers_without_a_log_in_once(made: Field) -> None:
    client = first(made)
    one = send_link(client=client, address="{token}", email="", by=made.verifier, at=MORNING)
    browser, address = Client(enforce_csrf_checks=False), reverse("public:answer", args=[one.token])
    page = browser.get(address)
    words = page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    assert (made.here.institution.name in words, client.told("name") in words) == (True, True)
    assert client.told("phone") not in words
    assert made.here.institution.uscc not in words
    assert browser.post(address, {"q_satisfaction": "5"}).status_code == 422
    assert browser.post(address, ANSWERS)["Location"] == reverse("public:answered")
    assert (browser.get(address).status_code, browser.post(address, ANSWERS).status_code) == (410, 410)
    assert Attempt.objects.get().mode == "online"


def test_too_many_tries_are_told_to_wait() -> None:
    browser = Client()
    for _ in range(60):
        assert browser.get(reverse("public:answer", args=["nobody"])).status_code == 410
    assert browser.get(reverse("public:answer", args=["nobody"])).status_code == 429


def test_the_link_runs_out(made: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    one = send_link(client=first(made), address="{token}", email="", by=made.verifier, at=MORNING)
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(days=7))
    assert Client().get(reverse("public:answer", args=[one.token])).status_code == 410


@pytest.mark.parametrize(
    "odd",
    [
        {"remark": "a\0b"},
        {"revision": "9" * 40},
        {"revision": "-1"},
        {"key": "no key"},
        {"again": "2022-13-45T99:00"},
        {"again": "2022-03-11T02:00"},
        {"disposition": "10" * 60},
        {"q_served": "是"},
    ],
    ids=str,
)
def test_odd_forms_are_told_and_change_nothing(made: Field, odd: dict[str, str]) -> None:
    browser, client = logged_in(made.verifier), first(made)
    for name in ("record", "appointment", "link", "phone"):
        told = browser.post(reverse(f"verifier:{name}", args=[client.pk]), pressed(**odd, email="x@", reason="a"))
        assert told.status_code in (200, 302, 400, 409), name
    assert not Attempt.objects.filter(disposition="10", answers={}).exists()
