"""One click into the demo: open to this machine alone, by a form of its own, for demo people only."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from ceping.config.urls import urlpatterns as ordinary
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.web.ui.demo import FINDS

PAGE, ENTER = "/demo/", "/demo/auditor-1/"
urlpatterns = [*ordinary, path("demo/", include("ceping.web.ui.demo_urls"))]


@pytest.fixture
def demo(request: pytest.FixtureRequest, settings: Any, now: datetime) -> User:
    request.getfixturevalue("db")
    settings.DEMO, settings.ROOT_URLCONF = True, __name__
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "example.com"]
    made = User(login="auditor-1", name="严萍", demo=True, created_at=now)
    made.set_unusable_password()
    made.save()
    Grant.objects.create(user=made, role=Role.AUDITOR, granted_at=now)
    return made


def here(**more: Any) -> Client:
    return Client(headers={"host": "localhost:8000"}, REMOTE_ADDR="127.0.0.1", **more)


def test_the_page_lists_people_by_role_and_a_click_logs_in(demo: User) -> None:
    client = here()
    page = client.get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    assert "严萍" in text
    assert ROLE_NAMES[Role.AUDITOR] in text
    assert client.post(ENTER).status_code == 302
    assert client.session["_auth_user_id"] == str(demo.pk)


def test_every_role_is_told_what_it_finds() -> None:
    assert set(FINDS) == set(Role)


@pytest.mark.parametrize(
    "sent",
    [
        {"REMOTE_ADDR": "192.168.1.20"},
        {"REMOTE_ADDR": ""},
        {"headers": {"host": "example.com"}},
        {"headers": {"host": "localhost", "forwarded": "for=10.0.0.1"}},
        {"headers": {"host": "localhost", "x-forwarded-for": "127.0.0.1"}},
        {"headers": {"host": "localhost", "x-forwarded-host": "localhost"}},
        {"headers": {"host": "localhost", "x-forwarded-proto": "https"}},
        {"headers": {"host": "localhost", "x-real-ip": "127.0.0.1"}},
        {"headers": {"host": "localhost", "via": "1.1 proxy"}},
    ],
    ids=str,
)
@pytest.mark.usefixtures("demo")
def test_whatever_is_not_straight_from_this_machine_is_refused(sent: dict[str, Any]) -> None:
    client = Client(**({"headers": {"host": "localhost"}, "REMOTE_ADDR": "127.0.0.1"} | sent))
    assert client.get(PAGE).status_code == 403
    assert client.post(ENTER).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("demo")
def test_a_foreign_host_is_a_bad_request() -> None:
    client = Client(headers={"host": "evil.test"}, REMOTE_ADDR="127.0.0.1")
    assert client.post(ENTER).status_code == 400


@pytest.mark.usefixtures("demo")
def test_only_a_post_with_its_token_enters() -> None:
    assert here().get(ENTER).status_code == 405
    assert here(enforce_csrf_checks=True).post(ENTER).status_code == 403


@pytest.mark.parametrize("change", [{"demo": False}, {"is_active": False}, {"password": "md5$a$b"}], ids=str)
def test_nobody_real_is_entered(demo: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=demo.pk).update(**change)
    client = here()
    assert client.post(ENTER).status_code == 404
    assert client.post("/demo/nobody/").status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("demo")
def test_outside_the_demo_there_is_no_such_page(settings: Any) -> None:
    settings.DEMO = False
    assert here().get(PAGE).status_code == here().post(ENTER).status_code == 404
    settings.ROOT_URLCONF = "ceping.config.urls"
    assert here().get(PAGE).status_code == here().post(ENTER).status_code == 404
