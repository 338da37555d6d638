"""Rows: bytes by their checksum, the files people know them as, and who looked."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from ceping.ground.people.models import Institution

_USER = settings.AUTH_USER_MODEL


class Blob(models.Model):
    """Bytes that lie once under their SHA-256 in the media folder, however many files say the same."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = "文件内容"

    def __str__(self) -> str:
        return self.sha256


class File(models.Model):
    """A file somebody gave or the platform made. `name` is cleaned for showing; `purpose` says what it is for.

    `institution` is whose it is, if anybody's; `token` names it in addresses, so that no number can be guessed.
    """

    token = models.CharField(max_length=32, unique=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=32)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="files")
    notes = models.JSONField(default=list)
    given_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "文件"

    def __str__(self) -> str:
        return self.name


class Look(models.Model):
    """Somebody opened or downloaded a file."""

    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="looks")
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=16, choices=[("view", "查看"), ("download", "下载")])

    class Meta:
        verbose_name = "查阅记录"
        indexes: ClassVar = [models.Index(fields=["file", "at"], name="files_look_file")]

    def __str__(self) -> str:
        return f"{self.file} {self.at:%Y-%m-%d %H:%M}"
