"""The inventory of bad files through the pages: taken or refused kindly, nothing half done, no page broken."""

import importlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from testbed.scene import Scene

from ceping.ground.files.models import File
from ceping.ground.people.models import User
from ceping.ground.work.models import OVER, Job
from tests.web.institution.papers import as_, worked

__all__ = ["as_", "worked"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
_TABLE = tomllib.loads((Path(__file__).parents[2] / "documents/corpus/cases.toml").read_text(encoding="utf-8"))
# Where a table has its own intake the gate of evidence only sees what kind of file it is: once is enough.
MAKERS = sorted({(case["number"], case["make"]) for case in _TABLE["case"]})


@pytest.mark.parametrize(("number", "make"), MAKERS, ids=[f"{one}-{make.split(':')[1]}" for one, make in MAKERS])
def test_a_bad_file_breaks_no_page(
    here: Scene, as_: Callable[[User], Client], worked: Callable[[], int], tmp_path: Path, number: str, make: str
) -> None:
    assert number.startswith(("B", "-"))
    module, _, name = make.partition(":")
    path: Path = getattr(importlib.import_module(f"tests.factories.{module}"), name)(tmp_path, "127.0.0.1:9")
    client, data, root = as_(here.alice), path.read_bytes(), f"/institution/{here.entry.pk}/"
    raw = client.post(
        f"{root}evidence/add/?item=4",
        data=data,
        content_type="application/octet-stream",
        headers={"x-file-name": quote(path.name)},
    )
    assert raw.status_code in (200, 422)
    if raw.status_code == 422:
        # Without a byte Django's client names no kind of body, and the form's page answers.
        assert not data or all(one["message"] and one["remedy"] for one in raw.json()["findings"])
        assert not File.objects.exists()
        assert [left for left in Path(settings.MEDIA_ROOT).rglob("*") if left.is_file()] == []
    sent = client.post(f"{root}word/", {"file": SimpleUploadedFile(path.name, data)})
    assert sent.status_code in (302, 422)
    worked()
    for job in Job.objects.all():
        assert job.state in OVER
        assert "work_broke" not in [one["code"] for one in job.findings]
    pages = [
        f"{root}evidence/",
        f"{root}word/",
        *(f"{root}word/{job.token}/" for job in Job.objects.filter(kind="read_word")),
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    for file in File.objects.all():
        assert client.get(f"/institution/files/{file.token}/").status_code == 200
        assert client.get(f"/institution/files/{file.token}/pages/1/page/").status_code in (200, 404)
