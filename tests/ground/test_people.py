"""Roles given and taken back, duties kept apart, and invitations that work once."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from testbed.scene import an_institution, person, scene

from ceping.ground.journal.models import Entry
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.actions import grant_role, revoke_role
from ceping.ground.people.invitations import (
    LIFETIME,
    Contact,
    NewAccount,
    accept_invitation,
    invite,
    invite_first,
    withdraw_invitation,
)
from ceping.ground.people.models import Grant, Invitation, User
from ceping.ground.people.roles import APART, Role

pytestmark = pytest.mark.django_db
TYPED = NewAccount(login="newcomer", name="新来人", password="liu-he-ta-2022")  # noqa: S106 -- typed by nobody


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


@pytest.mark.parametrize("held", sorted(APART))
@pytest.mark.parametrize("wanted", sorted(APART))
def test_duties_stay_apart(held: Role, wanted: Role, now: datetime) -> None:
    officer, user = person("潘安全", Role.SECURITY_OFFICER), person("某人", held)
    with pytest.raises(Refused) as refusal:
        grant_role(user=user, role=wanted, by=officer, at=now, reason="试")
    assert codes(refusal) == ["people_role_held" if held == wanted else "people_apart"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=user, role=wanted, granted_at=now)


def test_a_duty_given_back_frees_for_another(now: datetime) -> None:
    officer, user = person("潘安全", Role.SECURITY_OFFICER), person("某人", Role.AUDITOR)
    revoke_role(grant=user.grants.get(), by=officer, at=now, reason="轮岗")
    grant_role(user=user, role=Role.SYSTEM_ADMIN, by=officer, at=now, reason="轮岗")
    assert User.objects.get(pk=user.pk).roles == {Role.SYSTEM_ADMIN}
    assert list(Entry.objects.order_by("number").values_list("act", "reason")) == [
        ("revoke_role", "轮岗"),
        ("grant_role", "轮岗"),
    ]


def test_who_manages_whom(now: datetime) -> None:
    found = scene()
    near = an_institution("上海近邻咨询有限公司", "91310115MA1K4T7Q6Y", found.area)
    user = person("新同事", Role.PERSONAL)
    for by, institution, allowed in (
        (found.alice, found.institution, True),
        (found.alice, near, False),
        (found.district, near, True),
        (found.district, found.other, False),
        (found.organiser, found.institution, False),
        (found.bob, near, False),
    ):
        given = {"role": Role.INSTITUTION, "institution": institution, "by": by, "at": now}
        if allowed:
            grant_role(user=user, reason="入职", **given)
            assert invite(to=Contact(email="a@example.cn"), **given).token
        else:
            with pytest.raises(NotAllowed):
                grant_role(user=user, reason="入职", **given)
            with pytest.raises(NotAllowed):
                invite(to=Contact(email="a@example.cn"), **given)


def test_nobody_grants_to_themselves_to_the_demo_or_without_a_reason(now: datetime) -> None:
    officer, demo = person("潘安全", Role.SECURITY_OFFICER), person("示范", Role.PERSONAL)
    User.objects.filter(pk=demo.pk).update(demo=True)
    for user, reason, code in (
        (officer, "试", "people_own_grant"),
        (demo, "试", "people_demo"),
        (demo, " ", "people_reason_wanted"),
    ):
        with pytest.raises(Refused) as refusal:
            grant_role(user=user, role=Role.LEAD, by=officer, at=now, reason=reason)
        assert codes(refusal) == [code]
    assert not Entry.objects.exists()


def test_an_invitation_makes_an_account_once(now: datetime) -> None:
    found = scene()
    made = invite(
        role=Role.INSTITUTION,
        institution=found.institution,
        by=found.district,
        at=now,
        to=Contact(phone="138 0013 8000"),
    )
    assert made.token not in str(Invitation.objects.values().get())
    user = accept_invitation(token=made.token, who=TYPED, at=now)
    assert user.check_password(TYPED.password)
    assert (user.phone, user.roles) == ("13800138000", frozenset({Role.INSTITUTION}))
    with pytest.raises(Refused) as refusal:
        accept_invitation(token=made.token, who=TYPED, at=now)
    assert codes(refusal) == ["people_link_dead"]


def test_a_dead_link(now: datetime) -> None:
    officer = person("潘安全", Role.SECURITY_OFFICER)
    given = {"role": Role.LEAD, "by": officer, "at": now, "to": Contact(email="Lead@example.cn")}
    first = invite(**given)
    second = invite(**{**given, "to": Contact(email="lead@example.cn ")})
    withdrawn = invite(**{**given, "to": Contact(email="other@example.cn")})
    withdraw_invitation(invitation=withdrawn.invitation, by=officer, at=now, reason="写错了")
    for token, at in ((first.token, now), (second.token, now + LIFETIME), (withdrawn.token, now), ("", now)):
        with pytest.raises(Refused) as refusal:
            accept_invitation(token=token, who=TYPED, at=at)
        assert codes(refusal) == ["people_link_dead"]
    accept_invitation(token=second.token, who=TYPED, at=now + LIFETIME - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (NewAccount("taken", "甲", TYPED.password), "people_login_taken"),
        (NewAccount("new", "甲", "12345678"), "people_password_weak"),
        (NewAccount("new", " ", TYPED.password), "people_name_wanted"),
    ],
)
def test_a_refused_account_leaves_the_link_alive(typed: NewAccount, code: str, now: datetime) -> None:
    officer = person("潘安全", Role.SECURITY_OFFICER)
    User.objects.create(login="Taken", name="已有", created_at=now)
    made = invite(role=Role.LEAD, by=officer, at=now, to=Contact(email="lead@example.cn"))
    with pytest.raises(Refused) as refusal:
        accept_invitation(token=made.token, who=typed, at=now)
    assert code in codes(refusal)
    assert accept_invitation(token=made.token, who=TYPED, at=now).roles == {Role.LEAD}


def test_an_invitation_adds_a_role_to_who_is_logged_in(now: datetime) -> None:
    officer, auditor = person("潘安全", Role.SECURITY_OFFICER), person("严审计", Role.AUDITOR)
    good = invite(role=Role.LEAD, by=officer, at=now, to=Contact(email="yan@example.cn"))
    bad = invite(role=Role.SYSTEM_ADMIN, by=officer, at=now, to=Contact(email="yan@example.cn"))
    assert accept_invitation(token=good.token, who=auditor, at=now).roles == {Role.AUDITOR, Role.LEAD}
    with pytest.raises(Refused) as refusal:
        accept_invitation(token=bad.token, who=auditor, at=now)
    assert codes(refusal) == ["people_apart"]


def test_the_first_officer_is_invited_from_the_machine_and_only_the_first(now: datetime) -> None:
    made = invite_first(role=Role.SECURITY_OFFICER, login="security", at=now)
    user = accept_invitation(token=made.token, who=TYPED, at=now)
    assert (user.login, user.roles) == ("security", frozenset({Role.SECURITY_OFFICER}))
    for role in (Role.SECURITY_OFFICER, Role.LEAD):
        with pytest.raises(Refused) as refusal:
            invite_first(role=role, login="another", at=now)
        assert codes(refusal) == ["people_not_first"]
