"""What the platform does not start with: each refusal by its own sentence, and the twin that is let through."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ceping.config import checks
from ceping.config.checks import BUILT_ON, Stand

SOUND = Stand(
    debug=False,
    demo=False,
    https=True,
    hosts=("ceping.example.gov.cn",),
    bind="10.0.0.5",
    database_url="postgresql://u@db/ceping",
    secret="".join(chr(48 + number % 60) for number in range(86)),
    proxies=1,
)
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- refused, not bound
ROOMY, FULL = (lambda _folder: (100, 95, 5)), (lambda _folder: (1000, 951, 49))


def test_a_sound_stand_starts() -> None:
    assert checks.before_start(SOUND) == []
    assert checks.before_start(replace(SOUND, debug=True, bind="127.0.0.1", hosts=())) == []
    assert checks.before_start(replace(SOUND, demo=True, bind="localhost", hosts=(), database_url="")) == []
    assert checks.before_start(replace(SOUND, https=False, hosts=("localhost",), proxies=0)) == []
    assert checks.before_start(replace(SOUND, https=False, hosts=(), bind="127.0.0.1", proxies=0)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"debug": True}, "CEPING_DEBUG_PAGES"),
        ({"debug": True, "hosts": ("localhost",), "bind": EVERYWHERE}, EVERYWHERE),
        ({"demo": True, "database_url": "", "hosts": ()}, "示范模式人人可登录"),
        ({"demo": True, "bind": "127.0.0.1"}, "DATABASE_URL"),
        ({"secret": "django-insecure-" + SOUND.secret}, "keys/secret"),
        ({"secret": "a" * 80}, "keys/secret"),
        ({"secret": SOUND.secret[:20]}, "keys/secret"),
        ({"https": False}, "CEPING_HTTPS"),
        ({"hosts": ("*",)}, "CEPING_HOSTS"),
        ({"proxies": 0}, "CEPING_PROXIES"),
        ({"hosts": (), "bind": EVERYWHERE}, "信件里的链接"),
    ],
    ids=str,
)
def test_each_setting_that_opens_the_house_is_refused(change: dict[str, object], said: str) -> None:
    told = checks.before_start(replace(SOUND, **change))  # type: ignore[arg-type]
    assert len(told) == 1
    assert said in told[0]
    assert "请" in told[0]


def test_a_full_disk_and_a_wrong_clock_are_refused(tmp_path: Path) -> None:
    assert checks.of_the_machine([tmp_path], NOW, ROOMY) == []
    (told,) = checks.of_the_machine([tmp_path], NOW, FULL)
    assert "5%" in told
    early = datetime(BUILT_ON.year, BUILT_ON.month, BUILT_ON.day, tzinfo=UTC).replace(year=BUILT_ON.year - 1)
    (told,) = checks.of_the_machine([tmp_path], early, ROOMY)
    assert "时钟" in told


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    # A file in its place, which not even root writes into as a folder.
    (tmp_path / "media").write_text("")
    (told,) = checks.of_the_machine([tmp_path / "media"], NOW, ROOMY)
    assert "写不进去" in told


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_database_that_forgets_is_refused(name: str) -> None:
    sound = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    assert checks.of_the_database(checks.durability_of(sound.__getitem__)) == []
    (told,) = checks.of_the_database(checks.durability_of((sound | {name: "off"}).__getitem__))
    assert name in told


def started(home: Path, **environ: str) -> SimpleNamespace:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CEPING_", "DATABASE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "ceping.config.prepare"],
        env=kept | {"CEPING_HOME": str(home)} | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return SimpleNamespace(code=done.returncode, said=done.stderr.strip(), out=done.stdout)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"CEPING_DEBUG_PAGES": "1", "CEPING_HOSTS": "a.gov.cn"}, "CEPING_DEBUG_PAGES"),
        ({"CEPING_HOSTS": "a.gov.cn", "CEPING_HTTPS": "0"}, "CEPING_HTTPS"),
        ({"CEPING_HOSTS": "a.gov.cn"}, "CEPING_PROXIES=1"),
        ({"CEPING_BIND": EVERYWHERE}, "CEPING_HOSTS"),
        ({"CEPING_DEMO": "1", "CEPING_BIND": EVERYWHERE}, "示范模式"),
        ({"CEPING_DEBUG_PAGES": "maybe"}, "CEPING_DEBUG_PAGES"),
        ({"DATABASE_URL": "postgresql://u@localhost/x"}, "keys"),
    ],
    ids=str,
)
def test_the_program_says_so_and_ends_with_two(tmp_path: Path, environ: dict[str, str], said: str) -> None:
    done = started(tmp_path / "home", **environ)
    assert done.code == 2
    assert said in done.said
    assert "Traceback" not in done.said
    # Refused before anything was opened: no database was made.
    assert not (tmp_path / "home" / "pg").exists()


def test_data_without_its_keys_is_refused_and_gets_no_new_ones(tmp_path: Path) -> None:
    (tmp_path / "pg" / "data").mkdir(parents=True)
    done = started(tmp_path)
    assert done.code == 2
    assert "keys 文件夹一并搬来" in done.said
    assert not (tmp_path / "keys" / "data.json").exists()


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    assert started(tmp_path, CEPING_DEMO="1", CEPING_BIND=EVERYWHERE).code == 2  # makes the keys, refuses the rest
    (tmp_path / "keys" / "data.json").chmod(0o644)
    done = started(tmp_path)
    assert done.code == 2
    assert "chmod 600" in done.said


def test_a_media_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("")
    done = started(tmp_path)
    assert done.code == 2
    assert "写不进去" in done.said
