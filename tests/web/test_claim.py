"""A claim by somebody without an account: held the same for every code, decided, invited by letter."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from testbed.scene import Scene, an_institution, person, scene

from ceping.flow.claims import decide_claim
from ceping.folder.demo.words import credit_code
from ceping.ground.journal.models import Entry
from ceping.ground.people.claims import claims_for
from ceping.ground.people.invitations import NewAccount, accept_invitation
from ceping.ground.people.models import Claim, Invitation, User
from ceping.ground.people.roles import Role
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db
FREE = credit_code(77, "startup")


@pytest.fixture
def found() -> Scene:
    return scene()


def typed(found: Scene, **change: str) -> dict[str, str]:
    asked = {
        "uscc": found.institution.uscc,
        "name": found.institution.name,
        "area": found.area.code,
        "person": "毛建平",
        "email": "mao@qiheng.example",
        "phone": "138 0013 8000",
        "reason": "原联系人已离职",
    }
    return asked | change


def shape(page: str) -> str:
    """The page without what differs from one claim to the next."""
    page = re.sub(r"[A-Z0-9]{4} [A-Z0-9]{4}", "R", page)
    return re.sub(r'csrf[^>]*>|hx-headers=\'[^\']*\'|<time.*?</time>|data-now="[^"]*"', "", page)


def test_every_code_is_answered_alike_and_two_words_of_receipt_given(found: Scene) -> None:
    pages = []
    unheld = an_institution("上海无人家有限公司", credit_code(78, "startup"), found.elsewhere)
    for number, code in enumerate((found.institution.uscc, unheld.uscc, FREE)):
        client = Client()
        answer = client.post("/claim/", typed(found, uscc=code, email=f"m{number}@a.example"), follow=True)
        assert answer.redirect_chain == [("/claim/received/", 302)]
        pages.append(shape(answer.content.decode()))
    assert pages[0] == pages[1] == pages[2]
    assert len(set(Claim.objects.values_list("receipt", flat=True))) == 3
    assert not User.objects.filter(name="毛建平").exists()


def test_the_same_person_again_gets_the_same_receipt(found: Scene) -> None:
    for _ in range(2):
        Client().post("/claim/", typed(found))
    assert Claim.objects.count() == 1
    assert Entry.objects.filter(act="claim_institution").count() == 1


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(found: Scene) -> None:
    wrong = {"uscc": "1", "name": " ", "area": "nowhere", "person": "", "email": "x", "phone": "12", "reason": ""}
    answer = Client().post("/claim/", typed(found, **wrong))
    page = answer.content.decode()
    assert (answer.status_code, page.count('aria-invalid="true"')) == (422, 7)
    assert 'value="12"' in page
    assert Claim.objects.count() == 0


def test_too_many_are_told_so(found: Scene) -> None:
    answers = [Client().post("/claim/", typed(found, email=f"m{n}@a.example")).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]


def test_who_it_is_lies_sealed(found: Scene) -> None:
    Client().post("/claim/", typed(found))
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM people_claim c")
        (row,) = cursor.fetchone()
    for told in ("毛建平", "mao@", "13800138000"):
        assert told not in row
        assert told.encode().hex() not in row
    assert "毛建平" not in str(Entry.objects.get(act="claim_institution").body)


@pytest.mark.parametrize("replace", [True, False])
def test_accepted_they_are_invited_and_nothing_is_theirs_before(found: Scene, now: datetime, *, replace: bool) -> None:
    Client().post("/claim/", typed(found))
    claim = claims_for(found.district).get()
    made = decide_claim(claim=claim, accepted=True, replace=replace, by=found.district, at=now, reason="已电话核实")
    assert made is not None
    assert made.invitation.email == "mao@qiheng.example"
    mains = found.institution.grants.filter(main=True, revoked_at=None)
    assert mains.count() == (0 if replace else 1)
    user = accept_invitation(token=made.token, who=NewAccount("mao", "毛建平", "liu-he-ta-2022"), at=now)
    assert found.institution.grants.get(user=user, revoked_at=None).main is replace


def test_refused_nobody_is_invited(found: Scene, now: datetime) -> None:
    Client().post("/claim/", typed(found))
    claim = claims_for(found.district).get()
    assert not claims_for(person("别区", Role.RECOMMENDER, area=found.elsewhere)).exists()
    assert decide_claim(claim=claim, accepted=False, replace=False, by=found.district, at=now, reason="无人知") is None
    assert not Invitation.objects.exists()
    assert found.institution.grants.filter(main=True, revoked_at=None).count() == 1


def test_without_a_claim_there_is_no_receipt_to_read() -> None:
    assert Client().get("/claim/received/").headers["Location"] == "/claim/"
    assert 'href="/claim/"' in Client().get("/accounts/login/").content.decode()


def test_the_contact_is_masked_until_a_reason_is_given(found: Scene, settings: Any) -> None:
    settings.DEMO = True
    Client().post("/claim/", typed(found))
    claim = claims_for(found.district).get()
    browser = as_(found.district)
    listed = browser.get("/recommender/claims/").content.decode()
    assert "138****8000" in listed
    assert "13800138000" not in listed
    assert "mao@" not in listed
    asked = {"claim": claim.pk, "do": "reveal", "reason": " "}
    without = browser.post("/recommender/claims/decide/", asked)
    assert (without.status_code, "13800138000" in without.content.decode()) == (409, False)
    shown = browser.post("/recommender/claims/decide/", asked | {"reason": "回拨核实"})
    page = shown.content.decode()
    assert ("13800138000" in page, "mao@qiheng.example" in page) == (True, True)
    assert "no-store" in shown.headers["Cache-Control"]
    row = Entry.objects.get(act="reveal_contact")
    assert (row.reason, "13800138000" in str(row.body)) == ("回拨核实", False)
