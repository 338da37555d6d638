"""What is committed names no machine, every pin is hashed, every link and command in the docs leads somewhere."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from ceping.cli.main import ENTRIES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
PINS = sorted((ROOT / "requirements").glob("*.txt"))
# Written with classes and breaks so that this file does not match itself.
MACHINE = re.compile(
    r"/(?:work|farm)/(?:main|steering|shared|in|\.)|/home/[a-z]|/root/\.|"
    r"https?://[a-z0-9.-]*(?:py[tp]|npm|deb|mirror)[a-z0-9.-]*\.(?:org|com|cn|net)\b|--(?:extra-)?index-url[ =]"
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
CALL = re.compile(r"\bceping ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return [path for top in ("src", "tests", "docs", "requirements") for path in (ROOT / top).rglob("*.*")]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        if path.is_file() and path.suffix not in {".parquet", ".xlsx", ".docx", ".pyc", ".jpg", ".png", ".ttf", ".otf"}:
            text = path.read_bytes().decode("utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in MACHINE.finditer(text)]
    assert found == []


@pytest.mark.parametrize("text", ["/home" + "/ann/x", "https://py" + "pi.org/simple", "--index" + "-url https://x"])
def test_a_machine_is_seen(text: str) -> None:
    assert MACHINE.search(text)


def test_there_are_three_lists_of_pins() -> None:
    assert [path.name for path in PINS] == ["build.txt", "dev.txt", "runtime.txt"]


# Published as a single wheel of plain Python without a source archive, or as that archive alone.
ONE_FILE_FOR_ALL = {"flatbuffers", "pyspark", "rapidocr"}


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_every_pin_is_exact_and_hashed_for_every_platform(path: Path) -> None:
    pins = re.findall(r"^\S.*(?:\n .*)*", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pins) > 3
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==[0-9][0-9a-z.]* ", pin), pin
        # One hash alone is one platform's file: the list was written beside a folder that holds no other.
        hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}", pin))
        assert hashes > 1 or (hashes == 1 and pin.partition("==")[0] in ONE_FILE_FOR_ALL), pin


def test_every_list_pins_the_same_versions() -> None:
    versions: dict[str, set[str]] = {}
    for path in PINS:
        for name, version in re.findall(r"^(\S+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = {target for target, _ in LINK.findall(text) if target}
    assert sorted(target for target in targets if not (page.parent / target).exists()) == []


def options() -> dict[tuple[str, str], set[str]]:
    """The options of every command the program knows, by its name and, in a group, the name there."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, entry in ENTRIES.items():
        held = getattr(import_module(entry.module), entry.attribute)
        if isinstance(held, typer.Typer):
            for one in held.registered_commands:
                called = one.name or one.callback.__name__.replace("_", "-")
                found[name, called] = options_of(one.callback)
        else:
            found[name, ""] = options_of(held)
    return found


def options_of(function: object) -> set[str]:
    app = typer.Typer(add_completion=False)
    app.command()(function)
    return {"--help", *(option for parameter in get_command(app).params for option in parameter.opts)}


def calls_in(page: Path) -> Iterator[tuple[str, str, set[str]]]:
    """Every call of the program a page shows as code: name, second word, options."""
    spans = re.findall(r"```.*?```|`[^`\n]+`", page.read_text(encoding="utf-8"), re.DOTALL)
    for span in spans:
        for line in span.replace("\\\n", " ").splitlines():
            if call := CALL.search(line):
                yield call[1], call[2] or "", set(re.findall(r"(?<!\S)--[a-z][a-z-]*", line.partition("#")[0]))


def test_every_call_in_the_docs_works() -> None:
    known = options()
    wrong = []
    for page in PAGES:
        for name, second, given in calls_in(page):
            takes = known.get((name, second), known.get((name, "")))
            groups = {one for one, _ in known}
            if takes is None:
                wrong += [f"{page.name}: ceping {name} {second}"] if second or name not in groups else []
            else:
                wrong += [f"{page.name}: ceping {name} {second} {option}" for option in sorted(given - takes)]
    assert wrong == []


def test_the_docs_name_every_command() -> None:
    named = {(name, second) for page in PAGES for name, second, _ in calls_in(page)}
    named |= {(name, "") for name, _ in named}
    assert sorted(set(options()) - named) == []


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for span in re.findall(r"```.*?```|`[^`\n]+`", page.read_text(encoding="utf-8"), re.DOTALL)
        for target in re.findall(r"(?m)^`?(?:[A-Z_]+=\S+ )?make ([a-z][a-z-]*)", span)
    }
    assert {"run", "test"} <= named
    assert sorted(named - targets) == []


@pytest.mark.parametrize("record", sorted((ROOT / "docs/decisions").glob("0*.md")), ids=lambda path: path.name)
def test_a_decision_is_short_and_listed(record: Path) -> None:
    assert len(record.read_text(encoding="utf-8").splitlines()) <= 30
    assert record.name in (record.parent / "README.md").read_text(encoding="utf-8")


def test_ci_runs_what_a_developer_runs() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check COVERED=1", "make test"]
    assert "set -euo pipefail" in lines
