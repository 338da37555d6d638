"""Several people of an institution: invited by a link, taken away with a reason, never the last."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from testbed.scene import Scene, person

from ceping.ground.messages.models import Letter
from ceping.ground.people.colleagues import colleagues_of, remove_colleague
from ceping.ground.people.invitations import NewAccount, accept_invitation
from ceping.ground.people.models import Invitation, User
from ceping.ground.people.roles import Role
from tests.web.institution.papers import as_

__all__ = ["as_"]
pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
PAGE = "/institution/colleagues/"


def test_a_link_is_shown_once_and_makes_a_colleague(here: Scene, as_: LogIn, now: datetime) -> None:
    client = as_(here.alice)
    assert client.post(f"{PAGE}invite/", {"name": "孙同事"}).status_code == 422
    text = client.post(f"{PAGE}invite/", {"name": "孙同事", "email": "sun@example.cn"}).content.decode()
    token = text.partition("/invitations/")[2].partition("/")[0]
    letter = Letter.objects.get()
    assert token in letter.body
    assert f"发到 {letter.to}" in text
    assert token not in client.get(PAGE).content.decode()
    accept_invitation(token=token, who=NewAccount("sun", "", "Lang-genug-2022!"), at=now)
    assert colleagues_of(here.institution).count() == 2


def test_the_last_one_stays(here: Scene, as_: LogIn) -> None:
    own = colleagues_of(here.institution).get()
    answer = as_(here.alice).post(f"{PAGE}{own.pk}/remove/", {"reason": "离职"})
    assert answer.status_code == 422
    assert "推荐单位" in answer.content.decode()
    other = person("孙同事", Role.INSTITUTION, institution=here.institution)
    assert as_(other).post(f"{PAGE}{own.pk}/remove/", {"reason": ""}).status_code == 422
    assert as_(other).post(f"{PAGE}{own.pk}/remove/", {"reason": "离职"}).status_code == 302
    assert [one.user for one in colleagues_of(here.institution)] == [other]


def test_nobody_reaches_another_institutions_people(here: Scene, as_: LogIn, now: datetime) -> None:
    own = colleagues_of(here.institution).get()
    person("孙同事", Role.INSTITUTION, institution=here.institution)
    assert as_(here.bob).post(f"{PAGE}{own.pk}/remove/", {"reason": "x"}).status_code == 422
    as_(here.alice).post(f"{PAGE}invite/", {"name": "孙", "email": "sun@example.cn"})
    waiting = Invitation.objects.get()
    assert as_(here.bob).post(f"{PAGE}invitations/{waiting.pk}/withdraw/").status_code == 422
    assert as_(here.alice).post(f"{PAGE}invitations/{waiting.pk}/withdraw/").status_code == 302
    assert remove_colleague(grant=own, by=here.alice, at=now, reason="换岗").revoked_at == now
