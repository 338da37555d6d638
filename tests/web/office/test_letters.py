"""What the organiser keeps of messages: the words of each event and role, and the outbox."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.scene import Scene, scene

from ceping.ground.journal.models import Entry
from ceping.ground.messages.events import Event
from ceping.ground.messages.models import Letter, Template
from ceping.ground.messages.posted import masked_address
from ceping.ground.messages.queries import words_for
from ceping.ground.messages.sending import UNSURE
from ceping.ground.people.roles import Role
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db
LETTERS, WORDS = "/office/letters/", "/office/letters/words/receipt/institution/"


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.fixture
def client(here: Scene) -> Client:
    return as_(here.organiser)


def letter(here: Scene, now: datetime, number: int, state: str = "held", fault: str = "") -> Letter:
    return Letter.objects.create(
        channel="email",
        to="wenjing@example.org",
        subject=f"第{number}封",
        body="https://secret/token",
        key=f"receipt:entry-1:{number}:{here.alice.pk}",
        state=state,
        fault=fault,
        made_at=now,
        due_at=now,
    )


def page(client: Client, **asked: str) -> str:
    return client.get(LETTERS, asked).content.decode()


def test_the_outbox_shows_names_and_masked_addresses_and_no_words(here: Scene, now: datetime, client: Client) -> None:
    letter(here, now, 1)
    letter(here, now, 2, "failed", UNSURE)
    letter(here, now, 3, "failed", "邮件服务器没有收下")
    letter(here, now, 4, "sent")
    shown = page(client)
    assert all(words in shown for words in ("陈文静", "w***@example.org", "第1封", "第2封", "第3封", "请先问收信人"))
    assert not any(words in shown for words in ("wenjing@", "secret", "第4封"))
    assert [one in page(client, state="unsure") for one in ("第2封", "第3封")] == [True, False]
    assert [one in page(client, state="failed") for one in ("第2封", "第3封")] == [False, True]
    assert "第4封" in page(client, state="all", q="陈文")
    assert "没有符合" in page(client, q="没有此人")
    assert [masked_address(one) for one in ("a@b", "b", "@b", "")] == ["a***@b", "***", "***", "***"]


def test_letters_are_let_go_or_dropped_once(here: Scene, now: datetime, client: Client) -> None:
    one, other, gone = letter(here, now, 1), letter(here, now, 2), letter(here, now, 3, "sent")
    settle = LETTERS + "settle/"
    client.post(settle, {"do": "send", "letter": [one.pk, gone.pk]})
    answer = client.post(settle, {"do": "drop", "letter": [other.pk, "x", "9" * 30], "state": "held", "q": "第"})
    assert answer.headers["Location"].startswith(LETTERS + "?state=held")
    states = Letter.objects.order_by("key").values_list("state", flat=True)
    assert list(states) == ["queued", "dropped", "sent"]
    assert client.post(settle, {"do": "burn", "letter": one.pk}).status_code == 404
    acts = Entry.objects.filter(kind="outbox").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["release_letters", "drop_letters"]


def test_the_outbox_costs_the_same_with_one_and_three(here: Scene, now: datetime, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client)
        return len(asked)

    letter(here, now, 1)
    queries()
    few = queries()
    letter(here, now, 2)
    letter(here, now, 3)
    assert queries() == few <= 15


def test_words_are_looked_at_changed_and_put_back(client: Client) -> None:
    assert "自评报告已提交" in client.get("/office/letters/words/").content.decode()
    before = words_for(Event.RECEIPT, Role.INSTITUTION)
    typed = {"subject": "收到了 {receipt}", "body": "{institution} 好", "enabled": "on"}
    looked = client.post(WORDS, typed | {"do": "look"}).content.decode()
    assert "收到了 2022-000-123-016" in looked
    assert not Template.objects.exists()
    assert client.post(WORDS, typed | {"do": "save"}).status_code == 302
    changed = words_for(Event.RECEIPT, Role.INSTITUTION)
    assert changed is not None
    assert (changed.subject, changed.by_mail) == ("收到了 {receipt}", False)
    assert "（已改）" in client.get("/office/letters/words/").content.decode()
    assert client.post(WORDS, {"do": "restore"}).status_code == 302
    assert words_for(Event.RECEIPT, Role.INSTITUTION) == before
    acts = Entry.objects.filter(kind="template").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["change_template", "restore_template"]


@pytest.mark.parametrize("body", ["{nobody}", "{name.__class__}", "{name", " "])
def test_words_that_cannot_be_filled_are_refused_and_kept_on_the_page(body: str, client: Client) -> None:
    answer = client.post(WORDS, {"subject": "好", "body": body, "enabled": "on", "do": "save"})
    assert answer.status_code == 422
    assert body.strip() in answer.content.decode()
    assert not Template.objects.exists()


def test_an_invitation_without_its_link_is_refused(client: Client) -> None:
    typed = {"subject": "好", "body": "请来", "enabled": "on", "do": "save"}
    address = "/office/letters/words/invitation/lead/"
    assert client.post(address, typed).status_code == 422
    assert client.post(address, typed | {"body": "请来 {link}"}).status_code == 302
    assert client.get("/office/letters/words/receipt/auditor/").status_code == 404
