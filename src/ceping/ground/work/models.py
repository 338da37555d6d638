"""Rows: one piece of long work, how far it is, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from ceping.ground.people.sealing import SealedJSON


class State(models.TextChoices):
    """Where a piece of work stands."""

    WAITING = "waiting", "等待处理"
    DOING = "doing", "处理中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"
    CANCELLED = "cancelled", "已取消"


OVER = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class Job(models.Model):
    """A piece of work somebody asked for about one record, which `about` names as `kind:key`.

    `given` is what it works on and `result` what came of it, both sealed: they may hold what people typed. `findings`
    are what a person should read of it; `token` names it in addresses.
    """

    token = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=32)
    about = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    given = SealedJSON()
    result = SealedJSON()
    findings = models.JSONField(default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "后台任务"
        indexes: ClassVar = [models.Index(fields=["about", "kind", "asked_at"], name="work_job_about")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in OVER
