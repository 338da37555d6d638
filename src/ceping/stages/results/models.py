"""Rows: supplied tables, rulings on gates and vetoes, computations with what they wrote and who signed them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.files.models import File
from ceping.ground.work.models import Job
from ceping.stages.report.models import Entry
from ceping.stages.results.states import ComputationState, CorrectionState, Effect, RulingKind, SuppliedKind
from ceping.stages.scheme.models import Season

_USER = settings.AUTH_USER_MODEL


class Supplied(models.Model):
    """A table from outside, as it came; the newest of a kind counts, none of them is thrown away."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="supplied")
    kind = models.CharField(max_length=16, choices=SuppliedKind)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    # `csv`, `jsonl` or `parquet`: under which name the season folder holds it.
    form = models.CharField(max_length=8)
    rows = models.PositiveIntegerField(null=True)
    given_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "外部数据"
        ordering = ("-given_at", "-pk")
        indexes: ClassVar = [models.Index(fields=["season", "kind", "given_at"], name="results_supplied_kind")]

    def __str__(self) -> str:
        return f"{self.season} {self.get_kind_display()}"


class Ruling(models.Model):
    """A waiver or veto of one entry: proposed by the lead or not, decided by the organiser; the last decided stands."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=16, choices=RulingKind)
    rule = models.CharField(max_length=64)
    effect = models.CharField(max_length=16, choices=Effect)
    reason = models.TextField()
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "豁免和否决"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "kind", "rule"], condition=Q(decided_at=None), name="results_ruling_open_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="results_ruling_reason"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, accepted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, accepted__isnull=False),
                name="results_ruling_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.rule}"


class Computation(models.Model):
    """A season computed once: what was written, by hash, from which inputs; signed by two persons, then frozen.

    `inputs_sha256` is over everything it was computed from (`queries.inputs_sha256`), `results_sha256` over the bytes
    of results.json. `version` counts what was frozen: 1 is the first result, each later one corrects the one before it.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="computations")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=ComputationState, default=ComputationState.COMPUTED)
    version = models.PositiveIntegerField(null=True)
    # The correction it was computed for; none before the first result.
    correction = models.ForeignKey("Correction", on_delete=models.PROTECT, null=True, related_name="computations")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="computation")
    inputs_sha256 = models.CharField(max_length=64)
    results_sha256 = models.CharField(max_length=64)
    # Whether every value was there; a season with gaps may be computed and is not signed.
    complete = models.BooleanField()
    # What its pages draw of all institutions together; read from the files once, as they are large.
    overview = models.JSONField(default=dict)
    computed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    lead = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    lead_at = models.DateTimeField(null=True)
    organiser = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    sent_back_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "测评结果"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "number"], name="results_computation_number"),
            models.UniqueConstraint(fields=["season", "version"], name="results_computation_version"),
            models.CheckConstraint(
                condition=Q(state="frozen", version__isnull=False) | (~Q(state="frozen") & Q(version=None)),
                name="results_frozen_version",
            ),
            models.CheckConstraint(
                condition=Q(version=None) | Q(version=1, correction=None) | Q(version__gt=1, correction__isnull=False),
                name="results_version_reason",
            ),
            models.UniqueConstraint(
                fields=["season"],
                condition=Q(state__in=["computed", "signed_lead"]),
                name="results_computation_one_open",
            ),
            models.CheckConstraint(condition=Q(organiser=None) | ~Q(organiser=F("lead")), name="results_signed_by_two"),
            models.CheckConstraint(
                condition=~Q(state="frozen") | Q(lead__isnull=False, organiser__isnull=False, frozen_at__isnull=False),
                name="results_frozen_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} 第{self.number}次"


class Standing(models.Model):
    """Where one institution stands in a computation: results.json and robustness.json as rows, for the pages.

    `total` and `change` are text decimals, empty for none; ranks are null for who is not ranked. `told` is what a list
    shows (scores, gates unmet, vetoes, ranks with one thing left out, level), `chart` is drawn, `detail` is for the own
    page.
    """

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="standings")
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=64)
    recommender = models.CharField(max_length=200, blank=True)
    total = models.CharField(max_length=32, blank=True)
    grade = models.CharField(max_length=64, blank=True)
    rank = models.PositiveIntegerField(null=True)
    rank_in_category = models.PositiveIntegerField(null=True)
    low = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    change = models.CharField(max_length=16, blank=True)
    told = models.JSONField()
    chart = models.JSONField()
    detail = models.JSONField()

    class Meta:
        verbose_name = "机构结果"
        ordering = (F("rank").asc(nulls_last=True), "uscc")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["computation", "uscc"], name="results_standing_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """A frozen result corrected: which one, why, for which institutions; the frozen one stays as it is for ever."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveIntegerField()
    corrects = models.ForeignKey(Computation, on_delete=models.PROTECT, related_name="corrections")
    entries = models.ManyToManyField(Entry, related_name="corrections")
    reason = models.TextField()
    state = models.CharField(max_length=16, choices=CorrectionState, default=CorrectionState.OPEN)
    opened_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    dropped_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "结果更正"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "number"], name="results_correction_number"),
            models.UniqueConstraint(fields=["season"], condition=Q(state="open"), name="results_correction_one_open"),
            models.CheckConstraint(condition=~Q(reason=""), name="results_correction_reason"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None, ended_by=None)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="results_correction_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(dropped_reason=""), name="results_correction_dropped_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} 更正{self.number}"


class Output(models.Model):
    """One file that a computation wrote, by its name there."""

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="outputs")
    name = models.CharField(max_length=64)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "结果文件"
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["computation", "name"], name="results_output_once"),
        ]

    def __str__(self) -> str:
        return self.name
