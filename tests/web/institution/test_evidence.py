"""The evidence page: many files, each by itself, scans become JPG, versions, links, and whose eyes it is for."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from PIL import Image
from testbed.scene import Scene

from ceping.ground.files.actions import EVIDENCE
from ceping.ground.files.models import Look
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.report.models import Attachment
from ceping.web.institution.uploads import take_body
from tests.factories.scan import page as scan_page
from tests.web.institution.papers import as_, worked

__all__ = ["as_", "worked"]
pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def picture(seed: int = 1, kind: str = "PNG") -> bytes:
    stream = BytesIO()
    scan_page(seed, width=330, height=466).save(stream, kind)
    return stream.getvalue()


def send(client: Client, entry: int, name: str, data: bytes, query: str = "", **more: Any) -> Any:
    return client.post(
        f"/institution/{entry}/evidence/add/{query}",
        data=data,
        content_type="application/octet-stream",
        headers={"x-file-name": quote(name)},
        **more,
    )


def test_a_scan_goes_to_the_item_its_name_says_and_becomes_jpg(
    here: Scene, as_: LogIn, worked: Callable[[], int]
) -> None:
    client, pk = as_(here.alice), here.entry.pk
    told = send(client, pk, "营业执照.png", picture()).json()
    assert (told["item"], told["new"]) == (1, True)
    assert worked() == 1
    (standing,) = here.entry.attachments.filter(removed_at=None)
    assert standing.name == "附件01_营业执照_1.jpg"
    assert standing.file.blob.kind == "jpg"
    assert standing.replaces is not None
    assert standing.replaces.file.name == "营业执照.png"
    text = client.get(f"/institution/{pk}/evidence/").content.decode()
    assert "附件01_营业执照_1.jpg" in text
    assert "早先版本" in text


def test_the_same_bytes_again_stand_once(here: Scene, as_: LogIn, worked: Callable[[], int]) -> None:
    client, pk = as_(here.alice), here.entry.pk
    for _ in range(2):
        send(client, pk, "营业执照.png", picture())
    worked()
    assert send(client, pk, "营业执照.png", picture()).json()["new"] is False
    assert here.entry.attachments.filter(removed_at=None).count() == 1
    # Under another item it is another document, and the page says so.
    send(client, pk, "合同.png", picture(), "?item=7")
    worked()
    assert "完全相同" in client.get(f"/institution/{pk}/evidence/").content.decode()


def test_one_bad_file_of_a_form_loses_no_other(here: Scene, as_: LogIn) -> None:
    client, pk = as_(here.alice), here.entry.pk
    files = [
        SimpleUploadedFile("营业执照.jpg", picture(1, "JPEG")),
        SimpleUploadedFile("病毒.exe", b"MZ" + b"\0" * 99),
        SimpleUploadedFile("空.pdf", b""),
        SimpleUploadedFile("场地照片.jpg", picture(2, "JPEG")),
    ]
    answer = client.post(f"/institution/{pk}/evidence/add/", {"files": files, "item": "4"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "病毒.exe" in text
    assert "空.pdf" in text
    assert here.entry.attachments.count() == 2


def test_what_does_not_arrive_whole_is_not_kept() -> None:
    data = picture()
    environ = RequestFactory().post("/", data=data, content_type="application/octet-stream").environ
    environ |= {"wsgi.input": BytesIO(data), "CONTENT_LENGTH": str(len(data) + 9), "HTTP_X_FILE_NAME": "a.png"}
    with pytest.raises(Refused) as told:
        take_body(WSGIRequest(environ), wanted=EVIDENCE)
    assert [one.code for one in told.value.findings] == ["evidence_cut_off"]
    assert "没有传完" in told.value.findings[0].message()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_too_large_is_said_before_a_byte_is_read(here: Scene, as_: LogIn) -> None:
    answer = send(as_(here.alice), here.entry.pk, "录像.mp4", b"x", CONTENT_LENGTH=str(201 * 1024 * 1024))
    assert answer.json()["findings"][0]["code"] == "file_bytes"


def test_replaced_described_removed_and_restored(here: Scene, as_: LogIn, worked: Callable[[], int]) -> None:
    client, pk = as_(here.alice), here.entry.pk
    send(client, pk, "合作协议.jpg", picture(1, "JPEG"), "?item=7")
    worked()
    one = here.entry.attachments.get(removed_at=None)
    base = f"/institution/{pk}/evidence/"
    linked = {"item": "4", "content": "租赁合同", "indicators": ["licence"], "valid_until": "2023-06-30"}
    assert client.post(f"{base}{one.pk}/describe/", linked).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.item, one.indicators) == ("附件04_租赁合同_1.jpg", 4, ["licence"])
    assert str(one.valid_until) == "2023-06-30"
    assert client.post(f"{base}{one.pk}/describe/", linked | {"valid_until": "明年"}).status_code == 422
    send(client, pk, "新的.jpg", picture(2, "JPEG"), f"?replaces={one.pk}")
    worked()
    new = here.entry.attachments.get(removed_at=None)
    assert (new.item, new.indicators, str(new.valid_until)) == (4, ["licence"], "2023-06-30")
    assert "合作协议.jpg" in client.get(f"{base}{new.pk}/").content.decode()
    client.post(f"{base}{new.pk}/remove/")
    assert not here.entry.attachments.filter(removed_at=None).exists()
    client.post(f"{base}{new.pk}/restore/")
    assert here.entry.attachments.get(removed_at=None) == new
    assert client.post(f"{base}{one.pk}/restore/").status_code == 422


def test_strangers_find_nothing_and_a_closed_report_takes_nothing(here: Scene, as_: LogIn) -> None:
    client, pk = as_(here.alice), here.entry.pk
    send(client, pk, "营业执照.jpg", picture(1, "JPEG"))
    token = Attachment.objects.get().file.token
    for user, status in ((here.bob, 404), (here.district, 403)):
        assert send(as_(user), pk, "a.jpg", picture(3, "JPEG")).status_code == status
        for address in (
            f"{pk}/evidence/",
            f"files/{token}/",
            f"files/{token}/download/",
            f"files/{token}/pages/1/page/",
        ):
            assert as_(user).get(f"/institution/{address}").status_code == status
    here.entry.state = "submitted"
    here.entry.save()
    assert send(client, pk, "b.jpg", picture(4, "JPEG")).status_code == 403
    assert Attachment.objects.count() == 1


def test_the_viewer_marks_its_pages_and_notes_each_look(here: Scene, as_: LogIn) -> None:
    client, pk = as_(here.alice), here.entry.pk
    send(client, pk, "营业执照.jpg", picture(1, "JPEG"))
    token = Attachment.objects.get().file.token
    assert client.get(f"/institution/files/{token}/?page=99999").status_code == 200
    drawn = client.get(f"/institution/files/{token}/pages/1/page/")
    plain = client.get(f"/institution/files/{token}/pages/1/thumb/")
    assert Image.open(BytesIO(drawn.content)).width > Image.open(BytesIO(plain.content)).width
    assert client.get(f"/institution/files/{token}/pages/2/page/").status_code == 404
    down = client.get(f"/institution/files/{token}/download/")
    assert b"".join(down.streaming_content) == picture(1, "JPEG")
    assert down["Content-Disposition"].startswith("attachment")
    assert down["Content-Security-Policy"].startswith("sandbox")
    assert list(Look.objects.order_by("pk").values_list("how", "by")) == [
        ("view", here.alice.pk),
        ("download", here.alice.pk),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_however_many_files(
    here: Scene, as_: LogIn, worked: Callable[[], int], count: int
) -> None:
    client, pk = as_(here.alice), here.entry.pk
    for seed in range(count):
        send(client, pk, f"照片{seed}.jpg", picture(seed + 1, "JPEG"), "?item=4")
    worked()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(f"/institution/{pk}/evidence/").status_code == 200
    assert len(asked) <= 22
