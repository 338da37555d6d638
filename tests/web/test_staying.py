"""Logging in and staying logged in: names, limits, time-outs, letters that reset, confirmation before grave acts."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from testbed.scene import USCC, person, scene

from ceping.core.phone import normalised
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index
from ceping.web.ui.staying import fresh_login

pytestmark = pytest.mark.django_db
PASSWORD, OTHER = "liu-he-ta-2022", "hei-bai-zi-2023"
LOGIN = "/accounts/login/"


@pytest.fixture
def alice() -> User:
    user = scene().alice
    user.email, user.phone = "chen@example.cn", "13800138000"
    user.phone_index = blind_index(normalised(user.phone), kind="phone")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client: Client, name: str, password: str = PASSWORD, network: str = "10.1.1.1") -> HttpResponse:
    answer = client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=network)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    "name", ["user3", "USER3", "ｕｓｅｒ３", "chen@example.cn", "13800138000", "138-0013 8000", USCC, USCC.lower()]
)
def test_the_names_somebody_goes_by(client: Client, alice: User, name: str) -> None:
    given = name if "ser" not in name.lower() and "ｓｅｒ" not in name else name.replace("3", alice.login[-1])
    given = given.replace("３", chr(ord("０") + int(alice.login[-1])))
    assert log_in(client, given).status_code == 302
    assert client.get("/inbox/").status_code == 200


def test_nobody_learns_whether_an_account_exists(client: Client, alice: User) -> None:
    told = [
        re.findall(r"(?s)<main.*?</main>", log_in(client, name, "wrong").content.decode())
        for name in (alice.login, "nobody-here")
    ]
    assert told[0]
    assert [re.sub(r'value="[^"]*"', "", one) for one in told[0]] == [re.sub(r'value="[^"]*"', "", o) for o in told[1]]
    pages = [client.post("/accounts/password/reset/", {"email": mail}) for mail in (alice.email, "x@example.cn")]
    assert [(page.status_code, page.headers["Location"]) for page in pages] == [
        (302, "/accounts/password/reset/done/")
    ] * 2


def test_wrong_passwords_lock_the_network_not_the_owner(client: Client, alice: User) -> None:
    for name in (alice.login, alice.email, "138 0013 8000", "138-0013-8000", USCC):
        assert log_in(client, name, "wrong").status_code == 200
    # Right at last, but by whatever name the five are spent; a forged address changes nothing.
    assert log_in(client, "13800138000").status_code == 200
    forged = client.post(
        LOGIN, {"login": alice.login, "password": PASSWORD}, REMOTE_ADDR="10.1.1.1", HTTP_X_FORWARDED_FOR="10.9.9.9"
    )
    assert forged.status_code == 200
    assert log_in(Client(), alice.login, network="10.2.2.2").status_code == 302


def test_a_district_behind_one_address_is_not_locked_by_one_of_it(client: Client, alice: User) -> None:
    for number in range(20):
        log_in(client, f"guess-{number}", "wrong")
    assert log_in(client, alice.login).status_code == 302


@pytest.mark.parametrize(("idle", "began", "stays"), [(29, 29, True), (30, 30, False), (1, 719, True), (1, 720, False)])
def test_a_log_in_lasts_so_long(client: Client, alice: User, idle: int, began: int, *, stays: bool) -> None:
    client.force_login(alice)
    now, session = int(timezone.now().timestamp()), client.session
    session["seen_at"], session["began_at"] = now - idle * 60, now - began * 60
    session.save()
    fragment = client.get("/inbox/", headers={"HX-Request": "true"})
    assert fragment.status_code == (200 if stays else 401)
    assert client.get("/inbox/").status_code == (200 if stays else 302)
    if stays:
        assert client.session["seen_at"] >= now


def test_asking_again_and_again_is_no_sign_of_life(client: Client, alice: User) -> None:
    client.force_login(alice)
    session = client.session
    session["seen_at"] = before = int(timezone.now().timestamp()) - 600
    session.save()
    client.get("/inbox/", headers={"X-Polling": "1"})
    assert client.session["seen_at"] == before
    client.get("/inbox/")
    touched = client.session["seen_at"]
    assert touched > before
    session = client.session
    session["seen_at"] = touched - 30
    session.save()
    client.get("/inbox/")
    assert client.session["seen_at"] == touched - 30


def test_another_password_ends_the_other_sessions(alice: User) -> None:
    here, there = Client(), Client()
    for one in (here, there):
        assert log_in(one, alice.login).status_code == 302
        one.get("/inbox/")
    assert UserSession.objects.filter(user=alice).count() == 2
    typed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/accounts/password/change/", typed).status_code == 302
    assert here.get("/inbox/").status_code == 200
    assert there.get("/inbox/").status_code == 302


def test_others_are_signed_out_from_the_list(alice: User) -> None:
    here, there = Client(), Client()
    for one in (here, there):
        log_in(one, alice.login)
        one.get("/inbox/")
    assert here.get("/accounts/sessions/").status_code == 200
    here.post("/accounts/sessions/")
    assert here.get("/inbox/").status_code == 200
    assert there.get("/inbox/").status_code == 302


def test_a_letter_resets_once_within_an_hour(client: Client, alice: User, settings: object) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email}, headers={"Host": "localhost"})
    link = re.findall(r"https?://\S+/password/reset/key/\S+", str(mail.outbox[0].body))[0]
    assert link.startswith(settings.SITE_URL)  # type: ignore[attr-defined]
    path = link.removeprefix(settings.SITE_URL)  # type: ignore[attr-defined]
    page = client.get(path, follow=True)
    target = page.redirect_chain[-1][0]
    assert client.post(target, {"password1": OTHER, "password2": OTHER}).status_code == 302
    assert User.objects.get(pk=alice.pk).check_password(OTHER)
    assert client.get("/inbox/").status_code == 302
    again = Client().get(path, follow=True)
    assert 'name="password1"' not in again.content.decode()
    assert timedelta(hours=1).total_seconds() == settings.PASSWORD_RESET_TIMEOUT  # type: ignore[attr-defined]


def test_a_grave_act_asks_who_it_is(client: Client, alice: User) -> None:
    view = fresh_login(lambda _: HttpResponse("done"))

    def asked(**headers: str) -> HttpResponse:
        request: HttpRequest = RequestFactory().post("/act/", headers=headers)
        request.user, request.session = alice, client.session
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        answer = view(request)
        assert isinstance(answer, HttpResponse)
        return answer

    log_in(client, alice.login)
    assert asked().content == b"done"
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 301
    session.save()
    answer = asked(Referer="http://testserver/inbox/?page=2")
    assert answer.headers["Location"] == "/accounts/reauthenticate/?next=%2Finbox%2F%3Fpage%3D2"
    assert asked(Referer="https://evil.example/x").headers["Location"].endswith("next=%2F")
    assert "HX-Redirect" in asked(**{"HX-Request": "true"}).headers


def test_a_taken_role_is_gone_at_the_next_request(client: Client, now: datetime) -> None:
    person("潘安全", Role.SECURITY_OFFICER)
    user = person("陈文静", Role.RECOMMENDER, area=scene().area)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)
    assert client.get("/recommender/").status_code != 403
    user.grants.update(revoked_at=now)
    assert client.get("/recommender/").status_code == 403


def test_a_page_asks_whether_its_reader_is_still_there(client: Client, alice: User) -> None:
    asked = {"Accept": "application/json"}
    assert client.get("/still/", headers=asked).status_code == 401
    assert client.get("/still/").status_code == 302
    client.force_login(alice)
    answer = client.get("/still/", headers=asked)
    assert answer.json()["reader"] == str(alice.pk)
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    token = strict.get("/still/", headers=asked).json()["token"]
    assert strict.post("/inbox/", {"message": "", "csrfmiddlewaretoken": token}).status_code == 302
    assert f'data-reader="{alice.pk}"' in client.get("/inbox/").content.decode()


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json, */*"}])
def test_no_page_of_its_own_comes_in_the_place_of_a_fragment(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/inbox/", headers=headers).status_code == 401
    client.force_login(scene().organiser)
    answer = client.get("/office/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/2fa/")
    assert answer.content == b""
