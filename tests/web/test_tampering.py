"""The inventory of log-in, addresses and tampering, B097 to B104; B105 comes with the links clients answer by."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from testbed.scene import USCC, Scene, person, scene

from ceping.ground.people.login import user_named
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Answer, Entry
from ceping.stages.report.states import EntryState
from tests.web.institution.desk import Desk
from tests.web.recommender.test_pages import as_, submitted

pytestmark = pytest.mark.django_db
LOGIN, PASSWORD = "/accounts/login/", "liu-he-ta-2022"
ELSEWHERE = ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "javascript:alert(1)"]
ELSEWHERE += [
    "http:evil.example",
    "https:///evil.example",
    "/\t/evil.example",
    "//evil.example/%2e%2e",
    "\x01https://e.vil",
]


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    made = scene()
    made.alice.email = "chen@example.cn"
    made.alice.set_password(PASSWORD)
    made.alice.save()
    return made


def log_in(client: Client, name: str, password: str = PASSWORD, **sent: Any) -> int:
    return client.post(LOGIN, {"login": name, "password": password}, **sent).status_code


@pytest.mark.parametrize("name", ["Ａdmin", "ADMIN", " admin ", "ａｄｍｉｎ"])
def test_b097_a_name_written_otherwise_is_the_same_account(name: str, now: datetime) -> None:
    user = User.objects.create(login="admin", name="甲", created_at=now)
    assert user_named(name) == user
    assert user_named("аdmin") is None


def test_b097_stuffing_is_throttled_by_account_and_network_and_the_owner_gets_in(here: Scene) -> None:
    variants = [
        here.alice.login,
        here.alice.login.upper(),
        f" {here.alice.login}",
        "chen@example.cn",
        "CHEN@EXAMPLE.CN",
    ]
    for name in variants:
        assert log_in(Client(), name, "wrong", REMOTE_ADDR="10.1.1.1") == 200
    # The sixth is refused though it is right, by whatever name; the owner elsewhere is not locked out.
    assert log_in(Client(), USCC, REMOTE_ADDR="10.1.1.1") == 200
    assert log_in(Client(), USCC, REMOTE_ADDR="10.2.2.2") == 302


def test_b103_a_forged_forwarded_address_is_no_other_network(here: Scene, settings: Any) -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    for number in range(5):
        forged = {"HTTP_X_FORWARDED_FOR": f"10.9.9.{number}", "HTTP_FORWARDED": f"for=10.9.9.{number}"}
        log_in(Client(), here.alice.login, "wrong", REMOTE_ADDR="10.1.1.1", **forged)
    forged = {"HTTP_X_FORWARDED_FOR": "10.8.8.8", "HTTP_X_REAL_IP": "10.8.8.8"}
    assert log_in(Client(), here.alice.login, REMOTE_ADDR="10.1.1.1", **forged) == 200
    # Twin: from another network in truth it is another key.
    assert log_in(Client(), here.alice.login, REMOTE_ADDR="10.8.8.8") == 302


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example"])
def test_b098_a_forged_host_writes_no_letter(here: Scene, settings: Any, host: str) -> None:
    client = Client(raise_request_exception=False)
    given = {"email": here.alice.email}
    assert client.post("/accounts/password/reset/", given, headers={"Host": host}).status_code == 400
    assert mail.outbox == []
    assert client.post("/accounts/password/reset/", given, headers={"X-Forwarded-Host": host}).status_code == 302
    assert f"{settings.SITE_URL}/accounts/password/reset/key/" in str(mail.outbox[0].body)
    assert host not in str(mail.outbox[0].body)


@pytest.mark.parametrize(("age", "works"), [(0, True), (3599, True), (3601, False)])
def test_b098_a_link_works_once_and_for_an_hour(
    here: Scene, monkeypatch: pytest.MonkeyPatch, age: int, *, works: bool
) -> None:
    Client().post("/accounts/password/reset/", {"email": here.alice.email})
    path = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))[0]
    now = datetime.now()  # noqa: DTZ005 -- as Django's own tokens count
    later = now + timedelta(seconds=age)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda _: later)
    shown = [Client().get(path, follow=True).content.decode() for _ in range(1)]
    assert ('name="password1"' in shown[0]) == works


@pytest.mark.parametrize("to", ELSEWHERE, ids=ascii)
def test_b099_nobody_is_led_elsewhere(here: Scene, to: str) -> None:
    client = Client()
    # The address and the form may each carry it.
    for address, form in ((f"{LOGIN}?next={quote(to)}", {}), (LOGIN, {"next": to})):
        answer = client.post(address, {"login": here.alice.login, "password": PASSWORD, **form})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        left = client.post(f"/accounts/logout/?next={quote(to)}")
        assert left.headers["Location"].startswith("/")
        assert not left.headers["Location"].startswith(("//", "/\\"))
    sent = client.get("/inbox/", headers={"Host": "localhost"}).headers["Location"]
    assert sent == f"{LOGIN}?next=/inbox/"


def test_b099_the_page_one_came_from_is_led_back_to(here: Scene) -> None:
    answer = Client().post(f"{LOGIN}?next=/inbox/", {"login": here.alice.login, "password": PASSWORD})
    assert answer.headers["Location"] == "/inbox/"


def test_b100_somebody_elses_is_as_if_it_were_not_there(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    bob = as_(here.bob)
    kinds = ["", "parts/overview/", "submit/", "evidence/", "receipts/1/"]
    for kind in kinds:
        own, none = (bob.get(f"/institution/{pk}/{kind}") for pk in (here.entry.pk, 10**9))
        assert (own.status_code, none.status_code) == (404, 404)
        assert plain(own.content) == plain(none.content)
    for pk in (10**9, 2**31, 2**63 - 1):
        assert bob.get(f"/institution/{pk}/").status_code == 404
    # In a hidden field, a body, a filter: nothing of Alice's is in what Bob gets.
    given = {"value": "x", "revision": 0, "entry": here.entry.pk, "institution": here.institution.pk}
    assert bob.post(f"/institution/{here.entry.pk}/answers/address/", given, "application/json").status_code == 404
    assert bob.get("/institution/", {"entry": here.entry.pk}).status_code in (200, 302, 404)
    assert here.institution.name not in bob.get("/", {"institution": here.institution.pk}).content.decode()
    stranger = as_(person("区外", Role.RECOMMENDER, area=here.elsewhere))
    for asked in (
        {"area": here.area.code},
        {"q": here.institution.name},
        {"order": "institution__name"},
        {"page": "-1"},
    ):
        page = stranger.get("/recommender/", asked)
        assert page.status_code in (200, 404)
        assert here.institution.uscc not in page.content.decode()
    assert stranger.post("/recommender/export/", {"area": here.area.code, "reason": "x"}).status_code == 404


def plain(page: bytes) -> str:
    """The page but for the tokens of its forms."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|data-now=")[^"]*', "", page.decode())


@pytest.mark.parametrize("how", ["role", "account"])
def test_b101_what_was_taken_away_ends_with_the_next_request(here: Scene, now: datetime, how: str) -> None:
    client = as_(here.alice)
    assert client.get(f"/institution/{here.entry.pk}/").status_code == 200
    if how == "role":
        Grant.objects.filter(user=here.alice).update(revoked_at=now)
    else:
        User.objects.filter(pk=here.alice.pk).update(is_active=False)
    assert client.get(f"/institution/{here.entry.pk}/").status_code in (302, 403)
    saved = client.post(
        f"/institution/{here.entry.pk}/answers/address/",
        {"value": "x", "revision": 0},
        "application/json",
        headers={"accept": "application/json"},
    )
    assert saved.status_code in (401, 403)
    assert not Answer.objects.exists()


def test_b102_fields_nobody_asked_for_change_nothing(here: Scene) -> None:
    desk = Desk(here, here.alice)
    extra = {"state": "put_forward", "status": "put_forward", "score": 100, "institution": here.other.pk}
    extra |= {
        "is_staff": True,
        "is_superuser": True,
        "entry": 10**9,
        "changed_by": here.bob.pk,
        "uscc": "x",
        "role": "organiser",
    }
    assert desk.send("answers/address/", value="张杨路1号", revision=0, **extra)[0] == 200
    status, _ = desk.send("tables/clients/add/", value={"name": "甲公司", "state": "put_forward"})
    assert status == 422
    desk.post("submit/", key=str(uuid4()), receipt="2021-1", **{key: str(value) for key, value in extra.items()})
    entry = Entry.objects.get()
    assert (entry.state, entry.institution, entry.due_at) == (EntryState.DRAFT, here.institution, None)
    assert Answer.objects.get().changed_by == here.alice
    changed = {"name": "陈文静", "email": "a@b.cn", **{key: str(value) for key, value in extra.items()}}
    desk.client.post("/accounts/email/", {"action_add": "", **changed})
    assert Grant.objects.filter(user=here.alice).count() == 1
    assert not User.objects.filter(demo=True).exists()


def changing(resolver: URLResolver, space: str = "") -> list[tuple[str, URLPattern]]:
    """Every address of the product's own."""
    found = []
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            found += changing(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.callback.__module__.startswith("ceping."):
            found.append((f"{space}{one.name}", one))
    return found


def test_b104_without_the_forms_token_nothing_changes(here: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    root = f"/institution/{here.entry.pk}/"
    for headers in (
        {},
        {"X-CSRFToken": "x" * 64},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/"},
    ):
        answer = client.post(
            f"{root}answers/address/", {"value": "x", "revision": 0}, "application/json", headers=headers
        )
        assert answer.status_code == 403
        assert "这张表过时了" in answer.content.decode()
    assert not Answer.objects.exists()
    # Twin: with the page's own token it is saved.
    page = client.get(f"{root}parts/overview/").content.decode()
    token = re.findall(r'X-CSRFToken": "([^"]+)"', page)[0]
    given = client.post(
        f"{root}answers/address/", {"value": "x", "revision": 0}, "application/json", headers={"X-CSRFToken": token}
    )
    assert given.status_code == 200


def test_b104_no_view_is_let_off_the_token() -> None:
    views = changing(get_resolver("ceping.config.urls"))
    assert len(views) > 80
    # The interface reads no cookie: a key in the head of the request is all that opens it.
    free = [name for name, one in views if getattr(one.callback, "csrf_exempt", False)]
    assert [name for name in free if not name.startswith("api:")] == []


@pytest.mark.parametrize(
    "path",
    ["answers/address/", "tables/clients/add/", "withdraw/", "evidence/add/", "rows/1/remove/", "rows/1/restore/"],
)
def test_b104_a_look_changes_nothing(here: Scene, path: str) -> None:
    desk = Desk(here, here.alice)
    assert desk.client.get(desk.root + path, {"value": "x", "revision": 0}).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/recommender/?q=%00",
            "/recommender/?area=a%00",
            "/office/entries/?q=%00&area=%00",
            "/office/letters/?q=%00",
        ),
        *(
            "/auditor/?person=%00",
            "/auditor/?name=%00&chain=%00",
            "/office/accounts/?q=%00",
            "/accounts/login/?next=%00",
        ),
        *("/office/seasons/%00/", "/invitations/%00/", "/office/exports/%00/file/"),
    ],
)
def test_nul_in_an_address_breaks_no_page(here: Scene, path: str) -> None:
    for user in (here.organiser, here.district, person("审", Role.AUDITOR), person("安", Role.SECURITY_OFFICER)):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="ceping.ground.people.login.NameBackend")
        for answer in (client.get(path), client.post(path, {"reason": "a\0b", "q": "x"})):
            assert answer.status_code in (302, 400, 403, 404, 405), answer.status_code
        assert client.post("/inbox/", {"message": "1\0"}).status_code == 400
