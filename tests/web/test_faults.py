"""What a reader sees when the platform itself broke: a number, which stands in the log as well."""

import re

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from structlog.contextvars import get_contextvars

pytestmark = pytest.mark.django_db


def test_a_break_is_told_with_the_number_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def breaks(_user: object, _at: object) -> None:
        seen.append(get_contextvars()["number"])
        raise RuntimeError("13800138000")

    monkeypatch.setattr("ceping.web.ui.views.redirect", lambda _name: breaks(None, None))
    answer = Client(raise_request_exception=False).get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert re.findall(r'cp-code">(\w{8})<', page) == seen
    assert "13800138000" not in page
    assert get_contextvars() == {}


def test_a_break_that_cannot_be_drawn_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_request: HttpRequest, *_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("ceping.web.ui.views.redirect", down)
    monkeypatch.setattr("ceping.web.ui.faults.render", down)
    answer = Client(raise_request_exception=False).get("/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert re.search(r"编号 \w{8}", answer.content.decode())


def test_a_database_that_does_not_answer_is_told_with_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_request: HttpRequest) -> None:
        raise OperationalError("too many clients")

    monkeypatch.setattr("ceping.web.ui.views.redirect", down)
    answer = Client(raise_request_exception=False).get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "留在本机" in answer.content.decode()
    assert "too many" not in answer.content.decode()


def test_an_address_of_a_button_that_was_typed_is_told_so() -> None:
    client = Client()
    answer = client.put("/claim/", headers={"accept": "text/html"})
    assert answer.status_code == 405
    assert "不能直接打开" in answer.content.decode()
    assert "GET" in answer.headers["Allow"]
    assert client.put("/claim/", headers={"hx-request": "true"}).content == b""


def test_more_than_is_taken_at_once_is_told_so() -> None:
    fields = "&".join(f"f{number}=1" for number in range(20_001))
    answer = Client().post("/claim/", fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "分几次提交" in answer.content.decode()
    whole = "f=" + "1" * (5 * 1024 * 1024)
    assert Client().post("/claim/", whole, content_type="application/x-www-form-urlencoded").status_code == 413
