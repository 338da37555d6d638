"""Accounts closed and opened, second factors taken off, particulars changed, claims decided, areas kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from testbed.scene import USCC, Scene, person, scene

from ceping.ground.journal.models import Entry
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.areas import add_area, close_area, rename_area
from ceping.ground.people.claims import Claimed, claim_institution, claims_for, decide_claim
from ceping.ground.people.models import Area, Claim, Grant, Institution, User
from ceping.ground.people.particulars import Particulars, change_particulars
from ceping.ground.people.roles import Role
from ceping.ground.people.standing import (
    deactivate,
    end_sessions,
    reactivate,
    reset_second_factor,
    reveal_contact,
)

pytestmark = pytest.mark.django_db
FREE = "91310000MA1FL0AB1X"


def codes(act: Callable[..., Any], **given: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act(**given)
    return [finding.code for finding in refusal.value.findings]


def test_a_closed_account_is_out_at_the_next_request(client: Client, now: datetime) -> None:
    officer, user = person("潘安全", Role.SECURITY_OFFICER), person("某人", Role.PERSONAL)
    user.set_password(password := "liu-he-ta-2022")
    user.save()
    client.post("/accounts/login/", {"login": user.login, "password": password})
    assert client.get("/inbox/").status_code == 200
    deactivate(user=user, by=officer, at=now, reason="离职")
    assert client.get("/inbox/").status_code == 302
    reactivate(user=user, by=officer, at=now, reason="返岗")
    assert client.get("/inbox/").status_code == 302
    client.force_login(User.objects.get(pk=user.pk))
    assert client.get("/inbox/").status_code == 200
    assert list(Entry.objects.order_by("number").values_list("act", "reason")) == [
        ("deactivate", "离职"),
        ("reactivate", "返岗"),
    ]


def test_who_closes_whose_account(now: datetime) -> None:
    found, officer = scene(), person("潘安全", Role.SECURITY_OFFICER)
    given: dict[str, Any] = {"at": now, "reason": "试"}
    for by, user, allowed in (
        (found.alice, found.bob, False),
        (found.district, found.bob, False),
        (found.district, found.organiser, False),
        (officer, officer, False),
        (found.organiser, found.alice, False),
        (found.district, found.alice, True),
        (officer, found.bob, True),
    ):
        by.__dict__.pop("grants_in_force", None)
        if allowed:
            deactivate(user=user, by=by, **given)
        else:
            assert codes(deactivate, user=user, by=by, **given)[0] in {"people_not_yours", "people_own_account"}
    # More than the own area's institutions: no longer the district's to close.
    reactivate(user=found.alice, by=officer, **given)
    Grant.objects.create(user=found.alice, role=Role.LEAD, granted_at=now)
    assert codes(deactivate, user=found.alice, by=found.district, **given) == ["people_not_yours"]


def test_the_last_of_a_duty_stays(now: datetime) -> None:
    officer, auditor = person("潘安全", Role.SECURITY_OFFICER), person("严审计", Role.AUDITOR)
    assert codes(deactivate, user=auditor, by=officer, at=now, reason="试") == ["people_last_of_duty"]
    person("另一位", Role.AUDITOR)
    deactivate(user=auditor, by=officer, at=now, reason="试")
    assert codes(deactivate, user=auditor, by=officer, at=now, reason="再试") == ["people_inactive_already"]


def test_a_lost_second_factor_is_taken_off_unseen(client: Client, now: datetime) -> None:
    officer, user = person("潘安全", Role.SECURITY_OFFICER), person("陆组长", Role.LEAD)
    given = {"user": user, "at": now}
    assert codes(reset_second_factor, **given, by=officer, reason="丢失") == ["people_no_factor"]
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={"secret": "never-told"})
    assert codes(reset_second_factor, **given, by=officer, reason=" ") == ["people_reason_wanted"]
    assert codes(reset_second_factor, **given, by=user, reason="丢失") == ["people_not_yours"]
    assert reset_second_factor(**given, by=officer, reason="手机丢失") == 2
    client.force_login(User.objects.get(pk=user.pk))
    assert client.get("/inbox/").headers["Location"] == "/accounts/2fa/"
    assert end_sessions(**given, by=officer, reason="查") >= 0
    assert "never-told" not in str(list(Entry.objects.values_list("body", flat=True)))


def test_particulars_change_and_the_journal_says_only_which(now: datetime) -> None:
    officer, user, other = (person(name, Role.SECURITY_OFFICER) for name in ("潘安全", "林新", "苏别"))
    change_particulars(user=other, to=Particulars("苏别", "su@example.cn", "13800138001"), by=other, at=now)
    to = Particulars("林新名", "lin@example.cn", "138 0013 8000")
    assert codes(change_particulars, user=user, to=to, by=officer, at=now) == ["people_reason_wanted"]
    changed = change_particulars(user=user, to=to, by=officer, at=now, reason="本人申请")
    assert (changed.name, changed.phone) == ("林新名", "13800138000")
    assert reveal_contact(user=user, by=officer, at=now, reason="电话核实") == ("13800138000", "lin@example.cn")
    told = str(list(Entry.objects.values_list("body", flat=True)))
    assert "林" not in told
    assert "138" not in told
    bad = Particulars(" ", "SU@example.cn", "13800138001")
    wanted = ["people_name_wanted", "people_email_taken", "people_phone_unusable"]
    assert codes(change_particulars, user=user, to=bad, by=user, at=now) == wanted
    assert codes(change_particulars, user=user, to=to, by=user, at=now) == ["people_nothing_changed"]
    outsider = person("路人", Role.PERSONAL)
    for act in (change_particulars, reveal_contact):
        given = {"to": to} if act is change_particulars else {}
        with pytest.raises(NotAllowed):
            act(user=user, by=outsider, at=now, reason="想看", **given)


def _claim(found: Scene, by: User, now: datetime, code: str = USCC) -> Claim:
    who = Claimed(uscc=code, name="上海启衡企业管理咨询有限公司", area=found.area, reason="原联系人已离职")
    return claim_institution(who=who, by=by, at=now)


def test_a_code_claimed_twice_is_held(now: datetime) -> None:
    found, claimant = scene(), person("毛建平", Role.PERSONAL)
    claim = _claim(found, claimant, now)
    assert codes(_claim, found=found, by=claimant, now=now) == ["people_claim_held"]
    assert codes(_claim, found=found, by=found.alice, now=now) == ["people_claim_member"]
    assert not claimant.grants.filter(role=Role.INSTITUTION).exists()
    given: dict[str, Any] = {"claim": claim, "accepted": True, "replace": True, "at": now}
    for by in (found.alice, found.organiser, claimant, found.bob):
        assert codes(decide_claim, **given, by=by, reason="试") == ["people_not_yours"]
    assert codes(decide_claim, **given, by=found.district, reason="") == ["people_reason_wanted"]
    assert list(claims_for(found.district)) == [claim]
    assert not claims_for(found.alice).exists()
    decide_claim(**given, by=found.district, reason="已电话核实")
    main = Grant.objects.get(institution=found.institution, main=True, revoked_at=None)
    assert main.user == claimant
    assert not found.alice.grants.filter(revoked_at=None).exists()
    assert codes(decide_claim, **given, by=found.district, reason="再来") == ["people_claim_over"]


def test_a_new_code_and_a_wrong_one(now: datetime) -> None:
    found, claimant = scene(), person("毛建平", Role.PERSONAL)
    bad = Claimed(uscc=USCC[:-1] + "0", name="", area=None, reason="")
    wanted = ["people_uscc_wrong", "people_institution_name_wanted", "people_area_closed", "people_reason_wanted"]
    count = Institution.objects.count()
    assert codes(claim_institution, who=bad, by=claimant, at=now) == wanted
    assert Institution.objects.count() == count
    claim = _claim(found, claimant, now)
    decide_claim(claim=claim, accepted=False, replace=False, by=found.district, at=now, reason="无授权书")
    assert Grant.objects.filter(user=found.alice, main=True, revoked_at=None).exists()
    assert _claim(found, claimant, now).pk != claim.pk


def test_areas(now: datetime) -> None:
    found, officer = scene(), person("潘安全", Role.SECURITY_OFFICER)
    given = {"by": officer, "at": now}
    area = add_area(code="jingan", name="静安区", kind="district", **given)
    assert area.order == 3
    assert codes(add_area, code="x", name="静安区", kind="district", **given) == ["people_area_taken"]
    assert rename_area(area=area, name="新静安区", reason="更名", **given).name == "新静安区"
    assert codes(close_area, area=found.area, reason="撤", **given) == ["people_area_used"]
    assert codes(close_area, area=area, reason="撤", by=found.organiser, at=now) == ["people_not_yours"]
    close_area(area=area, reason="撤", **given)
    assert not Area.objects.filter(code="jingan").exists()
