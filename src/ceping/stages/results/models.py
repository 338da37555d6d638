"""Rows: supplied tables, rulings on gates and vetoes, computations with what they wrote and who signed them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.files.models import File
from ceping.ground.work.models import Job
from ceping.stages.report.models import Entry
from ceping.stages.results.states import ComputationState, Effect, RulingKind, SuppliedKind
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
    of results.json.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="computations")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=ComputationState, default=ComputationState.COMPUTED)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="computation")
    inputs_sha256 = models.CharField(max_length=64)
    results_sha256 = models.CharField(max_length=64)
    # Whether every value was there; a season with gaps may be computed and is not signed.
    complete = models.BooleanField()
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
