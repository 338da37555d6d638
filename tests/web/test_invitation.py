"""The page behind an invitation's link."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone
from testbed.scene import person

from ceping.ground.people.invitations import Contact, invite
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role

pytestmark = pytest.mark.django_db
TYPED = {"login": "newcomer", "name": "新来人", "password": "liu-he-ta-2022", "again": "liu-he-ta-2022"}


def link(role: Role = Role.PERSONAL) -> str:
    officer = person("潘安全", Role.SECURITY_OFFICER)
    return f"/invitations/{invite(role=role, to=Contact(email='a@b.cn'), by=officer, at=timezone.now()).token}/"


def test_a_new_account_is_logged_in_and_the_link_is_dead() -> None:
    client, address = Client(), link()
    page = client.get(address)
    assert "个人用户" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert client.post(address, TYPED).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(login="newcomer").pk)
    dead = Client().get(address)
    assert dead.status_code == 410
    assert "邀请链接无效" in dead.content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [({"again": "x"}, "两次输入的密码不一样"), ({"login": ""}, "不能用"), ({"name": "甲" * 65}, "姓名")],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(change: dict[str, str], told: str) -> None:
    answer = Client().post(address := link(), {**TYPED, **change})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "liu-he-ta" not in answer.content.decode()
    assert Client().post(address, TYPED).status_code == 302


def test_who_is_logged_in_gets_the_role(now: datetime) -> None:
    client, user = Client(), person("已有人", Role.ENTERPRISE)
    address = link()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    assert client.post(address).status_code == 302
    assert User.objects.get(pk=user.pk).roles == {Role.ENTERPRISE, Role.PERSONAL}
    assert User.objects.filter(created_at__gt=now).count() == 0
