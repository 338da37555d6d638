"""The report printed beside the page: a draft says so, a submission carries its receipt's hash; work is found again."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from testbed.scene import Scene

from ceping.ground.files.actions import bytes_of
from ceping.ground.files.models import File
from ceping.ground.people.models import User
from ceping.ground.work.models import Job, State
from ceping.stages.report.actions import submit_report
from ceping.stages.report.queries import findings_for
from tests.factories.pdf import pages_of
from tests.web.institution.papers import as_, worked

__all__ = ["as_", "worked"]
pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def test_a_draft_says_so_and_is_not_made_twice(whole: Scene, as_: LogIn, worked: Callable[[], int]) -> None:
    client, root = as_(whole.alice), f"/institution/{whole.entry.pk}/preview/"
    for _ in range(3):
        client.post(f"{root}ask/")
    assert "data-work" in client.get(root).content.decode()
    assert worked() == 1
    pdf = File.objects.get(purpose="made", name__endswith=".pdf")
    assert "草稿" in pages_of(bytes_of(pdf).read_bytes())[0]
    assert client.get(f"/institution/files/{pdf.token}/").status_code == 200
    assert as_(whole.bob).get(f"/institution/files/{pdf.token}/").status_code == 404
    client.post(f"{root}ask/")
    assert Job.objects.count() == 1


def test_the_hash_printed_is_the_receipts(whole: Scene, as_: LogIn, worked: Callable[[], int], now: datetime) -> None:
    entry, client = whole.entry, as_(whole.alice)
    signer = str(entry.answers.get(field="legal_name").value)
    asked = [(one.code, one.place) for one in findings_for(entry) if one.level == "warning"]
    chosen = entry.answers.get(field="categories").value[0]
    made = submit_report(
        entry=entry, key=uuid4(), category=chosen, let_stand=asked, signer=signer, by=whole.alice, at=now
    )
    client.post(f"/institution/{entry.pk}/preview/ask/", {"number": "1"})
    worked()
    assert Job.objects.get().result["sha256"] == made.report_sha256
    pdf = File.objects.filter(purpose="made", name__endswith=".pdf").exclude(name__contains="盖章页").get()
    text = "".join(pages_of(bytes_of(pdf).read_bytes()))
    assert made.receipt.replace("-", "") in text
    assert made.report_sha256[:12] in text
    assert client.post(f"/institution/{entry.pk}/preview/ask/", {"number": "7"}).status_code == 404


def test_work_called_off_does_nothing(whole: Scene, as_: LogIn, worked: Callable[[], int]) -> None:
    client, root = as_(whole.alice), f"/institution/{whole.entry.pk}/"
    client.post(f"{root}preview/ask/")
    job = Job.objects.get()
    assert client.post(f"{root}work/{job.token}/cancel/").status_code == 302
    worked()
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not File.objects.filter(purpose="made").exists()
