"""Rows: entries, what is being filled in, evidence, what was submitted, paper copies.

What people type lies sealed. A draft is one row a field and one a table row, each with its revision: two people in one
field are told of each other, and nobody's words are lost. A submission is the whole report as it was, for ever.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ceping.ground.files.models import File
from ceping.ground.people.models import Institution
from ceping.ground.people.sealing import SealedJSON
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season

_USER = settings.AUTH_USER_MODEL


class Entry(models.Model):
    """One institution in one season; `category` is its one 申报类别, an option id among those ticked in the report."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="entries")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="entries")
    category = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=EntryState, default=EntryState.DRAFT)
    # When a returned report has to be back; before the first submission the season's own calendar counts.
    due_at = models.DateTimeField(null=True)
    # What a return opened: `places` (None: everything), and by the key of each remark on a row which of `rows` that is.
    opening = models.JSONField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "参评"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "institution"], name="report_entry_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["season", "state"], name="report_entry_state")]

    def __str__(self) -> str:
        return f"{self.season} {self.institution}"


class Answer(models.Model):
    """A field of the draft: text, or a list of option ids; `revision` counts its changes from 1."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(max_length=64)
    value = SealedJSON(default=str)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "填写内容"
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "field"], name="report_answer_once")]

    def __str__(self) -> str:
        return self.field


class Row(models.Model):
    """A row of a table of the draft; rows stand by `position`, and a removed one can be brought back."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    values = SealedJSON()
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "表格行"
        ordering = ("table", "position", "pk")
        indexes: ClassVar = [models.Index(fields=["entry", "table", "position"], name="report_row_place")]

    def __str__(self) -> str:
        return f"{self.table} {self.position}"


class Attachment(models.Model):
    """Evidence: a file under a checklist item and the indicators it proves; a newer one names the one it replaces."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    item = models.PositiveIntegerField(null=True)
    indicators = ArrayField(models.CharField(max_length=64), default=list)
    name = models.CharField(max_length=200)
    valid_until = models.DateField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "附件"
        ordering = ("item", "pk")

    def __str__(self) -> str:
        return self.name


class Taking(models.Model):
    """What was taken over at once from a Word form or an earlier report, with what stood there before, sealed.

    `before` holds, by field, the old value and the revision that taking made; by table, the rows put out and put in.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="takings")
    source = models.CharField(max_length=16, choices=[("word", "Word 表"), ("season", "上年度报告")])
    name = models.CharField(max_length=200)
    before = SealedJSON()
    taken_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "导入记录"
        ordering = ("-taken_at", "-pk")

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A report as submitted: its report.json whole and sealed, hash, receipt; `key` makes one press one submission."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    key = models.UUIDField()
    receipt = models.CharField(max_length=32, unique=True)
    report = SealedJSON()
    report_sha256 = models.CharField(max_length=64)
    scheme_sha256 = models.CharField(max_length=64)
    category = models.CharField(max_length=64)
    # What the reader was asked about and let stand, by code and place.
    let_stand = models.JSONField(default=list)
    submitted_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    # The moment the server had read the head of the request: what the deadline counts.
    submitted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "提交记录"
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "number"], name="report_submission_number"),
            models.UniqueConstraint(fields=["entry", "key"], name="report_submission_key"),
        ]

    def __str__(self) -> str:
        return self.receipt


class Paper(models.Model):
    """The paper copy of a submission: expected, then received on a day by somebody who looked at its seals."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="paper")
    received_on = models.DateField(null=True)
    received_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    seals_complete = models.BooleanField(null=True)
    cross_page_seal = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "纸质材料"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(received_on=None, received_by=None)
                | Q(received_on__isnull=False, received_by__isnull=False),
                name="report_paper_received_by",
            ),
        ]

    def __str__(self) -> str:
        return str(self.submission)
