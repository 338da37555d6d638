"""Letters leave one by one: claimed, handed over, marked; whatever dies in between, none leaves twice.

A sender that can be asked twice (files) is asked again. With any other a letter whose worker died while handing it over
waits for a person, who alone can find out whether it arrived.
"""

import hashlib
import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from ceping.ground.messages.models import Letter

_MOST_ATTEMPTS = 6
_SILENT = timedelta(minutes=5)
UNSURE = "发送时中断，不能确定是否已发出"
_UNREACHED = "邮件服务器连接不上"
_TURNED_DOWN = "邮件服务器没有收下"


def claim(*, at: datetime) -> Letter | None:
    """The next letter that is due, now in the hands of this worker alone."""
    with transaction.atomic():
        waiting = Letter.objects.select_for_update(skip_locked=True).filter(state="queued", due_at__lte=at)
        letter = waiting.order_by("due_at", "pk").first()
        if letter is None:
            return None
        letter.state, letter.claimed_at, letter.attempts = "sending", at, letter.attempts + 1
        letter.save(update_fields=["state", "claimed_at", "attempts"])
    return letter


def hand_over(letter: Letter, *, at: datetime) -> None:
    """The claimed letter is given to the sender, once; it is sent, waits for another time, or is given up."""
    connection = _sender(letter)
    message = EmailMessage(
        letter.subject,
        str(letter.body),
        to=[str(letter.to)],
        headers={"Message-ID": f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@ceping>"},
        connection=connection,
    )
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        _wait(letter, _UNREACHED, at)
        return
    try:
        connection.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        _wait(letter, _TURNED_DOWN, at)
    except (OSError, smtplib.SMTPException):
        if _repeats_safely(letter):
            _wait(letter, _TURNED_DOWN, at)
        else:
            _mark(letter, "failed", fault=UNSURE)
    else:
        # What was sent stands in the inbox; an invitation's link is kept nowhere.
        letter.body, letter.sent_at = "", at
        _mark(letter, "sent")
    finally:
        connection.close()


def bring_back(*, at: datetime) -> int:
    """Letters whose worker is gone: out again where that cannot double them, else told as unsure; how many."""
    with transaction.atomic():
        lost = list(
            Letter.objects.select_for_update(skip_locked=True).filter(state="sending", claimed_at__lt=at - _SILENT)
        )
        for letter in lost:
            again = _repeats_safely(letter) and letter.attempts < _MOST_ATTEMPTS
            letter.due_at = at
            _mark(letter, "queued" if again else "failed", fault="" if again else UNSURE)
    return len(lost)


def _wait(letter: Letter, why: str, at: datetime) -> None:
    letter.due_at = at + timedelta(minutes=2**letter.attempts)
    _mark(letter, "queued" if letter.attempts < _MOST_ATTEMPTS else "failed", fault=why)


def _mark(letter: Letter, state: str, *, fault: str = "") -> None:
    letter.state, letter.fault = state, fault
    letter.save(update_fields=["state", "fault", "due_at", "sent_at", "body"])


def _sender(letter: Letter) -> Any:  # noqa: ANN401 -- whatever backend is set up
    """What hands the letter over: the mail server's, or the adapter for short messages."""
    return get_connection(settings.SMS_BACKEND if letter.channel == "sms" else None)


def _repeats_safely(letter: Letter) -> bool:
    return bool(getattr(_sender(letter), "repeats_safely", False))
