"""Both packages of the demo season give its results byte for byte, and the public one holds no person in any byte."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from ceping.cli.main import main
from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import folder_of
from ceping.folder.columns import FILES
from ceping.folder.demo import write_demo
from ceping.folder.manifest import package_faults
from ceping.folder.public import FORMS
from tests.factories.canary import CANARY, seed_canaries

PUBLIC_FILES = [
    "adjudications.csv",
    "assessors.csv",
    "assignments.csv",
    "calls.csv",
    "clients.csv",
    "decisions.csv",
    "institutions.csv",
    "manifest.sha256",
    "marks.csv",
    "package.json",
    "points/cumulative.csv",
    "points/ledger.csv",
    "points/totals.csv",
    "results.json",
    "season.toml",
    "shops.csv",
    "values.csv",
]
HASH = re.compile(rb"[0-9a-f]{64}")
MOBILE = re.compile(rb"(?<![0-9.])1[3-9][0-9]{9}(?![0-9])")


@dataclass(frozen=True)
class Packed:
    """The demo season with its results, both packages and the zip file of the public one."""

    season: Path
    out: Path
    full: Path
    public: Path
    zip: Path
    canaries: int


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    place = tmp_path_factory.mktemp("packed")
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    write_demo(place / "season", institutions=16, seed=7, events=2000)
    canaries = seed_canaries(place / "season", scheme)
    made = Packed(
        *(place / name for name in ("season", "out", "full", "public", "public.zip")),
        canaries=canaries,
    )
    season = str(made.season)
    assert main(["evaluate", season, "--out", str(made.out)]) == 0
    assert main(["package", season, "--out", str(made.full), "--results", str(made.out)]) == 0
    assert main(["package", season, "--out", str(made.public), "--public", "--zip", str(made.zip)]) == 0
    return made


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def scheme_files(name: str = "shanghai-2021") -> list[str]:
    source = folder_of(name)
    assert source is not None
    return [f"scheme/{path.relative_to(source).as_posix()}" for path in source.rglob("*") if path.is_file()]


def test_both_packages_give_the_results_byte_for_byte(packed: Packed, tmp_path: Path) -> None:
    wanted = (packed.out / "results.json").read_bytes()
    for package in (packed.full, packed.public):
        assert (package / "results.json").read_bytes() == wanted
        assert main(["evaluate", str(package), "--out", str(tmp_path / package.name)]) == 0
        assert (tmp_path / package.name / "results.json").read_bytes() == wanted


def test_points_and_draws_come_out_of_the_public_package_too(packed: Packed, tmp_path: Path) -> None:
    assert main(["evaluate", str(packed.public), "--out", str(tmp_path / "out")]) == 0
    for name in ("points/ledger.csv", "points/totals.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (packed.out / name).read_bytes()
    drawn, wanted = (
        [
            (one["uscc"], one["draw"], one["counts"])
            for one in json.loads((out / "verification.json").read_text())["institutions"]
        ]
        for out in (tmp_path / "out", packed.out)
    )
    assert drawn == wanted


def test_the_full_package_holds_every_input_and_attachment_and_nothing_else(packed: Packed) -> None:
    inputs = state(packed.season)
    inputs.pop(".demo-season.json")
    found = state(packed.full)
    assert {name: found.get(name) for name in inputs} == inputs
    own = {"manifest.sha256", "package.json", "results.json", *scheme_files()}
    assert set(found) == set(inputs) | own


def test_the_public_package_holds_these_files_alone(packed: Packed) -> None:
    assert sorted(state(packed.public)) == sorted([*PUBLIC_FILES, *scheme_files()])


def test_no_byte_of_the_public_package_names_a_person(packed: Packed) -> None:
    institutions = {path.name for path in (packed.season / "institutions").iterdir()}
    attachments = {path.name for path in packed.season.glob("institutions/*/attachments/*")}
    assert (len(institutions), len(attachments) > 10, packed.canaries > 2000) == (16, True, True)
    words = [CANARY, "canary", "@example", "13:57", *attachments]
    for name, content in [*state(packed.public).items(), ("zip", packed.zip.read_bytes())]:
        if name.startswith("scheme/"):
            continue  # the shipped scheme, word for word
        assert [word for word in words if word.encode() in content] == [], name
        assert MOBILE.findall(HASH.sub(b"", content)) == [], name


def test_the_scan_for_persons_finds_them_where_they_are(packed: Packed) -> None:
    """The twin of the test above: without pseudonymising every one of its words is found."""
    whole = b"".join(content for _, content in sorted(state(packed.full).items()))
    attachments = {path.name for path in packed.season.glob("institutions/*/attachments/*")}
    assert [word for word in [CANARY, "canary", "@example", "13:57", *attachments] if word.encode() not in whole] == []
    assert len(MOBILE.findall(HASH.sub(b"", whole))) > 800


def test_results_of_the_season_itself_name_no_person(packed: Packed) -> None:
    content = (packed.out / "results.json").read_bytes()
    assert (CANARY.encode() in content, MOBILE.findall(HASH.sub(b"", content))) == (False, [])
    assert b"mark:A01" in content


def test_the_only_free_text_of_the_public_tables_is_the_institutions_name() -> None:
    texts = {(form.name, column.name) for form in FORMS.values() for column in form.columns if column.type == "text"}
    assert texts == {
        ("institutions.csv", "name"),
        ("history.csv", "grade"),  # a word of the scheme (checked)
        *(("values.csv", name) for name in ("value", "source", "note")),
    }
    assert {form.open_prefix for form in FORMS.values()} == {"", "q_"}
    assert set(FORMS) - {file.name for file in FILES} == {"values.csv"}


def test_assessors_stand_under_pseudonyms_in_the_order_of_their_ids(packed: Packed) -> None:
    lines = (packed.public / "assessors.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["assessor_id", *(f"A{number:02d}" for number in range(1, len(lines)))]
    ids = (packed.season / "assessors.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(ids) == len(lines) - 1


def test_sha256sum_agrees(packed: Packed) -> None:
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum here")
    for package in (packed.full, packed.public):
        done = subprocess.run([program, "--check", "--strict", "--quiet", "manifest.sha256"], cwd=package, check=False)
        assert done.returncode == 0


def test_the_manifest_is_sorted_and_whole(packed: Packed) -> None:
    for package in (packed.full, packed.public):
        files = state(package)
        lines = files.pop("manifest.sha256").decode().splitlines()
        assert lines == [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]
        assert package_faults(package) == []


def test_the_zip_file_holds_the_package_with_one_date(packed: Packed) -> None:
    with zipfile.ZipFile(packed.zip) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == state(packed.public)
        assert archive.namelist() == sorted(archive.namelist())
        assert {(one.date_time, one.compress_type) for one in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_packing_again_gives_the_same_bytes(packed: Packed, tmp_path: Path) -> None:
    again, archive = tmp_path / "again", tmp_path / "again.zip"
    words = ["package", str(packed.season), "--out", str(again), "--public", "--zip", str(archive)]
    assert main(words) == 0
    assert main(words) == 0
    assert state(again) == state(packed.public)
    assert archive.read_bytes() == packed.zip.read_bytes()


def test_a_public_package_of_the_full_one_is_that_of_the_season(packed: Packed, tmp_path: Path) -> None:
    assert main(["package", str(packed.full), "--out", str(tmp_path / "public"), "--public"]) == 0
    assert state(tmp_path / "public") == state(packed.public)
