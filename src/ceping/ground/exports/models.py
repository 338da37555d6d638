"""Rows: one list with personal data that somebody asked for, who let it go, and the file, sealed, while it lives."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.people.sealing import SealedText
from ceping.ground.work.models import Job, State

_USER = settings.AUTH_USER_MODEL
# So long a request waits for its second person, and so long its file can be fetched.
DECIDED_WITHIN, KEPT_FOR = timedelta(days=7), timedelta(hours=24)


class Standing(models.TextChoices):
    """Where a request stands; worked out of its moments, so that nothing has to be set when time passes."""

    WAITING = "waiting", "等待审批"
    LAPSED = "lapsed", "逾期未批"
    WITHDRAWN = "withdrawn", "已撤回"
    REFUSED = "refused", "未同意"
    MAKING = "making", "正在生成"
    FAILED = "failed", "没有生成"
    READY = "ready", "可以下载"
    OVER = "over", "已到期删除"


class Export(models.Model):
    """A list asked for: `kind` says which, `given` what of it (ids, columns, filters; nothing personal), `chain` whose.

    `content` is the file in base64, sealed, from `made_at` until it is removed; it lies nowhere else.
    """

    token = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=32)
    chain = models.CharField(max_length=64)
    given = models.JSONField(default=dict)
    reason = models.TextField()
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    content = SealedText()
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "导出申请"
        ordering = ("-asked_at", "-pk")
        constraints: ClassVar = [
            # Two people, whatever wrote the row.
            models.CheckConstraint(
                condition=Q(decided_by=None, accepted=None)
                | (Q(decided_by__isnull=False, accepted__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="exports_two_people",
            ),
            models.CheckConstraint(condition=Q(made_at=None) | Q(accepted=True), name="exports_made_accepted"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"

    @property
    def decided_until(self) -> datetime:
        """The moment from which nobody decides any more."""
        return self.asked_at + DECIDED_WITHIN

    @property
    def kept_until(self) -> datetime | None:
        """The moment from which the file is not given out; None before it is made."""
        return self.made_at + KEPT_FOR if self.made_at is not None else None

    def standing(self, at: datetime) -> Standing:
        """Where it stands at that moment."""
        until = self.kept_until
        match (self.withdrawn_at, self.accepted):
            case (None, None):
                return Standing.WAITING if at < self.decided_until else Standing.LAPSED
            case (None, False):
                return Standing.REFUSED
            case (None, True) if until is not None:
                return Standing.READY if self.removed_at is None and at < until else Standing.OVER
            case (None, True):
                failed = self.job is not None and self.job.state in {State.FAILED, State.CANCELLED}
                return Standing.FAILED if failed else Standing.MAKING
        return Standing.WITHDRAWN
