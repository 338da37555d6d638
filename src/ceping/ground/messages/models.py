"""Rows: what stands in people's inbox, what is to leave the platform, and the words for each role and event."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from ceping.ground.people.models import ROLE_CHOICES
from ceping.ground.people.sealing import SealedText

_USER = settings.AUTH_USER_MODEL


class Template(models.Model):
    """The words for one event and role. `subject` and `body` hold names of a fixed dictionary in braces, no more."""

    event = models.CharField(max_length=48)
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    subject = models.CharField(max_length=120)
    body = models.TextField()
    by_mail = models.BooleanField(default=True)
    enabled = models.BooleanField(default=True)
    changed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "消息模板"
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "role"], name="messages_template_once")]

    def __str__(self) -> str:
        return f"{self.event} {self.role}"


class Message(models.Model):
    """A message in somebody's inbox. `key` makes one event one message; `link` is a path of this platform."""

    to = models.ForeignKey(_USER, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=48)
    key = models.CharField(max_length=96)
    subject = models.CharField(max_length=120)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "消息"
        ordering = ("-sent_at", "-pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=["to", "key"], name="messages_message_once")]
        indexes: ClassVar = [models.Index(fields=["to", "read_at"], name="messages_unread")]

    def __str__(self) -> str:
        return self.subject


class Letter(models.Model):
    """An e-mail or text message on its way out; `to` lies sealed, `held` ones wait for a person's word."""

    CHANNELS: ClassVar = [("email", "电子邮件"), ("sms", "短信")]
    STATES: ClassVar = [
        ("held", "待审"),
        ("queued", "待发"),
        ("sending", "正在发"),
        ("sent", "已发"),
        ("failed", "未发出"),
        ("dropped", "不发"),
    ]

    channel = models.CharField(max_length=8, choices=CHANNELS)
    to = SealedText()
    subject = models.CharField(max_length=120, blank=True)
    body = SealedText()
    key = models.CharField(max_length=96, unique=True)
    state = models.CharField(max_length=8, choices=STATES, default="queued")
    attempts = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    # Not before this moment: a letter that found no server waits longer each time.
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "外发消息"
        ordering = ("-made_at", "-pk")
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="messages_letter_state")]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"
