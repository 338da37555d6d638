"""Rows: returned reports and their remarks, who was put forward in which order, quotas, issued summary tables."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.files.models import File
from ceping.ground.people.models import Area
from ceping.ground.people.sealing import SealedJSON
from ceping.stages.report.models import Entry, Submission
from ceping.stages.scheme.models import Season

_USER = settings.AUTH_USER_MODEL


class Return(models.Model):
    """A submission given back with its remarks; `due_at` is its own date to come back."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="returned")
    due_at = models.DateTimeField()
    returned_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    class Meta:
        verbose_name = "退回"

    def __str__(self) -> str:
        return str(self.submission)


class Remark(models.Model):
    """One numbered remark, bound to a field, a table, a row by its number, an attachment, a part, or the whole."""

    KINDS: ClassVar = [
        ("field", "栏目"),
        ("table", "表格"),
        ("row", "行"),
        ("attachment", "附件"),
        ("part", "部分"),
        ("whole", "整体"),
    ]

    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="remarks")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=KINDS)
    # A field id, a table id, `table/row number`, a checklist item's number, a part's id; empty for the whole.
    key = models.CharField(max_length=96, blank=True)
    text = models.TextField()
    answer = models.TextField(blank=True)
    settled_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "修改意见"
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["returned", "number"], name="recommendation_remark_number"),
            models.CheckConstraint(condition=~Q(text=""), name="recommendation_remark_says"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:20]}"


class Putting(models.Model):
    """What a recommender decided about a submission: put forward with a rank and category, or not, with the reason."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="puttings")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    forward = models.BooleanField()
    rank = models.PositiveIntegerField(null=True)
    category = models.CharField(max_length=64)
    # Why the category is not the one the institution chose, or why it is not put forward.
    reason = models.TextField(blank=True)
    # By gate: why a person holds it to be met where the report alone does not answer it.
    judged = models.JSONField(default=dict)
    put_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    undone_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "推荐"
        ordering = ("rank", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry"], condition=Q(undone_at=None), name="recommendation_decided_once"),
            models.CheckConstraint(
                condition=Q(forward=True, rank__gte=1) | (Q(forward=False, rank=None) & ~Q(reason="")),
                name="recommendation_rank_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.rank or '—'}"


class Quota(models.Model):
    """At most so many of a category, or of all when that is empty, from one area; the latest row counts."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="quotas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=64, blank=True)
    most = models.PositiveIntegerField(null=True)
    reason = models.TextField()
    set_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "名额"
        indexes: ClassVar = [models.Index(fields=["season", "area", "category"], name="recommendation_quota_for")]

    def __str__(self) -> str:
        return f"{self.area} {self.category} {self.most}"


class Issue(models.Model):
    """A summary table as issued: its rows sealed as they stood, their hash, and the scan with the seal when it came."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="issues")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    filled_on = models.DateField()
    rows = SealedJSON(default=list)
    sha256 = models.CharField(max_length=64)
    issued_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    scan = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    scanned_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "参评推荐汇总表"
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "area", "number"], name="recommendation_issue_number"),
            models.UniqueConstraint(
                fields=["season", "area"], condition=Q(revoked_at=None), name="recommendation_issued_once"
            ),
            models.CheckConstraint(
                condition=Q(scan=None, scanned_at=None) | Q(scan__isnull=False, scanned_at__gte=F("issued_at")),
                name="recommendation_scan_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.area} {self.number}"
