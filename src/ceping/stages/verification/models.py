"""Rows: a season's verification, frozen lists, draws, calls with their answers, appointments, links, listening notes.

Clients lie sealed, free words too; coded answers and outcomes are plain, so that rates cost no key.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.people.sealing import SealedJSON, SealedText
from ceping.stages.report.models import Entry, Submission
from ceping.stages.scheme.models import Season
from ceping.stages.verification.states import Grade, Mode, SurveyState

_USER = settings.AUTH_USER_MODEL


class Survey(models.Model):
    """The verification of one season. The organiser's word to compare lists of institutions stands here as well."""

    season = models.OneToOneField(Season, on_delete=models.PROTECT, related_name="survey")
    state = models.CharField(max_length=16, choices=SurveyState, default=SurveyState.SEEDED)
    seeded_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    seeded_at = models.DateTimeField()
    # Of all lists together, without and with the names.
    frame_sha256 = models.CharField(max_length=64, blank=True)
    list_sha256 = models.CharField(max_length=64, blank=True)
    frozen_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    # 关联分析: the document by which the organiser allows it; empty while it is not allowed.
    document = models.CharField(max_length=300, blank=True)
    authorised_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    authorised_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "核验"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(document="", authorised_by=None, authorised_at=None)
                | (~Q(document="") & Q(authorised_by__isnull=False, authorised_at__isnull=False)),
                name="verification_authorised_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} 核验"


class Frame(models.Model):
    """The client list of one entry as frozen from its submission in force, and who calls it."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="frames")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="frame")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    verifier = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "服务对象名单"
        indexes: ClassVar = [models.Index(fields=["survey", "verifier"], name="verification_frame_whose")]

    def __str__(self) -> str:
        return str(self.entry)


class Client(models.Model):
    """One client of a frozen list; `particulars` hold name, contact, phone and service. `revision` counts changes."""

    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="clients")
    key = models.CharField(max_length=8)
    particulars = SealedJSON()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "服务对象"
        ordering = ("frame", "key")
        constraints: ClassVar = [models.UniqueConstraint(fields=["frame", "key"], name="verification_client_once")]

    def __str__(self) -> str:
        return self.key

    def told(self, name: str) -> str:
        """One of the particulars, empty where the list has none."""
        found: Any = self.particulars.get(name, "")
        return str(found)


class Draw(models.Model):
    """A draw of every frozen list by one seed: what was asked, its record and its lines. A redraw keeps the old one."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveIntegerField()
    seed = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    record = models.JSONField()
    lines = models.TextField()
    sha256 = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "抽样"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="verification_draw_number"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(superseded_at=None), name="verification_draw_in_force"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="verification_redraw_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} 第 {self.number} 次"


class Drawn(models.Model):
    """A client's place in a draw; the sample stands before the reserves."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="drawn")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="drawn")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=8, choices=[("sample", "样本"), ("reserve", "备选")])
    stratum = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "抽中的服务对象"
        ordering = ("frame", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draw", "client"], name="verification_drawn_once"),
            models.UniqueConstraint(fields=["draw", "frame", "position"], name="verification_drawn_place"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Attempt(models.Model):
    """One attempt to reach a client, or its online answer; `key` makes one press one attempt. Voided, never deleted.

    `answers` are codes by question id; `said` are free words by question id, the caller's own under "".
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="attempts")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.PHONE)
    disposition = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    said = SealedJSON()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    voided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "呼叫记录"
        ordering = ("client", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "number"], name="verification_attempt_number"),
            models.CheckConstraint(
                condition=Q(mode=Mode.ONLINE, by=None) | Q(mode=Mode.PHONE, by__isnull=False),
                name="verification_attempt_by",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="verification_void_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["frame", "client", "number"], name="verification_attempt_of"),
            models.Index(fields=["by", "at"], name="verification_attempt_whose"),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.number} {self.disposition}"


class Appointment(models.Model):
    """When a client asked to be called; it ends when it is kept, moved or the calls close."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="appointments")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    on = models.DateTimeField()
    note = SealedText()
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "预约"
        ordering = ("on",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], condition=Q(ended_at=None), name="verification_one_appointment"),
            models.CheckConstraint(condition=Q(on__gt=F("made_at")), name="verification_appointment_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.on:%Y-%m-%d %H:%M}"


class Link(models.Model):
    """A one-person link to answer online: hashed, once, until it runs out. It says nothing of where it was sent."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="links")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=8, choices=[("sms", "短信"), ("email", "电子邮件")])
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "在线核验链接"
        ordering = ("-made_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(used_at=None, withdrawn_at=None), name="verification_one_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.channel}"


class Listening(models.Model):
    """What a supervisor found who listened to a call."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="listenings")
    grade = models.CharField(max_length=8, choices=Grade)
    text = SealedText()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "督导意见"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.attempt} {self.grade}"


class Signals(models.Model):
    """What the frozen lists show that a person should look at, worked out once; with or without the lists compared."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="signals")
    across = models.BooleanField()
    rows = SealedJSON(default=list)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "核验线索"

    def __str__(self) -> str:
        return f"{self.survey} {self.count}"
