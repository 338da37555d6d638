"""People are told, once for each happening, in the transaction of what they are told of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.messages.events import EVENT_NAMES, Event, Words
from ceping.ground.messages.models import Letter, Message, Template
from ceping.ground.messages.queries import Reader, told_of, words_for
from ceping.ground.messages.words import faults_in_words, filled
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import ROLE_NAMES, Act, Role

_SUBJECT, _LINK = 120, 200
# Without their link these say nothing.
_LINKED = (Event.INVITATION, Event.ANSWER_ASKED)


@transaction.atomic
def tell(
    event: Event,
    *,
    about: tuple[str, object],
    to: Iterable[Reader],
    at: datetime,
    values: Mapping[str, str],
    once: str,
    link: str = "",
) -> int:
    """A message in each reader's inbox, and a letter to those with an address; answers how many are newly told.

    `once` names the happening among others of its kind about the same record: told again it does nothing. `link` is a
    path of this platform. No value may hold more of a person than the reader needs.
    """
    key = told_of(event, f"{about[0]}-{about[1]}", once)
    readers = list({reader.user.pk: reader for reader in to}.values())
    told = set(Message.objects.filter(to__in=[one.user for one in readers], key=key).values_list("to_id", flat=True))
    words = {role: words_for(event, role) for role in {reader.role for reader in readers}}
    messages, mail = [], []
    for reader in readers:
        said = words[reader.role]
        if said is None or reader.user.pk in told:
            continue
        message = _message(event, key, reader, said, {**values, "link": link}, at)
        message.link = link[:_LINK]
        messages.append(message)
        if said.by_mail and reader.user.email and not reader.user.demo:
            mail.append(_letter(message, f"{key}:{reader.user.pk}", reader.user.email, link, at))
    # Two that tell the same at one moment: the row that stands first counts.
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    Letter.objects.bulk_create(mail, ignore_conflicts=True)
    return len(messages)


def said_on(moment: datetime) -> str:
    """A moment as people read it."""
    local = timezone.localtime(moment)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


@transaction.atomic
def write_letter(
    *, event: Event, role: Role, to: str, values: Mapping[str, str], key: str, at: datetime, channel: str = "email"
) -> Letter | None:
    """A letter to somebody without an account; None where nothing is said to that role. `key` makes it one.

    `channel` is `email`, or `sms` for a mobile number.
    """
    words = words_for(event, role)
    if words is None:
        return None
    made = _state_of_new()
    return Letter.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "to": to,
            "subject": filled(words.subject, values)[:_SUBJECT],
            "body": filled(words.body, values),
            "state": made,
            "made_at": at,
            "due_at": at,
        },
    )[0]


def mark_read(*, messages: Sequence[int] | None, by: User, at: datetime) -> int:
    """These of one's own messages, or with None all, are read; answers how many were not before."""
    mine = Message.objects.filter(to=by, read_at=None)
    return (mine if messages is None else mine.filter(pk__in=messages)).update(read_at=at)


@transaction.atomic
def change_template(*, event: Event, role: Role, words: Words, enabled: bool, by: User, at: datetime) -> Template:
    """The words for that role are these from now on. Raises NotAllowed; Refused for unknown names and empty words."""
    _allow(by)
    found = [*faults_in_words(words.subject, place="subject"), *faults_in_words(words.body, place="body")]
    if not words.subject.strip() or not words.body.strip():
        found.append(fault("message_empty"))
    if len(words.subject) > _SUBJECT:
        found.append(fault("message_subject_long", place="subject", most=_SUBJECT))
    if event in _LINKED and enabled and "{link}" not in words.body:
        found.append(fault("message_link_wanted", place="body"))
    if found:
        raise Refused(*found)
    row, _ = Template.objects.update_or_create(
        event=event,
        role=role,
        defaults={
            "subject": words.subject.strip(),
            "body": words.body.strip(),
            "by_mail": words.by_mail,
            "enabled": enabled,
            "changed_by": by,
            "changed_at": at,
        },
    )
    body = {"event": event, "role": role, "enabled": enabled, "by_mail": words.by_mail}
    record("change_template", by=by, role=Role.ORGANISER, at=at, about=("template", row.pk), body=body)
    return row


@transaction.atomic
def restore_template(*, event: Event, role: Role, by: User, at: datetime) -> bool:
    """The words for that role are the shipped ones again; False when they were. Raises NotAllowed."""
    _allow(by)
    row = Template.objects.select_for_update().filter(event=event, role=role).first()
    if row is None:
        return False
    about, body = ("template", row.pk), {"event": event, "role": role}
    row.delete()
    record("restore_template", by=by, role=Role.ORGANISER, at=at, about=about, body=body)
    return True


@transaction.atomic
def settle_letters(*, letters: Sequence[int], send: bool, by: User, at: datetime) -> int:
    """Held and failed letters go out after all, or never; answers how many. Raises NotAllowed."""
    _allow(by)
    held = Letter.objects.select_for_update().filter(pk__in=letters, state__in=["held", "failed"])
    rows = list(held)
    for row in rows:
        row.state, row.attempts, row.fault, row.due_at = ("queued" if send else "dropped"), 0, "", at
    Letter.objects.bulk_update(rows, ["state", "attempts", "fault", "due_at"])
    if rows:
        act = "release_letters" if send else "drop_letters"
        body = {"letters": sorted(row.pk for row in rows)}
        record(act, by=by, role=Role.ORGANISER, at=at, about=("outbox", ""), body=body)
    return len(rows)


def _allow(by: User) -> None:
    if not hats_for(by, Act.CHANGE_CALENDAR):
        raise NotAllowed(fault("season_not_organiser"))


def _message(event: Event, key: str, reader: Reader, words: Words, values: Mapping[str, str], at: datetime) -> Message:
    whole = {"role": ROLE_NAMES[reader.role], **values, "name": reader.user.name}
    subject = filled(words.subject, whole)[:_SUBJECT] or EVENT_NAMES[event]
    return Message(to=reader.user, event=event, key=key, subject=subject, body=filled(words.body, whole), sent_at=at)


def _letter(message: Message, key: str, to: str, link: str, at: datetime) -> Letter:
    body = message.body + (f"\n\n登录后查看：{settings.SITE_URL}{link}" if link else "")
    state = _state_of_new()
    return Letter(
        channel="email", to=to, subject=message.subject, body=body, key=key, state=state, made_at=at, due_at=at
    )


def _state_of_new() -> str:
    return "held" if settings.HOLD_LETTERS else "queued"
