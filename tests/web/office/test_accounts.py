"""The security officer's pages: people found and dealt with, invitations, areas, claims."""

from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from testbed.scene import Scene, person, scene

from ceping.ground.journal.models import Entry
from ceping.ground.messages.models import Letter
from ceping.ground.people.invitations import Contact, invite
from ceping.ground.people.models import Area, Claim, Invitation, User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Scene:
    return scene()


@pytest.fixture
def officer(client: Client, found: Scene) -> User:  # noqa: ARG001 -- the scene stands first
    user = person("潘安全", Role.SECURITY_OFFICER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    _confirmed(client, user)
    return user


def _confirmed(client: Client, user: User) -> None:
    client.force_login(user)
    session = client.session
    given = {"method": "password", "at": timezone.now().timestamp()}
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [given | {"reauthenticated": True}]
    session.save()


def _do(client: Client, user: User, do: str, **typed: object) -> int:
    answer = client.post(f"/office/accounts/{user.pk}/act/", {"do": do, "reason": "已回拨核实", **typed})
    return answer.status_code


@pytest.mark.usefixtures("officer")
def test_people_are_found_and_phones_masked(client: Client, found: Scene) -> None:
    phone = "13800138000"
    User.objects.filter(pk=found.alice.pk).update(phone=phone, phone_index=blind_index(phone, kind="phone"))
    for asked in ("陈文", found.alice.login, phone, "启衡", found.institution.uscc):
        page = client.get("/office/accounts/", {"q": asked, "role": "institution", "state": "open"}).content.decode()
        assert "陈文静" in page
        assert "周别处" not in page
        assert phone not in page.replace(f'value="{phone}"', "")
    assert "没有符合" in client.get("/office/accounts/", {"q": "1380013"}).content.decode()


@pytest.mark.usefixtures("officer")
def test_what_is_done_to_a_person(client: Client, found: Scene) -> None:
    alice = found.alice
    assert _do(client, alice, "close", reason=" ") == 422
    assert User.objects.get(pk=alice.pk).is_active
    assert [_do(client, alice, do) for do in ("close", "open", "sessions", "give")] == [302, 302, 302, 404]
    assert _do(client, alice, "give", role="lead") == 302
    assert _do(client, alice, "give", role="recommender") == 422
    lead = alice.grants.get(role=Role.LEAD)
    assert _do(client, alice, "take", grant=lead.pk) == 302
    assert _do(client, found.bob, "take", grant=lead.pk) == 404
    assert _do(client, alice, "factor") == 422
    assert _do(client, alice, "change", name="陈静文", phone="13800138000", email="") == 302
    page = client.post(f"/office/accounts/{alice.pk}/act/", {"do": "reveal", "reason": "回访"})
    assert "13800138000" in page.content.decode()
    assert "13800138000" not in client.get(f"/office/accounts/{alice.pk}/").content.decode()
    assert Entry.objects.order_by("-number").values_list("act", "reason")[0] == ("reveal_contact", "回访")


def test_grave_acts_are_confirmed(client: Client, found: Scene, officer: User) -> None:
    client.force_login(officer)
    session = client.session
    session.pop("account_authentication_methods", None)
    session.save()
    answer = client.post(f"/office/accounts/{found.alice.pk}/act/", {"do": "close", "reason": "试"})
    assert "/accounts/" in answer.headers["Location"]
    assert User.objects.get(pk=found.alice.pk).is_active


def test_an_invitation_is_withdrawn(client: Client, officer: User) -> None:
    made = invite(role=Role.LEAD, to=Contact("陆思远", "lu@example.cn"), by=officer, at=timezone.now())
    assert "陆思远" in client.get("/office/invitations/?state=open").content.decode()
    sent = {"invitation": made.invitation.pk, "reason": "写错了"}
    assert [client.post("/office/invitations/", sent).status_code for _ in range(2)] == [302, 422]
    assert "没有这样" in client.get("/office/invitations/?state=open").content.decode()


@pytest.mark.usefixtures("officer")
def test_areas_are_kept(client: Client, found: Scene) -> None:
    sent = {"do": "add", "name": "静安区", "code": "jingan", "kind": "district"}
    assert [client.post("/office/areas/", sent).status_code for _ in range(2)] == [302, 422]
    answer = client.post("/office/areas/", {"do": "close", "area": found.area.pk, "reason": "撤"})
    assert "浦东新区" in answer.content.decode()
    assert Area.objects.filter(pk=found.area.pk).exists()


@pytest.mark.usefixtures("officer")
def test_a_claim_is_decided(client: Client, found: Scene, now: datetime) -> None:
    user = person("毛建平", Role.PERSONAL)
    claim = Claim.objects.create(institution=found.institution, user=user, reason="接手", claimed_at=now)
    assert "毛建平" in client.get("/office/claims/").content.decode()
    sent = {"claim": claim.pk, "do": "add", "reason": "已核实"}
    assert [client.post("/office/claims/", sent).status_code for _ in range(2)] == [302, 409]
    assert User.objects.get(pk=user.pk).grants.filter(institution=found.institution, main=False).exists()


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("more", [1, 3])
def test_the_list_asks_no_more_for_more(
    client: Client, more: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        person(f"又一位{number}", Role.PERSONAL)
    with django_assert_max_num_queries(15):
        client.get("/office/accounts/")


@pytest.mark.usefixtures("officer")
def test_anybody_is_invited_by_letter_or_link_and_again(client: Client, found: Scene) -> None:
    page = "/office/invitations/"
    sent = {"role": "lead", "name": "陆思远", "email": "lu@example.cn"}
    first = client.post(f"{page}new/", sent).content.decode()
    assert "邀请信会发到 lu@example.cn" in first
    token = first.partition("/invitations/")[2].partition("/")[0]
    assert token not in client.get(page).content.decode()
    again = client.post(page, {"do": "again", "invitation": Invitation.objects.get().pk}).content.decode()
    assert Client().get(f"/invitations/{token}/").status_code == 410
    fresh = again.partition('readonly value="')[2].partition('"')[0]
    assert Client().get(fresh.partition("testserver")[2]).status_code == 200
    assert [one.to for one in Letter.objects.all()] == ["lu@example.cn"] * 2
    # The one of before is over: it is not sent once more.
    dead = Invitation.objects.exclude(withdrawn_at=None).get()
    assert client.post(page, {"do": "again", "invitation": dead.pk}).status_code == 422
    slip = client.post(f"{page}new/", {"role": "recommender", "phone": "13800138000", "area": found.area.pk})
    assert "请把链接交给" in slip.content.decode()
    assert Letter.objects.count() == 2


@pytest.mark.usefixtures("officer", "found")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"role": "lead", "name": "甲"}, 422),
        ({"role": "lead", "email": "no address"}, 422),
        ({"role": "lead", "email": "a@b.cn", "name": "甲" * 65}, 422),
        ({"role": "recommender", "email": "a@b.cn"}, 422),
        ({"role": "king", "email": "a@b.cn"}, 404),
    ],
)
def test_what_cannot_be_an_invitation(client: Client, sent: dict[str, str], status: int) -> None:
    assert client.post("/office/invitations/new/", sent).status_code == status
    assert not Invitation.objects.exists()
