"""Log-in through a provider that really answers: known people alone, the second factor kept, all of it journalled."""

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from testbed.identity import Identity, provider
from testbed.scene import Scene, person, scene

from ceping.config.oidc import Oidc
from ceping.ground.journal.models import Entry
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index

pytestmark = pytest.mark.django_db
BEGIN, LINK, OWN = "/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/link/", "/accounts/identity/"
LOGIN = "/accounts/login/"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Not followed: the browser of the test does it itself."""


@pytest.fixture
def identity(settings: Any) -> Iterator[Identity]:
    with provider() as made:
        settings.OIDC = Oidc(made.issuer, "ceping", settings.OIDC.secret_file, "一网通办", "email", given=("ISSUER",))
        settings.SOCIALACCOUNT_PROVIDERS = settings.OIDC.settings()["SOCIALACCOUNT_PROVIDERS"]
        made.claims = {"sub": "s-1", "email": "chen@example.cn", "email_verified": True}
        yield made


@pytest.fixture
def here() -> Scene:
    made = scene()
    made.alice.email = "chen@example.cn"
    made.alice.phone, made.alice.phone_index = "13800138000", blind_index("13800138000", kind="phone")
    made.alice.set_password("liu-he-ta-2022")
    made.alice.save()
    return made


def there_and_back(client: Client, address: str = BEGIN, **asked: str) -> HttpResponse:
    """The form is pressed, the provider's page visited over the network, and its answer brought back."""
    sent = client.post(address, asked)
    assert sent.status_code == 302, sent.content.decode()[:300]
    try:
        build_opener(_Stay).open(sent.headers["Location"], timeout=5)
    except OSError as redirect:
        back = urlsplit(redirect.headers["Location"])  # type: ignore[attr-defined]
    answer = client.get(f"{back.path}?{back.query}")
    assert isinstance(answer, HttpResponse)
    return answer


def who(client: Client) -> User | None:
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number) if number else None


def said_at(client: Client, address: str = LOGIN) -> str:
    return client.get(address).content.decode()


def acts() -> list[str]:
    return list(Entry.objects.filter(act__contains="identity").order_by("pk").values_list("act", flat=True))


def test_the_first_time_by_a_verified_claim_then_by_the_subject_alone(
    client: Client, here: Scene, identity: Identity
) -> None:
    people = User.objects.count()
    assert there_and_back(client, next="/inbox/").headers["Location"] == "/inbox/"
    assert who(client) == here.alice
    assert acts() == ["link_identity", "log_in_by_identity"]
    told = Entry.objects.get(act="link_identity")
    assert (told.by, told.body) == (here.alice.pk, {"source": "email"})
    # Nothing of what the provider said lies here but its subject.
    link = SocialAccount.objects.get()
    assert (link.uid, link.extra_data) == ("s-1", {})
    identity.claims = {"sub": "s-1"}
    again = Client()
    there_and_back(again)
    assert who(again) == here.alice
    assert acts() == ["link_identity", "log_in_by_identity", "log_in_by_identity"]
    assert User.objects.count() == people


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("phone_number", {"phone_number": "+86 138-0013-8000", "phone_number_verified": True}),
        ("employee_no", {"employee_no": "user3"}),
    ],
    ids=str,
)
def test_by_the_claim_the_configuration_names(
    client: Client, here: Scene, identity: Identity, settings: Any, claim: str, claims: dict[str, Any]
) -> None:
    settings.OIDC = Oidc(claim=claim)
    claims = {name: here.alice.login if name == "employee_no" else value for name, value in claims.items()}
    identity.claims, identity.userinfo = {"sub": "s-1"}, claims
    there_and_back(client)
    assert who(client) == here.alice


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "nobody@example.cn"},
        {"email": ["chen@example.cn"]},
        {"email": ""},
        {"email": None, "preferred_username": "user3", "phone_number": "13800138000", "phone_number_verified": True},
    ],
    ids=str,
)
def test_who_is_not_known_gets_no_account(
    client: Client, here: Scene, identity: Identity, claims: dict[str, Any]
) -> None:
    identity.token = claims
    people = User.objects.count()
    assert there_and_back(client).headers["Location"] == LOGIN
    assert who(client) is None
    assert "这个身份在本平台没有可用的账号" in said_at(client)
    assert (User.objects.count(), SocialAccount.objects.count(), acts()) == (people, 0, [])
    assert here.alice.pk


def test_an_address_of_two_people_is_nobodys(client: Client, here: Scene, identity: Identity) -> None:
    User.objects.filter(pk=here.bob.pk).update(email="Chen@example.cn")
    there_and_back(client)
    assert (who(client), identity.asked[-1]) == (None, "/userinfo")


@pytest.mark.parametrize("how", ["closed", "demo"])
def test_a_closed_account_stays_closed(client: Client, here: Scene, identity: Identity, how: str) -> None:
    there_and_back(client)
    client.logout()
    change = {"is_active": False} if how == "closed" else {"demo": True}
    User.objects.filter(pk=here.alice.pk).update(**change)
    there_and_back(client)
    assert who(client) is None
    assert "没有可用的账号" in said_at(client)
    assert identity.issuer


def test_a_successor_with_the_same_address_does_not_get_the_account(
    client: Client, here: Scene, identity: Identity
) -> None:
    there_and_back(client)
    identity.claims = identity.claims | {"sub": "s-2"}
    stranger = Client()
    there_and_back(stranger)
    assert who(stranger) is None
    assert "这个账号已关联另一个身份" in said_at(stranger)
    assert SocialAccount.objects.filter(user=here.alice).count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", {"iss": "https://elsewhere.example.cn"}),
        ("token", {"aud": "another"}),
        ("token", {"exp": 1}),
        ("token", {"exp": None}),
        ("token", {"sub": None}),
        ("token", {"sub": ""}),
        ("token", {"sub": "x" * 300}),
        ("userinfo", {"sub": "s-2"}),
        ("foreign_key", True),
        ("unsigned", True),
        ("answers", "cancelled"),
    ],
    ids=str,
)
def test_a_token_that_is_not_sound_opens_nothing(
    client: Client,
    here: Scene,
    identity: Identity,
    name: str,
    value: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    setattr(identity, name, value)
    assert there_and_back(client).headers["Location"] == LOGIN
    assert (who(client), SocialAccount.objects.count(), acts()) == (None, 0, [])
    told = said_at(client)
    assert ("您在身份认证平台取消了登录" if name == "answers" else "没有给出可信的答复") in told
    assert here.alice.pk


def test_an_answer_nobody_asked_for_and_a_provider_that_is_down(client: Client, here: Scene, settings: Any) -> None:
    assert client.get("/accounts/oidc/oidc/login/callback/?code=x&state=y").headers["Location"] == LOGIN
    assert client.post(BEGIN).headers["Location"] == LOGIN
    assert "没有给出可信的答复" in said_at(client)
    assert client.post("/accounts/oidc/another/login/").status_code == 404
    assert client.get(BEGIN).status_code == 405
    assert settings.OIDC.issuer == "http://127.0.0.1:9"
    assert here.alice.pk


def test_staff_give_their_second_factor_all_the_same(client: Client, here: Scene, identity: Identity) -> None:
    User.objects.filter(pk=here.alice.pk).update(email="")
    officer = person("赵安全", Role.SECURITY_OFFICER)
    officer.email, officer.phone = "chen@example.cn", "13900001111"
    officer.save()
    # Without one they get to no page but its own.
    there_and_back(client)
    assert client.get("/office/accounts/").headers["Location"] == "/accounts/2fa/"
    client.logout()
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
    count = Entry.objects.filter(act="log_in_by_identity").count()
    assert there_and_back(client).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(client) is None
    # Not in yet: not told as such. What waits for the factor holds nothing of the person.
    assert Entry.objects.filter(act="log_in_by_identity").count() == count
    waiting = str([one.get_decoded() for one in Session.objects.all()])
    assert identity.asked
    assert "account_login" in waiting
    assert "13900001111" not in waiting
    assert "chen@example.cn" not in waiting


def test_who_is_logged_in_links_and_unlinks_themselves(client: Client, here: Scene, identity: Identity) -> None:
    identity.claims = {"sub": "s-9"}
    client.post(LOGIN, {"login": here.alice.login, "password": "liu-he-ta-2022"})
    assert "关联我的一网通办" in said_at(client, OWN)
    assert there_and_back(client, LINK).headers["Location"] == OWN
    assert "解除关联" in said_at(client, OWN)
    assert Entry.objects.get(act="link_identity").body == {"source": "self"}
    # Another account cannot take the same identity, nor end somebody else's link.
    other, link = Client(), SocialAccount.objects.get()
    here.bob.set_password("hei-bai-zi-2023")
    here.bob.save()
    other.post(LOGIN, {"login": here.bob.login, "password": "hei-bai-zi-2023"})
    there_and_back(other, LINK)
    assert "这个身份已关联另一个账号" in said_at(other, OWN)
    other.post(f"{OWN}unlink/", {"link": link.pk})
    assert SocialAccount.objects.get().user == here.alice
    client.post(f"{OWN}unlink/", {"link": link.pk})
    assert not SocialAccount.objects.exists()
    assert acts() == ["link_identity", "unlink_identity"]


def test_linking_asks_who_one_is_and_a_stranger_cannot(client: Client, here: Scene, identity: Identity) -> None:
    assert client.post(LINK).headers["Location"].startswith(LOGIN)
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    assert "reauthenticate" in client.post(LINK).headers["Location"]
    assert "reauthenticate" in client.post(f"{OWN}unlink/").headers["Location"]
    assert identity.asked == []


def test_the_button_stands_where_a_provider_is_configured(client: Client, settings: Any) -> None:
    assert "用一网通办登录" in said_at(client)
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"][1:] == ["http://127.0.0.1:9"]
    settings.IDENTITY = ""
    assert "一网通办" not in said_at(client)
