"""Dossiers: everything of an institution in one archive, the same bytes every time, also after a kill."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ceping.cli.main import main
from ceping.folder.demo import write_demo


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dossiers") / "season"
    write_demo(folder, institutions=5, seed=7, events=50)
    return folder


@pytest.fixture(scope="module")
def whole(season: Path) -> Path:
    out = season.parent / "whole"
    assert main(["dossier", str(season), "--out", str(out), "--zip", str(out.parent / "all.zip")]) == 0
    return out


def hashes(out: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}


def test_all_of_an_institution(season: Path, whole: Path) -> None:
    uscc = min(path.name for path in (season / "institutions").iterdir())
    (path,) = whole.glob(f"{uscc}_*.zip")
    root = path.stem
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        listed = archive.read(f"{root}/manifest.sha256").decode().splitlines()
        for line in listed:
            digest, name = line.split("  ", 1)
            assert hashlib.sha256(archive.read(f"{root}/{name}")).hexdigest() == digest
        report = json.loads(archive.read(f"{root}/report.json"))
        pdf = next(name for name in names if name.endswith(".pdf"))
        assert archive.read(pdf).startswith(b"%PDF-")
        assert archive.read(pdf.replace(".pdf", ".docx")).startswith(b"PK")
    assert len(listed) == len(names) - 1
    attached = {name.rpartition("/")[2] for name in names if "/附件/" in name}
    assert attached == {one["file"] for one in report["attachments"]}


def test_the_folder_and_the_whole_agree_with_their_lists(whole: Path) -> None:
    lines = (whole / "manifest.sha256").read_text(encoding="utf-8").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert told == {name: digest for name, digest in hashes(whole).items() if name != "manifest.sha256"}
    with zipfile.ZipFile(whole.parent / "all.zip") as archive:
        assert sum(name.endswith(".zip") for name in archive.namelist()) == 5
        inner = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in told}
    assert inner == told


def test_the_same_bytes_again_and_what_changed_alone_is_made(
    season: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dossier", str(season), "--out", str(tmp_path / "one"), "--workers", "1"]) == 0
    assert hashes(tmp_path / "one") == hashes(whole)
    victim = sorted((tmp_path / "one").glob("*.zip"))[2]
    before = hashes(tmp_path / "one")
    victim.write_bytes(victim.read_bytes()[:-1])
    capsys.readouterr()
    assert main(["dossier", str(season), "--out", str(tmp_path / "one"), "--workers", "1"]) == 0
    assert "其中 4 个先前已做好" in capsys.readouterr().out
    assert hashes(tmp_path / "one") == before


def _tracker_is_done(said: Path) -> None:
    """Nobody holds the file open any more: what swept up after the killed run has said what it would."""
    for _ in range(200):
        open_files = (link for link in Path("/proc").glob("[0-9]*/fd/*") if link.is_symlink())
        if not any(_target(link) == str(said) for link in open_files):
            return
        time.sleep(0.05)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


@pytest.mark.slow
def test_a_killed_run_is_gone_on_with(season: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "ceping", "dossier", str(season), "--out", str(out), "--workers", "1"]
    said = tmp_path / "said.txt"
    with said.open("wb") as stream:
        run = subprocess.Popen(command, stdout=stream, stderr=stream)
    for _ in range(600):
        if any(out.glob("*.zip")) and (out / ".journal.jsonl").is_file():
            break
        time.sleep(0.05)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    _tracker_is_done(said)
    assert said.read_text(encoding="utf-8") == ""
    done = {path.name: path.stat().st_mtime_ns for path in out.glob("*.zip")}
    assert 1 <= len(done) < 5
    assert not (out / "manifest.sha256").exists()
    # What lies half done, and a line of the journal that was cut off, do not matter.
    (out / ".parts" / "half").mkdir(parents=True, exist_ok=True)
    (out / ".parts" / "half" / "x.zip").write_bytes(b"PK")
    with (out / ".journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write('{"key": "9131')
    assert main(["dossier", str(season), "--out", str(out)]) == 0
    assert hashes(out) == hashes(whole)
    kept = {name: (out / name).stat().st_mtime_ns for name in done}
    assert sum(kept[name] == moment for name, moment in done.items()) >= len(done) - 1


def test_one_institution_beside_the_others(season: Path, whole: Path, tmp_path: Path) -> None:
    usccs = sorted(path.name for path in (season / "institutions").iterdir())
    out = tmp_path / "out"
    for uscc in usccs[:2]:
        assert main(["dossier", str(season), "--out", str(out), "--institution", uscc, "--workers", "1"]) == 0
    assert {path.name for path in out.glob("*.zip")} == {
        path.name for path in whole.glob("*.zip") if path.name.startswith(tuple(usccs[:2]))
    }
    assert main(["dossier", str(season), "--out", str(out), "--institution", "91310199MADE00099X"]) == 2


def test_reports_that_are_absent_or_wrong(season: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil  # noqa: PLC0415

    copy = tmp_path / "season"
    shutil.copytree(season, copy)
    first, second, third = sorted((copy / "institutions").iterdir())[:3]
    (first / "report.json").unlink()
    report = json.loads((second / "report.json").read_text(encoding="utf-8"))
    report["answers"]["legal_name"] = ""
    (second / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    picture = min((third / "attachments").iterdir())
    picture.write_bytes(picture.read_bytes() + b"x")
    sorted((third / "attachments").iterdir())[1].unlink()
    capsys.readouterr()
    assert main(["dossier", str(copy), "--out", str(tmp_path / "out"), "--json"]) == 1
    told = {one["code"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert told == {"dossier_no_report", "dossier_draft", "attachment_changed", "attachment_absent"}
    assert len(list((tmp_path / "out").glob("*.zip"))) == 4
    with zipfile.ZipFile(next((tmp_path / "out").glob(f"{second.name}_*.zip"))) as archive:
        assert any("草稿" in name for name in archive.namelist())


def test_places_that_will_not_do(season: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "letter.txt").write_text("mine", encoding="utf-8")
    for out in (tmp_path / "foreign", season, season / "inside"):
        assert main(["dossier", str(season), "--out", str(out)]) == 2
    assert main(["dossier", str(tmp_path / "nowhere"), "--out", str(tmp_path / "x")]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "foreign").iterdir()] == ["letter.txt"]
