"""Rows: versions of schemes, the seasons that run them, opening and closing moments, extensions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.people.models import Area, Institution
from ceping.stages.scheme.states import ParameterStatus, PhaseKind, SeasonState, VersionState

_USER = settings.AUTH_USER_MODEL


class SchemeVersion(models.Model):
    """A version of a scheme by the hash of its files. Published, it never changes; two persons publish it."""

    scheme_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=VersionState, default=VersionState.DRAFT)
    drafted_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "测评方案"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme_id", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("proposed_by")), name="scheme_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}@{self.version}"


class SchemeFile(models.Model):
    """One file of a version, as text; apart, because a page that names a season does not need all of it."""

    version = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        verbose_name = "方案文件"
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "name"], name="scheme_file_once")]

    def __str__(self) -> str:
        return self.name


class WorkingCopy(models.Model):
    """A version being written in the browser from another one: any text is kept, also what makes no scheme yet.

    `files` by name; `revision` counts its changes. It ends as the draft it became, or dropped.
    """

    source = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="copies")
    version = models.PositiveIntegerField()
    files = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    changed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    became = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "方案编辑稿"
        ordering = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return f"{self.source.scheme_id}@{self.version}"


class Season(models.Model):
    """One evaluation over one period by one published version of a scheme.

    `weights` replace illustrative ones (indicator id to text decimal); `seeds` hold the seeds of draws by name.
    """

    title = models.CharField(max_length=200)
    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="seasons")
    from_on = models.DateField()
    to_on = models.DateField()
    state = models.CharField(max_length=16, choices=SeasonState, default=SeasonState.DRAFT)
    parameters = models.CharField(max_length=16, choices=ParameterStatus, default=ParameterStatus.ILLUSTRATIVE)
    weights = models.JSONField(default=dict)
    seeds = models.JSONField(default=dict)
    # Whether the two sealed pages may be put into the printed report instead of a scan of the whole.
    seal_pages_alone = models.BooleanField(default=True)
    opened_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "测评年度"
        ordering = ("-from_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_on__lte=F("to_on")), name="season_period_forward"),
        ]

    def __str__(self) -> str:
        return self.title


class Phase(models.Model):
    """When something is open in a season: from `opens_at` on, until just before `closes_at`."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=16, choices=PhaseKind)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "日程"
        ordering = ("opens_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "kind"], name="phase_once"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="phase_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.get_kind_display()}"


class Extension(models.Model):
    """More time in a phase, for one institution or for a whole area, with its reason."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="extensions")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()
    reason = models.TextField()
    given_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "延期"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(institution=None, area__isnull=False) | Q(institution__isnull=False, area=None),
                name="extension_for_one_or_area",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.until:%Y-%m-%d %H:%M}"


class Reopening(models.Model):
    """One institution's evaluation open again after the result was frozen, for as long as it is being corrected."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="reopenings")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "重新打开的测评"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["season", "institution"], condition=Q(closed_at=None), name="reopening_open_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.institution}"
