"""A package that changed in one byte, lost or gained a file is refused by that file's name, and nothing is written."""

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ceping.cli.main import main
from ceping.core.scheme.shipped import hash_of
from ceping.folder.columns import FILES
from ceping.folder.manifest import is_listable, package_faults, write_manifest
from ceping.folder.output import Refused
from ceping.folder.pseudonym import pseudonyms
from tests.factories.season import BING, CASE, JIA, Trial

Found = list[tuple[str, str]]


def pack(trial: Trial, *options: str, out: str = "package") -> int:
    place = trial.folder.parent / out
    return main(["package", str(trial.folder), "--out", str(place), "--scheme", str(CASE / "scheme"), *options])


@pytest.fixture(params=["full", "public"])
def package(trial: Trial, request: pytest.FixtureRequest) -> Path:
    assert pack(trial, *(["--public"] if request.param == "public" else [])) == 0
    return trial.folder.parent / "package"


def found(trial: Trial, package: Path) -> tuple[int, Found]:
    """The exit code of evaluating the package, and code and file of every error; nothing may have been written."""
    trial.told()
    code = main(["evaluate", str(package), "--out", str(trial.out), "--json"])
    told = json.loads(trial.told())["findings"]
    assert not trial.out.exists()
    return code, [(one["code"], one["file"]) for one in told if one["level"] == "error"]


def files(package: Path) -> list[str]:
    return sorted(path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file())


def test_both_give_the_results_of_the_season(trial: Trial, package: Path) -> None:
    assert trial.evaluate() == 0
    wanted = (trial.out / "results.json").read_bytes()
    assert main(["evaluate", str(package), "--out", str(trial.out)]) == 0
    assert (trial.out / "results.json").read_bytes() == wanted == (package / "results.json").read_bytes()


def test_every_file_changed_lost_or_added_is_named(trial: Trial, package: Path) -> None:
    for name in files(package):
        path = package / name
        if name == "manifest.sha256":
            continue
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if content else b"x")
        assert found(trial, package) == (1, [("package_file_changed", name)])
        path.unlink()
        assert found(trial, package) == (1, [("package_file_missing", name)])
        path.write_bytes(content)
    for name in ("events.jsonl", "scheme/.hidden", "points/rejected.csv"):
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_bytes(b"")
        assert found(trial, package) == (1, [("package_file_added", name)])
        (package / name).unlink()


def test_links_are_no_files_of_a_package(trial: Trial, package: Path, tmp_path: Path) -> None:
    shutil.copyfile(package / "marks.csv", tmp_path / "elsewhere.csv")
    (package / "marks.csv").unlink()
    (package / "marks.csv").symlink_to(tmp_path / "elsewhere.csv")
    (package / "more").symlink_to(tmp_path)
    assert found(trial, package) == (1, [("package_file_changed", "marks.csv"), ("package_file_added", "more")])


@pytest.mark.parametrize(
    "text",
    [
        *("x", "\n", "0" * 64 + " marks.csv\n", "0" * 64 + "  marks.csv", "A" * 64 + "  marks.csv\n"),
        *("0" * 64 + "  ../marks.csv\n", "0" * 64 + "  /marks.csv\n", "0" * 64 + "  a//b\n", "0" * 64 + "  a\\b\n"),
        ("0" * 64 + "  marks.csv\n") * 2,
    ],
)
def test_a_manifest_that_is_no_list_of_files_cannot_be_read(trial: Trial, package: Path, text: str) -> None:
    (package / "manifest.sha256").write_text(text, encoding="utf-8")
    assert found(trial, package) == (2, [("package_unreadable", "manifest.sha256")])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x80" * 99])
def test_a_manifest_in_no_encoding_cannot_be_read(trial: Trial, package: Path, content: bytes) -> None:
    (package / "manifest.sha256").write_bytes(content)
    assert found(trial, package) == (2, [("package_unreadable", "manifest.sha256")])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"encoding": "latin-1"}', "[" * 100_000])
def test_a_marker_that_says_nothing_cannot_be_read(trial: Trial, package: Path, text: str) -> None:
    (package / "package.json").write_text(text, encoding="utf-8")
    write_manifest(package)
    assert found(trial, package) == (2, [("package_unreadable", "package.json")])


def resealed(package: Path, name: str, change: Callable[[str], str]) -> None:
    text = (package / name).read_text(encoding="utf-8")
    assert change(text) != text
    (package / name).write_text(change(text), encoding="utf-8")
    write_manifest(package)


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "file"),
    [
        ("results.json", '"81.44"', '"91.44"', "package_results_differ", "results.json"),
        ("marks.csv", ",9,", ",8.5,", "package_results_differ", "results.json"),
        ("scheme/outcome.toml", "手算 条件一", "手算 条件", "scheme_hash_differs", "season.toml"),
    ],
)
def test_a_package_sealed_again_must_still_agree_with_itself(
    trial: Trial, package: Path, name: str, old: str, new: str, code: str, file: str
) -> None:
    resealed(package, name, lambda text: text.replace(old, new, 1))
    assert found(trial, package) == (1, [(code, file)])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("distinct_clients,verified,4", "distinct_clients,verified,5", "package_results_differ"),
        ("distinct_clients,verified,4", "distinct_clients,verified,4e1", "cell_not_number"),
        ("distinct_clients,verified,4", "nobody,verified,4", "given_unknown"),
        ("distinct_clients,verified,4", "distinct_clients,known,4", "cell_choice"),
        ("distinct_clients,verified,4", "orders,platform,4", "metric_computed"),
    ],
)
def test_stored_values_are_read_strictly(trial: Trial, old: str, new: str, code: str) -> None:
    assert pack(trial, "--public") == 0
    package = trial.folder.parent / "package"
    resealed(package, "values.csv", lambda text: text.replace(f"{JIA},{old}", f"{JIA},{new}", 1))
    exit_code, told = found(trial, package)
    assert (exit_code, told[0][0]) == (1, code)


def test_stored_points_are_read_strictly(trial: Trial) -> None:
    assert pack(trial, "--public") == 0
    package = trial.folder.parent / "package"
    resealed(package, "points/totals.csv", lambda text: text.replace("star", "moon", 1))
    assert found(trial, package) == (1, [("cell_choice", "points/totals.csv")])
    (package / "points/totals.csv").unlink()
    write_manifest(package)
    assert found(trial, package) == (1, [("season_file_missing", "points/totals.csv")])


def test_a_public_package_needs_its_manifest_and_is_packed_no_further(trial: Trial) -> None:
    assert pack(trial, "--public") == 0
    package = trial.folder.parent / "package"
    trial.told()
    assert main(["package", str(package), "--out", str(trial.out), "--public", "--json"]) == 1
    assert [one["code"] for one in json.loads(trial.told())["findings"]] == ["package_of_public"]
    (package / "manifest.sha256").unlink()
    assert found(trial, package) == (1, [("pseudonymised_unread", "season.toml")])


def test_the_order_of_rows_changes_no_byte_of_a_public_package(trial: Trial) -> None:
    assert pack(trial, "--public", out="one") == 0
    order = random.Random(5)  # noqa: S311 -- a shuffle, no secret
    for name in [file.name for file in FILES] + ["events.csv"]:
        if (trial.folder / name).is_file():
            header, *rows = trial.rows(name)
            order.shuffle(rows)
            trial.write_rows(name, [header, *rows])
    assert pack(trial, "--public", out="two") == 0
    one, two = (trial.folder.parent / name for name in ("one", "two"))
    assert files(one) == files(two)
    assert [name for name in files(one) if (one / name).read_bytes() != (two / name).read_bytes()] == []


def test_a_gb18030_season_is_packed_and_read_again_as_it_was(trial: Trial) -> None:
    for name in ("marks.csv", "institutions.csv", "clients.csv"):
        (trial.folder / name).write_bytes(trial.text(name).encode("gb18030"))
    assert pack(trial, "--encoding", "gb18030") == 0
    package = trial.folder.parent / "package"
    assert (package / "clients.csv").read_bytes() == (trial.folder / "clients.csv").read_bytes()
    assert main(["evaluate", str(package), "--out", str(trial.out)]) == 0
    assert pack(trial, "--encoding", "gb18030", "--public", out="public") == 0
    assert "上海甲服务有限公司" in (trial.folder.parent / "public" / "institutions.csv").read_text(encoding="utf-8")


def test_a_season_with_errors_or_gaps_is_not_packed(trial: Trial) -> None:
    trial.replace("marks.csv", f"{JIA},quality,A1,8,,", f"{JIA},quality,A1,,,")
    assert pack(trial) == 1
    assert "有错误，没有写出包。" in trial.told()
    assert not (trial.folder.parent / "package").exists()


def test_results_published_before_must_come_out_again(trial: Trial) -> None:
    assert trial.evaluate() == 0
    assert pack(trial, "--results", str(trial.out)) == 0
    shutil.rmtree(trial.folder.parent / "package")
    trial.replace("marks.csv", f"{JIA},quality,A2,9,,", f"{JIA},quality,A2,8,,")
    assert pack(trial, "--results", str(trial.out)) == 1
    assert not (trial.folder.parent / "package").exists()
    assert pack(trial, "--results", str(trial.folder)) == 1


def test_where_a_package_may_be_written(trial: Trial) -> None:
    place = trial.folder.parent
    (place / "foreign").mkdir()
    (place / "foreign" / "letter.txt").write_text("x", encoding="utf-8")
    assert pack(trial, out="foreign") == 2
    assert [path.name for path in (place / "foreign").iterdir()] == ["letter.txt"]
    assert pack(trial, out="season/package") == 2
    (place / "empty").mkdir()
    assert pack(trial, out="empty") == 0
    assert pack(trial, "--public", out="empty") == 0
    assert not (place / "empty" / "institutions").exists()
    with zipfile.ZipFile(place / "foreign" / "others.zip", "w") as archive:
        archive.writestr("letter.txt", "x")
    for zip_to in (
        "season/p.zip",
        "empty/p.zip",
        "nowhere/p.zip",
        "foreign/letter.txt",
        "foreign/others.zip",
        "foreign",
    ):
        assert pack(trial, "--zip", str(place / zip_to), out="empty") == 2, zip_to
    assert pack(trial, "--zip", str(place / "p.zip"), out="empty") == 0
    first = (place / "p.zip").read_bytes()
    assert pack(trial, "--zip", str(place / "p.zip"), out="empty") == 0
    assert (place / "p.zip").read_bytes() == first
    assert sorted(path.name for path in place.iterdir()) == ["empty", "foreign", "p.zip", "season"]


def test_a_waiver_stands_in_the_public_package_without_its_reason(trial: Trial) -> None:
    assert pack(trial, "--public") == 0
    lines = (trial.folder.parent / "package" / "decisions.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "uscc,kind,rule_id,effect,by_role,on"
    assert [line.split(",")[:5] for line in lines[1:]] == [[BING, "waiver", "two-clients", "waive", "organiser"]]


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=20)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(NAMES, st.binary(max_size=40), min_size=1, max_size=5), st.data())
def test_any_change_of_any_listed_file_is_found(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("sealed")
    kept = {f"f{number}{name}": text for number, (name, text) in enumerate(content.items())}
    kept = {name: text for name, text in kept.items() if is_listable(name)}
    for name, text in kept.items():
        (folder / name).write_bytes(text)
    write_manifest(folder)
    assert package_faults(folder) == []
    if kept:
        name = data.draw(st.sampled_from(sorted(kept)))
        other = data.draw(st.binary(max_size=40).filter(lambda text: text != kept[name]))
        (folder / name).write_bytes(other)
        assert [(one.code, one.file) for one in package_faults(folder)] == [("package_file_changed", name)]


def test_a_manifest_out_of_reach_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        package_faults(tmp_path)


@given(st.sets(st.text(min_size=1, max_size=6), max_size=120))
def test_pseudonyms_follow_the_order_of_ids_and_are_their_own(ids: set[str]) -> None:
    found = pseudonyms(ids)
    assert [found[one] for one in sorted(ids)] == sorted(found.values())
    assert len(set(found.values())) == len(ids)
    assert pseudonyms(found.values()) == {one: one for one in found.values()}


def test_pseudonyms_have_as_many_digits_as_the_last_one_needs() -> None:
    assert pseudonyms(["b", "a", "b"]) == {"a": "A01", "b": "A02"}
    found = pseudonyms(f"{number:03d}" for number in range(100))
    assert (found["000"], found["099"], sorted(found.values())) == ("A001", "A100", list(found.values()))
    assert pseudonyms(found.values()) == {one: one for one in found.values()}


def test_words_of_institutions_that_a_metric_reads_are_told_before_publishing(trial: Trial, tmp_path: Path) -> None:
    scheme = tmp_path / "scheme"
    shutil.copytree(CASE / "scheme", scheme)
    old = hash_of(scheme)
    with (scheme / "indicators.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            '\n[metric.head]\ntitle = "负责人"\ntype = "choice"\nuse = "claimed"\n'
            'claimed = { kind = "field", field = "head" }\n'
        )
    trial.replace("season.toml", old, hash_of(scheme))
    for options, wanted in ((["--public"], [("package_free_text", "metric.head")]), ([], [])):
        trial.told()
        words = ["package", str(trial.folder), "--out", str(tmp_path / "package"), "--scheme", str(scheme), "--json"]
        assert main([*words, *options]) == 0
        told = json.loads(trial.told())["findings"]
        assert [(one["code"], one["place"]) for one in told if one["code"] == "package_free_text"] == wanted


def test_shops_of_others_are_no_part_of_a_public_package(trial: Trial) -> None:
    header, first, *_ = trial.rows("shops.csv")
    other = dict(zip(header, first, strict=True)) | {"shop_id": "elsewhere"}
    trial.append("shops.csv", ",".join(other.values()))
    assert pack(trial, "--public") == 0
    package = trial.folder.parent / "package"
    assert [name for name in files(package) if b"elsewhere" in (package / name).read_bytes()] == []
    assert trial.evaluate() == 0
    assert "elsewhere" in (trial.out / "points" / "totals.csv").read_text(encoding="utf-8")
