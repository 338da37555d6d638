"""Which folder a name means, what the hash covers, what two versions differ in, and that schemas stay current."""

import hashlib
import json
import shutil
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import ceping
from ceping.core.scheme import shipped
from ceping.core.scheme.comparing import Difference, differences
from ceping.core.scheme.loading import FILES, OPTIONAL, Scheme, json_schema_of, load, load_folder
from ceping.core.scheme.shipped import FILE_NAMES, folder_of, hash_of, shipped_folders

GOOD = Path(ceping.__file__).parent / "schemes" / "shanghai-2021"
SCHEMAS = Path(__file__).parents[2] / "docs/reference/schema"


def copied(tmp_path: Path, name: str = "copy") -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / name))


def loaded(folder: Path) -> Scheme:
    scheme, findings = load_folder(folder)
    assert findings == []
    assert scheme is not None
    return scheme


def test_every_shipped_folder_is_the_scheme_it_is_named_after() -> None:
    found = {label: load(label)[0] for label in shipped_folders()}
    assert {label: scheme.label for label, scheme in found.items() if scheme} == {label: label for label in found}
    assert "shanghai-2021@1" in found


def test_a_bare_id_is_the_highest_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "SHIPPED", tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("plan", "plan@2", "plan@10", "plan-b@11", "draft@x"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scheme.toml").write_text("", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert list(shipped_folders()) == ["plan@1", "plan@2", "plan@10", "plan-b@11"]
    wanted = {"plan": "plan@10", "plan@1": "plan", "plan@2": "plan@2", "plan-b": "plan-b@11"}
    assert {name: folder_of(name) for name in wanted} == {name: tmp_path / real for name, real in wanted.items()}
    assert folder_of("plan@3") is None
    assert folder_of("./plan@2") == Path("plan@2")


@pytest.mark.parametrize(
    "name", ["no-such", "shanghai-2021@9", "/no/such", pytest.param("x" * 5000, id="long"), "\x00", "a\nb"]
)
def test_an_unknown_name_is_a_finding(name: str) -> None:
    scheme, findings = load(name)
    assert scheme is None
    assert [finding.code for finding in findings] == ["scheme_unknown"]


def test_the_hash_is_what_sha256sum_prints() -> None:
    lines = "".join(
        f"{hashlib.sha256((GOOD / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(FILE_NAMES)
    )
    assert hash_of(GOOD) == hashlib.sha256(lines.encode()).hexdigest()
    assert set(FILES) == set(FILE_NAMES)


@pytest.mark.parametrize("name", FILE_NAMES)
def test_any_byte_of_any_file_changes_the_hash(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    whole = (folder / name).read_bytes()
    hashes = {hash_of(folder)}
    for changed in (whole + b"\n", whole.replace(b"\n", b"\r\n"), whole[:-1], b"\xef\xbb\xbf" + whole, b"#" + whole):
        (folder / name).write_bytes(changed)
        hashes.add(hash_of(folder))
    assert len(hashes) == 6


def test_two_files_exchanged_change_the_hash(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    one, two = (folder / "outcome.toml").read_bytes(), (folder / "summary.toml").read_bytes()
    (folder / "outcome.toml").write_bytes(two)
    (folder / "summary.toml").write_bytes(one)
    assert hash_of(folder) != hash_of(GOOD)


def test_worked_cases_and_hidden_files_are_no_part_of_the_hash(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "more.toml").write_text("x = 1", encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"\x00")
    assert hash_of(folder) == hash_of(GOOD)
    assert loaded(folder).sha256 == hash_of(GOOD)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_and_a_byte_order_mark_change_no_meaning(end: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for name in FILE_NAMES:
        raw = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xef\xbb\xbf" + raw.replace(b"\n", end.encode()))
    assert differences(loaded(GOOD), loaded(folder)) == []


def test_numbers_written_otherwise_are_no_difference(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / "outcome.toml").read_text(encoding="utf-8")
    text = (
        text.replace('"90"', "90.00").replace('value = "50"', "value = 50.0").replace('at_least = "5"', "at_least = 5")
    )
    (folder / "outcome.toml").write_text(text, encoding="utf-8")
    assert differences(loaded(GOOD), loaded(folder)) == []


def test_differences_name_rows_by_their_ids(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "outcome.toml"
    text = file.read_text(encoding="utf-8")
    bands = text[text.index("[[band]]") : text.index("[robustness]")]
    text = text.replace(bands, "").replace('value = "50"', 'value = "60"') + "\n" + bands
    file.write_text(text.replace('waivable_by = ["organiser"]\n', ""), encoding="utf-8")
    assert differences(loaded(GOOD), loaded(folder)) == [
        Difference("outcome.toml", "gate[fifty-clients].when.value", "50", "60"),
        Difference("outcome.toml", "gate[fifty-clients].waivable_by[1]", "organiser", None),
    ]


def test_differences_of_one_scheme_with_itself_are_none() -> None:
    assert differences(loaded(GOOD), loaded(GOOD)) == []


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def schema_of(file: str) -> dict[str, Any]:
    return json_schema_of(file)


@pytest.mark.parametrize("file", list(FILES))
def test_the_schema_in_the_docs_is_current(file: str) -> None:
    written = (SCHEMAS / file.replace(".toml", ".json")).read_text(encoding="utf-8")
    assert written == json.dumps(schema_of(file), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("file", list(FILES))
@pytest.mark.parametrize("folder", [pytest.param(path, id=label) for label, path in shipped_folders().items()])
def test_shipped_files_keep_their_schema_and_a_strange_key_breaks_it(folder: Path, file: str) -> None:
    check = jsonschema.Draft202012Validator(schema_of(file))
    if file in OPTIONAL and not (folder / file).exists():
        return
    data = as_json(tomllib.loads((folder / file).read_text(encoding="utf-8")))
    assert [error.message for error in check.iter_errors(data | {"strange": 1})] == [
        "Additional properties are not allowed ('strange' was unexpected)"
    ]
