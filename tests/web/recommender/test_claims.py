"""Claims in the district's room: seen and decided in the own area alone, after confirming who one is."""

from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from testbed.scene import Scene, person, scene

from ceping.ground.people.claims import Claimed, claim_institution
from ceping.ground.people.models import Claim, User
from ceping.ground.people.roles import Role

pytestmark = pytest.mark.django_db
PAGE, DECIDE = "/recommender/claims/", "/recommender/claims/decide/"


@pytest.fixture
def found() -> Scene:
    return scene()


@pytest.fixture
def claim(found: Scene, now: datetime) -> Claim:
    who = Claimed(found.institution.uscc, found.institution.name, found.area, "原联系人已离职")
    return claim_institution(who=who, by=person("毛建平", Role.PERSONAL), at=now)


def _enter(client: Client, user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)
    session = client.session
    given = {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [given]
    session.save()


def test_a_claim_is_decided_with_a_reason(client: Client, found: Scene, claim: Claim) -> None:
    _enter(client, found.district)
    assert "毛建平" in client.get(PAGE).content.decode()
    assert client.post(DECIDE, {"claim": claim.pk, "do": "replace", "reason": ""}).status_code == 409
    assert client.post(DECIDE, {"claim": claim.pk, "do": "replace", "reason": "已电话核实"}).status_code == 302
    claim.refresh_from_db()
    assert claim.accepted
    assert found.institution.grants.get(main=True, revoked_at=None).user == claim.user


def test_another_area_neither_sees_nor_decides_it(client: Client, found: Scene, claim: Claim) -> None:
    _enter(client, person("赵别区", Role.RECOMMENDER, area=found.elsewhere))
    assert "0 份" in client.get(PAGE).content.decode()
    for number in (claim.pk, "9" * 30, "x", ""):
        assert client.post(DECIDE, {"claim": number, "do": "add", "reason": "试"}).status_code == 404


def test_nothing_is_decided_before_confirming(client: Client, found: Scene, claim: Claim) -> None:
    Authenticator.objects.create(user=found.district, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(found.district)
    assert client.post(DECIDE, {"claim": claim.pk, "do": "add", "reason": "试"}).status_code == 302
    claim.refresh_from_db()
    assert claim.decided_at is None
