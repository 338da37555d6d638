"""People are told once; a letter leaves once, whatever dies on the way."""

import smtplib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from testbed.scene import Scene, person, scene

from ceping.ground.messages import sending
from ceping.ground.messages.actions import change_template, mark_read, settle_letters, tell
from ceping.ground.messages.events import EVENT_NAMES, SHIPPED, Event, Words
from ceping.ground.messages.invitations import give_role, invite_by_letter, take_role
from ceping.ground.messages.models import Letter, Message
from ceping.ground.messages.queries import Reader, letters, unread, words_for, writers
from ceping.ground.messages.words import faults_in_words, preview
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.invitations import Contact, invitation_for
from ceping.ground.people.roles import Role

pytestmark = pytest.mark.django_db
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


class Killed(BaseException):
    """As SIGKILL: nothing catches it."""


@pytest.fixture
def here(settings: Any) -> Scene:
    settings.EMAIL_BACKEND = "ceping.ground.messages.outbox.FileOutbox"
    made = scene()
    made.alice.email = "wenjing@example.org"
    made.alice.save()
    return made


def tell_alice(here: Scene, now: datetime, once: str = "1") -> int:
    return tell(
        Event.RECEIPT,
        about=("entry", here.entry.pk),
        to=writers([here.institution.pk])[here.institution.pk],
        at=now,
        values={"institution": here.institution.name, "season": here.season.title, "receipt": "R-1"},
        once=once,
        link="/inbox/",
    )


def files(settings: Any) -> list[Path]:
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*"))


def test_every_shipped_word_is_good_and_every_event_has_one() -> None:
    for words in SHIPPED.values():
        assert faults_in_words(words.subject, place="") == faults_in_words(words.body, place="") == []
        assert "{" not in preview(words.body)
    assert {event for event, _ in SHIPPED} == set(Event) == set(EVENT_NAMES)


def test_told_once_with_inbox_and_letter(here: Scene, now: datetime) -> None:
    assert (tell_alice(here, now), tell_alice(here, now), tell_alice(here, now, "2")) == (1, 0, 1)
    assert unread(here.alice) == 2
    assert Letter.objects.count() == 2
    told = Message.objects.first()
    assert told is not None
    assert "回执号 R-1" in told.subject
    assert "{" not in told.body
    assert mark_read(messages=None, by=here.bob, at=now) == 0
    assert mark_read(messages=[told.pk], by=here.alice, at=now) == 1
    assert unread(here.alice) == 1


def test_what_is_rolled_back_was_told_to_nobody(here: Scene, now: datetime) -> None:
    with pytest.raises(Killed), transaction.atomic():
        _kill(tell_alice(here, now))
    assert not Message.objects.exists()
    assert not Letter.objects.exists()


def test_a_letter_lies_sealed_and_leaves_as_one_file(here: Scene, now: datetime, settings: Any) -> None:
    tell_alice(here, now)
    letter = sending.claim(at=now)
    assert letter is not None
    assert sending.claim(at=now) is None
    sending.hand_over(letter, at=now)
    assert [path.suffix for path in files(settings)] == [".eml"]
    assert files(settings)[0].stat().st_mode & 0o777 == 0o600
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("sent", "")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_killed_worker_sends_neither_nothing_nor_twice(
    when: str, here: Scene, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_alice(here, now)
    letter = sending.claim(at=now)
    assert letter is not None
    killed_at = "ceping.ground.messages.outbox._write" if when == "before" else "ceping.ground.messages.sending._mark"
    with monkeypatch.context() as patch:
        patch.setattr(killed_at, _kill)
        with pytest.raises(Killed):
            sending.hand_over(letter, at=now)
    assert sending.bring_back(at=now) == 0, "it may still be at work"
    later = now + timedelta(minutes=6)
    assert sending.bring_back(at=later) == 1
    again = sending.claim(at=later)
    assert again is not None
    sending.hand_over(again, at=later)
    assert len(files(settings)) == 1
    assert Letter.objects.get().state == "sent"


def test_a_sender_that_cannot_be_asked_twice_leaves_it_to_a_person(
    here: Scene, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    tell_alice(here, now)
    letter = sending.claim(at=now)
    assert letter is not None
    with monkeypatch.context() as patch:
        patch.setattr("ceping.ground.messages.sending._mark", _kill)
        with pytest.raises(Killed):
            sending.hand_over(letter, at=now)
    later = now + timedelta(minutes=6)
    sending.bring_back(at=later)
    assert sending.claim(at=later) is None
    assert len(mail.outbox) == 1
    left = Letter.objects.get()
    assert (left.state, left.fault) == ("failed", sending.UNSURE)
    with pytest.raises(NotAllowed):
        settle_letters(letters=[left.pk], send=True, by=here.district, at=later)
    assert settle_letters(letters=[left.pk], send=True, by=here.organiser, at=later) == 1
    assert sending.claim(at=later) is not None


def test_a_server_that_says_no_is_asked_again_later_and_not_for_ever(
    here: Scene, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    tell_alice(here, now)

    def refuse(*_: object) -> int:
        raise smtplib.SMTPResponseException(451, "later wenjing@example.org")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    moments = 0
    at = now
    while (letter := sending.claim(at=at)) is not None:
        sending.hand_over(letter, at=at)
        assert sending.claim(at=at) is None
        at += timedelta(hours=2)
        moments += 1
    assert moments == 6
    left = Letter.objects.get()
    assert left.state == "failed"
    assert "example.org" not in left.fault


def test_held_letters_wait_for_a_word(here: Scene, now: datetime, settings: Any) -> None:
    settings.HOLD_LETTERS = True
    tell_alice(here, now)
    assert sending.claim(at=now) is None
    held = [letter.pk for letter in letters("held")]
    assert settle_letters(letters=held, send=False, by=here.organiser, at=now) == 1
    assert sending.claim(at=now) is None
    assert settle_letters(letters=held, send=True, by=here.organiser, at=now) == 0, "dropped is dropped"


def test_words_are_checked_and_count_from_then_on(here: Scene, now: datetime) -> None:
    def change(subject: str, body: str = "{name}", *, enabled: bool = True) -> None:
        words = Words(subject, body, by_mail=False)
        change_template(
            event=Event.RECEIPT, role=Role.INSTITUTION, words=words, enabled=enabled, by=here.organiser, at=now
        )

    for bad in ("", "{phone}", "x" * 121):
        with pytest.raises(Refused):
            change(bad)
    change("收到 {receipt}")
    assert words_for(Event.RECEIPT, Role.INSTITUTION) == Words("收到 {receipt}", "{name}", by_mail=False)
    tell_alice(here, now)
    assert Message.objects.get().subject == "收到 R-1"
    assert not Letter.objects.exists()
    change("收到", enabled=False)
    assert tell_alice(here, now, "2") == 0


def test_an_invitation_leaves_with_its_link_and_keeps_none(here: Scene, now: datetime, settings: Any) -> None:
    officer = person("孙安全", Role.SECURITY_OFFICER)
    made = invite_by_letter(
        role=Role.RECOMMENDER,
        to=Contact(name="钱新", email="new@example.org"),
        address="https://ceping.example.org/invitations/{token}/",
        by=officer,
        at=now,
        area=here.area,
    )
    letter = sending.claim(at=now)
    assert letter is not None
    sending.hand_over(letter, at=now)
    assert invitation_for(made.token, at=now) == made.invitation
    assert "example.org" in files(settings)[0].read_text(encoding="utf-8")
    assert made.token not in str(Letter.objects.get().body)


def test_a_role_given_and_taken_is_told(here: Scene, now: datetime) -> None:
    officer = person("孙安全", Role.SECURITY_OFFICER)
    grant = give_role(user=here.bob, role=Role.LEAD, by=officer, at=now, reason="任命")
    take_role(grant=grant, by=officer, at=now, reason="离任")
    assert [message.event for message in here.bob.messages.order_by("pk")] == ["granted", "revoked"]
    assert "测评机构负责人" in here.bob.messages.all()[0].subject


def test_a_demo_person_gets_no_letter(here: Scene, now: datetime) -> None:
    here.alice.demo = True
    here.alice.save()
    tell(Event.GRANTED, about=("x", 1), to=[Reader(here.alice, Role.LEAD)], at=now, values={}, once="")
    assert unread(here.alice) == 1
    assert not Letter.objects.exists()


def _kill(*_: object, **__: object) -> None:
    raise Killed
