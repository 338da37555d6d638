"""Rows: assessors and conflicts, draws and assignments, marks with every change, differences, values, verdicts, sheets.

Marks and values are text decimals, as the rules read them. Each row that two people may write has a `version`.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ceping.ground.files.models import File
from ceping.stages.assessment.states import ConflictKind, DifferenceState, MarkState, Verdict, Way
from ceping.stages.report.models import Entry, Submission
from ceping.stages.scheme.models import Season

_USER = settings.AUTH_USER_MODEL


class Assessor(models.Model):
    """A person who judges in one season; `past_employers` are those of the last three years, as declared."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="assessors")
    user = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="assessorships")
    code = models.CharField(max_length=16)
    employer = models.CharField(max_length=200, blank=True)
    past_employers = ArrayField(models.CharField(max_length=200), default=list)
    expertise = ArrayField(models.CharField(max_length=100), default=list)
    load_max = models.PositiveIntegerField(null=True)
    # When they said, for this season, whom they must not judge, nobody included.
    declared_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "测评专家"
        ordering = ("code",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "user"], name="assessment_assessor_once"),
            models.UniqueConstraint(fields=["season", "code"], name="assessment_assessor_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Conflict(models.Model):
    """What was said of an assessor and an institution: rows only grow, the last of a pair stands."""

    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="conflicts")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=16, choices=ConflictKind)
    reason = models.TextField()
    said_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = "回避"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="assessment_conflict_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.assessor} {self.kind}"


class Draw(models.Model):
    """A draw of assessors: seed, what it was drawn from file by file, record with proof, lines. A redraw keeps it."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="assessor_draws")
    number = models.PositiveIntegerField()
    seed = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    inputs = models.JSONField()
    record = models.JSONField(default=dict)
    lines = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    drawn_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "专家抽取"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "number"], name="assessment_draw_number"),
            models.UniqueConstraint(
                fields=["season"], condition=Q(superseded_at=None), name="assessment_draw_in_force"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="assessment_redraw_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.number}"


class Assignment(models.Model):
    """One assessor on one item of one entry; ended ones stay."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assignments")
    item = models.CharField(max_length=64)
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="assignments")
    way = models.CharField(max_length=16, choices=Way)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="assignments")
    reason = models.TextField(blank=True)
    assigned_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "分派"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "item", "assessor"], condition=Q(ended_at=None), name="assessment_assigned_once"
            ),
            models.CheckConstraint(condition=Q(way=Way.DRAWN) | ~Q(reason=""), name="assessment_by_hand_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["assessor", "ended_at"], name="assessment_of_assessor")]

    def __str__(self) -> str:
        return f"{self.item} {self.assessor}"


class Sheet(models.Model):
    """One assessor's score sheet of one entry: the opinion, and the signature over the marks as they stood."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="sheets")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="sheets")
    strengths = models.TextField(blank=True)
    weaknesses = models.TextField(blank=True)
    suggestions = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    # When the marks were opened for the first time: from then on the others' are seen, and a change needs a reason.
    opened_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "评分表"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "assessor"], name="assessment_sheet_once"),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_sha256="")
                | (Q(signed_at__isnull=False, opened_at__isnull=False) & ~Q(signed_sha256="")),
                name="assessment_signed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.assessor}"


class Mark(models.Model):
    """An assessor's mark for one item, tied to the submission it judged."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="marks")
    item = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=24)
    coefficient = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=MarkState, default=MarkState.SEALED)
    version = models.PositiveIntegerField(default=1)
    marked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = "打分"
        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet", "item"], name="assessment_mark_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.mark}"


class Change(models.Model):
    """A mark, a verified value or a verdict before and after one change, by whom, when and why; version by version."""

    mark = models.ForeignKey(Mark, on_delete=models.PROTECT, null=True, related_name="changes")
    value = models.ForeignKey("VerifiedValue", on_delete=models.PROTECT, null=True, related_name="changes")
    check_of = models.ForeignKey("EvidenceCheck", on_delete=models.PROTECT, null=True, related_name="changes")
    version = models.PositiveIntegerField()
    old = models.JSONField()
    new = models.JSONField()
    why = models.TextField(blank=True)
    changed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "改动"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mark", "version"], name="assessment_mark_version"),
            models.UniqueConstraint(fields=["value", "version"], name="assessment_value_version"),
            models.UniqueConstraint(fields=["check_of", "version"], name="assessment_check_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Difference(models.Model):
    """Marks that differ by more than the rule lets stand, and what was decided about them."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="differences")
    item = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=DifferenceState, default=DifferenceState.DUE)
    gap = models.CharField(max_length=24)
    opened_at = models.DateTimeField()
    # A third assessor the lead asked; without one the lead decides.
    third = models.ForeignKey(Assessor, on_delete=models.PROTECT, null=True, related_name="differences")
    mark = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "分歧"
        ordering = ("opened_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "item"], condition=~Q(state=DifferenceState.LAPSED), name="assessment_difference_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=DifferenceState.DECIDED)
                | (Q(decided_by__isnull=False) & ~Q(mark="") & ~Q(reason="")),
                name="assessment_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.item}"


class VerifiedValue(models.Model):
    """A metric's verified value (核定值) of one entry, with its reason and whose it is."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="verified_values")
    metric = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "核定值"
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "metric"], name="assessment_value_once")]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class EvidenceCheck(models.Model):
    """The verdict on one file of a submission; 虚假 counts once a lead confirms it. `on_site`: seen in use."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="evidence_checks")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason = models.TextField(blank=True)
    on_site = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    checked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "材料核验"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "file"], name="assessment_check_once"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.GENUINE) | ~Q(reason=""), name="assessment_verdict_reason"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(verdict=Verdict.FALSE, confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="assessment_confirmed_false",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.verdict}"


class SitePhoto(models.Model):
    """A photo of an on-site check (现场核查) that its verdict rests on; what is taken off keeps its row."""

    check_of = models.ForeignKey(EvidenceCheck, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    taken = models.CharField(max_length=120)
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "现场照片"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.taken


class AnchorCase(models.Model):
    """A case made up for practice (标定样例): what is told of an institution for one item, and what the lead gave."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="anchor_cases")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    item = models.CharField(max_length=64)
    mark = models.CharField(max_length=24)
    reason = models.TextField()
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "标定样例"
        ordering = ("number",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["season", "number"], name="assessment_case_number")]

    def __str__(self) -> str:
        return self.title


class AnchorMark(models.Model):
    """What an assessor gave for an anchor case, once; outside every score."""

    case = models.ForeignKey(AnchorCase, on_delete=models.PROTECT, related_name="marks")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="anchor_marks")
    mark = models.CharField(max_length=24)
    reason = models.TextField(blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = "标定打分"
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "assessor"], name="assessment_anchor_once")]

    def __str__(self) -> str:
        return self.mark
