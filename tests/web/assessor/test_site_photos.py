"""Photos of an on-site check: who adds them, who sees them, what is refused."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from ceping.ground.people.models import User
from ceping.stages.assessment.actions import check_evidence, declare_conflict
from ceping.stages.assessment.models import EvidenceCheck, SitePhoto
from tests.factories.assessed import NOON, Bench, assigned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    """As people of the demo: the second factor is another test's."""
    settings.DEMO = True


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def picture(shade: int = 90) -> SimpleUploadedFile:
    """A photo as it comes from a phone."""
    stream = BytesIO()
    Image.new("RGB", (640, 480), (shade, shade, shade)).save(stream, "JPEG")
    return SimpleUploadedFile("现场.jpg", stream.getvalue(), "image/jpeg")


def checked(made: Bench, *, on_site: bool = True, version: int = 0) -> EvidenceCheck:
    """The first file found false."""
    file = made.entry.submissions.get().report["attachments"][0]["file"]
    return check_evidence(
        entry=made.entry,
        file=file,
        verdict="false",
        reason="现场没有这台设备",
        version=version,
        on_site=on_site,
        by=made.people[0].user,
        at=NOON,
    )


def at(made: Bench, check: EvidenceCheck, name: str = "photos", *more: object) -> str:
    return reverse(f"assessor:{name}", args=[made.entry.pk, check.pk, *more])


def test_a_photo_stands_once_is_seen_by_both_and_taken_off_by_its_sender() -> None:
    made = assigned(items=["licence"])
    check, first, second = checked(made), made.people[0], made.people[1]
    client, other, lead = browser(first.user), browser(second.user), browser(made.lead)
    for _ in range(2):
        given = {"photo": picture(), "taken": "张江路 1 号厂房，6月3日，空置"}
        assert client.post(at(made, check), given).status_code == 302
    photo = SitePhoto.objects.get()
    assert "空置" in other.get(at(made, check)).content.decode()
    drawn = other.get(at(made, check, "photo", photo.pk, "page"))
    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/jpeg")
    settling = lead.get(reverse("office:assessment_settling") + f"?season={made.season.pk}").content.decode()
    shown = reverse("office:site_photo", args=[photo.pk, "page"])
    assert shown in settling
    assert lead.get(shown).status_code == 200
    assert other.post(at(made, check, "photo_remove", photo.pk)).status_code == 409
    for _ in range(2):
        client.post(at(made, check, "photo_remove", photo.pk))
    photo.refresh_from_db()
    assert photo.removed_at is not None
    assert lead.get(shown).status_code == other.get(at(made, check, "photo", photo.pk, "page")).status_code == 404


def test_what_is_refused_says_why_and_keeps_nothing() -> None:
    made = assigned(items=["licence"])
    check = checked(made, on_site=False)
    client, words = browser(made.people[0].user), "厂房，6月3日"
    assert "现场核查" in client.get(at(made, check)).content.decode()
    tried = client.post(at(made, check), {"photo": picture(), "taken": words})
    assert (tried.status_code, "不是现场核查得出的" in tried.content.decode()) == (409, True)
    checked(made, version=1)
    for given, why in (
        ({"taken": words}, "没有选照片"),
        ({"photo": picture(), "taken": " "}, "照片没有说明"),
        ({"photo": SimpleUploadedFile("a.jpg", b"GIF89a"), "taken": words}, ""),
        ({"photo": picture(), "taken": "长" * 121}, ""),
    ):
        answer = client.post(at(made, check), given)
        assert (answer.status_code, why in answer.content.decode()) == (409, True)
    assert not SitePhoto.objects.exists()


def test_a_conflict_and_a_stranger_find_nothing() -> None:
    made = assigned(items=["licence"])
    check, first = checked(made), made.people[0]
    stranger = browser(made.people[2].user)
    assert stranger.get(at(made, check)).status_code == 404
    client = browser(first.user)
    client.post(at(made, check), {"photo": picture(), "taken": "厂房"})
    photo = SitePhoto.objects.get()
    declare_conflict(assessor=first, entry=made.entry, reason="曾任顾问", by=first.user, at=NOON)
    assert client.get(at(made, check, "photo", photo.pk, "page")).status_code == 404
    assert client.post(at(made, check, "photo_remove", photo.pk)).status_code == 404
