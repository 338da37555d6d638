"""Rows: notices, objections with evidence and re-check, published results, certificates, what was made of them.

What has gone out never changes: a correction is a new row that names the one it takes the place of.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ceping.ground.files.models import File
from ceping.ground.people.models import Institution
from ceping.ground.people.sealing import SealedText
from ceping.ground.work.models import Job
from ceping.stages.publication.states import CertificateState, NoticeState, ObjectionState, Verdict
from ceping.stages.report.models import Entry
from ceping.stages.results.models import Computation
from ceping.stages.scheme.models import Season

_USER = settings.AUTH_USER_MODEL


class Notice(models.Model):
    """The notice (公示) of a frozen result, word for word as it goes out.

    `rows` are credit code and the cells of `columns` of each institution listed; the code is never shown. `changes` of
    a correction: name, cells before and after, empty where it was not or is no longer listed.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    computation = models.ForeignKey(Computation, on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=16, choices=NoticeState, default=NoticeState.PROPOSED)
    issuer = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=500)
    columns = models.JSONField()
    grades = models.JSONField(default=list)
    rows = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    working_days = models.PositiveIntegerField()
    # Within so many working days an objection is answered.
    answer_days = models.PositiveIntegerField()
    check_code = models.CharField(max_length=20)
    warnings = models.JSONField(default=list)
    pdf = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    word = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    published_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "公示"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "number"], name="publication_notice_number"),
            models.UniqueConstraint(
                fields=["season"], condition=Q(state="proposed"), name="publication_notice_one_proposed"
            ),
            models.UniqueConstraint(
                fields=["season"], condition=Q(state="published"), name="publication_notice_one_out"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("proposed_by")), name="publication_notice_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"])
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="publication_notice_published_whole",
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(reason=""), name="publication_correction_reason"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="publication_notice_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.season} 公示{self.number}"


class Objection(models.Model):
    """An objection to a notice: about one institution or the list as a whole, by a known person or unit.

    `token_sha256` is the hash of the link by which whoever filed it sees how it stands. Who filed it, how to reach them
    and what they say lie sealed.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    number = models.CharField(max_length=24, unique=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="objections")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="objections")
    filed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedText()
    contact = SealedText()
    text = SealedText()
    token_sha256 = models.CharField(max_length=64, unique=True)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=16, choices=ObjectionState, default=ObjectionState.FILED)
    taken_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=16, choices=Verdict, blank=True)
    # What is answered to whoever filed it: why it was not taken up, or what came of it.
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "异议"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "decided"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer="")),
                name="publication_objection_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(verdict=""), name="publication_objection_verdict"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ObjectionFile(models.Model):
    """One file of evidence that came with an objection."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "异议证据"
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.file)


class Recheck(models.Model):
    """One assessor who had no part in the result looks at the case again; `advice` is what they would decide."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="rechecks")
    assessor = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="rechecks")
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    advice = models.CharField(max_length=16, choices=Verdict, blank=True)
    opinion = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "复核"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["objection", "assessor"], condition=Q(ended_at=None), name="publication_recheck_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, advice="") | (~Q(advice="") & ~Q(opinion="")),
                name="publication_recheck_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection} {self.assessor}"


class Release(models.Model):
    """The result as it was published after its notice; one person proposes, another publishes.

    `check_url` is what a certificate's check code is put behind. `job` makes certificates, feedback and packages.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="release")
    state = models.CharField(max_length=16, choices=NoticeState, default=NoticeState.PROPOSED)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    check_url = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    published_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "结果发布"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["season", "number"], name="publication_release_number"),
            models.UniqueConstraint(
                fields=["season"], condition=Q(state="published"), name="publication_release_one_out"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("proposed_by")), name="publication_release_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"])
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="publication_release_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} 发布{self.number}"


class Certificate(models.Model):
    """The certificate (证书) of one institution, found by its check code for ever, whatever became of it."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="certificates")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=20, unique=True)
    grade = models.CharField(max_length=60)
    state = models.CharField(max_length=16, choices=CertificateState, default=CertificateState.VALID)
    revoked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "证书"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "entry"], name="publication_certificate_once"),
            models.CheckConstraint(
                condition=~Q(state="revoked") | (Q(revoked_by__isnull=False, revoked_at__isnull=False) & ~Q(reason="")),
                name="publication_revoked_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Paper(models.Model):
    """A file made for a release: `certificate` and `feedback` of one entry, `public` and `full` package of all."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=16)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "发布文书"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "kind", "entry"], nulls_distinct=False, name="publication_paper_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)
