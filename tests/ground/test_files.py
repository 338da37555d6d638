"""The gate of files: looked at, kept once by hash, refused with reasons and without a trace."""

import os
import time
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from testbed.scene import Scene, scene

from ceping.documents.inspection.kind import Kind
from ceping.ground.files import shown, tasks
from ceping.ground.files.actions import EVIDENCE, add_file, bytes_of, remove_unclaimed, take_in
from ceping.ground.files.models import Blob
from ceping.ground.people.access import Refused
from tests.factories.scan import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Scene:
    return scene()


def jpeg(seed: int = 1) -> bytes:
    stream = BytesIO()
    page(seed, width=165, height=233).save(stream, "JPEG")
    return stream.getvalue()


def lying() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_same_bytes_lie_once_however_many_files_name_them(here: Scene, now: datetime) -> None:
    data = jpeg()
    for owner in (here.institution, here.other):
        arrived = take_in([data[:10], data[10:]], name="营业执照.jpg", wanted=EVIDENCE)
        file = add_file(arrived=arrived, purpose="evidence", institution=owner, by=here.alice, at=now)
        assert bytes_of(file).read_bytes() == data
        assert bytes_of(file).stat().st_mode & 0o777 == 0o600
    assert Blob.objects.count() == 1
    assert len(lying()) == 1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.jpg", b"", "file_empty"),
        ("页面.jpg", b"<html><script>alert(1)</script></html>", "file_markup"),
        ("报告.pdf.exe", b"MZ" + b"\0" * 200, "file_program"),
        ("表.csv", "名称,电话\n".encode(), "file_unwanted"),
    ],
)
def test_what_is_refused_leaves_nothing(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as told:
        take_in([data], name=name, wanted=EVIDENCE)
    assert code in [finding.code for finding in told.value.findings]
    assert lying() == []


def test_a_sender_who_breaks_off_leaves_nothing() -> None:
    def pieces() -> object:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        take_in(pieces(), name="x.pdf", wanted={Kind.PDF})  # type: ignore[arg-type]
    assert lying() == []


def test_what_a_crash_left_is_collected_and_nothing_else(here: Scene, now: datetime) -> None:
    kept = take_in([jpeg()], name="留.jpg", wanted=EVIDENCE)
    file = add_file(arrived=kept, purpose="evidence", institution=here.institution, by=here.alice, at=now)
    take_in([jpeg(seed=2)], name="丢.jpg", wanted=EVIDENCE)
    later = datetime.now(tz=now.tzinfo) + timedelta(days=1)
    assert remove_unclaimed(before=later) == 1
    assert lying() == [bytes_of(file)]


def test_pictures_drawn_long_ago_go_and_are_drawn_again(here: Scene, now: datetime) -> None:
    arrived = take_in([jpeg()], name="执照.jpg", wanted=EVIDENCE)
    file = add_file(arrived=arrived, purpose="evidence", institution=here.institution, by=here.alice, at=now)
    first = shown.page_picture(file, 1, width=160)
    assert shown.pages_of(file) == 1
    drawn = Path(settings.MEDIA_ROOT) / "shown"
    old, young = sorted(path for path in drawn.rglob("*") if path.is_file())
    for path, age in ((old, timedelta(days=14, seconds=1)), (young, timedelta(days=13))):
        moment = (now - age).timestamp()
        os.utime(path, (moment, moment))
    before = now - timedelta(days=tasks.DRAWN_DAYS)
    assert shown.remove_drawn(before=before) == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert bytes_of(file).exists()
    assert shown.page_picture(file, 1, width=160) == first
    # Everything gone: no empty folder stays, and a second night finds nothing.
    assert shown.remove_drawn(before=datetime.now(tz=now.tzinfo) + timedelta(days=1)) == 2
    assert not drawn.exists()
    assert shown.remove_drawn(before=before) == 0
    assert lying() == [bytes_of(file)]


def test_the_night_removes_what_is_older_than_a_fortnight(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    folder = Path(settings.MEDIA_ROOT) / "shown/ab/abc"
    folder.mkdir(parents=True)
    for name, days in (("1-1200.jpg", 15), ("2-1200.jpg", 13)):
        (folder / name).write_bytes(b"x")
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(folder / name, (moment, moment))
    assert tasks.remove_drawn_daily(timestamp=0) == 1
    assert [path.name for path in lying()] == ["2-1200.jpg"]


def test_the_night_removes_bytes_without_a_row_unless_they_came_again(
    here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test's own transaction lives on the connection that a worker would close.
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    kept = take_in([jpeg()], name="留.jpg", wanted=EVIDENCE)
    file = add_file(arrived=kept, purpose="evidence", institution=here.institution, by=here.alice, at=now)
    for seed in (2, 3):
        take_in([jpeg(seed=seed)], name="丢.jpg", wanted=EVIDENCE)
    long_ago = time.time() - tasks.UNCLAIMED_DAYS * 86_400 - 60
    for path in lying():
        os.utime(path, (long_ago, long_ago))
    again = take_in([jpeg(seed=3)], name="又来.jpg", wanted=EVIDENCE)
    assert tasks.remove_unclaimed_daily(timestamp=0) == 1
    assert {path.name for path in lying()} == {bytes_of(file).name, again.sha256}
