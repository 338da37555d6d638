"""Every contract of .importlinter breaks when it is breached, it alone, and the house itself keeps them all."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

STAGES = (
    *("publication", "results", "assessment", "verification", "points"),
    *("recommendation", "report", "shop", "scheme"),
)
STAGE_ROOMS = ("admin", "tasks", "forms", "actions", "access", "queries", "models", "states")
CORE = ("evaluation", "results", "assessment", "verification", "points", "report", "scheme", "uscc", "phone", "names")
READERS = ("public", "market", "institution", "recommender", "assessor", "verifier", "office", "auditor", "api")
MODULES = [
    *("cli.points", "cli.platform.serve", "config.settings", "flow.advance", "folder.season", "postgres.server"),
    *("documents.sheet", "documents.word", "bulk.plan"),
    *(f"core.{name}" for name in (*CORE, "exact", "finding")),
    *(f"ground.{name}.models" for name in ("messages", "files", "people", "journal")),
    *(f"stages.{stage}.{room}" for stage in STAGES for room in STAGE_ROOMS),
    *(f"web.{reader}.views" for reader in (*READERS, "ui")),
]

# Contract id, the breach as importer and imported; each breaks its own contract and no other.
BREACHES = [
    ("house", "core.names", "ceping.bulk.plan"),
    ("house", "documents.word", "ceping.bulk.plan"),
    ("house", "web.ui.views", "ceping.cli.platform.serve"),
    ("chain", "stages.report.queries", "ceping.stages.results.queries"),
    ("chain", "stages.verification.queries", "ceping.stages.assessment.queries"),
    ("rooms", "stages.report.models", "ceping.stages.report.queries"),
    ("rooms", "stages.report.actions", "ceping.stages.report.forms"),
    ("actions", "stages.results.queries", "ceping.stages.report.actions"),
    ("ground", "ground.journal.models", "ceping.ground.messages.models"),
    ("core", "core.finding", "ceping.core.scheme"),
    ("core", "core.verification", "ceping.core.assessment"),
    ("pure", "core.names", "django.utils.timezone"),
    ("pure", "folder.season", "procrastinate"),
    ("command-line", "cli.points", "django"),
    ("command-line", "cli.points", "ceping.web.ui.views"),
    ("command-line", "cli.points", "ceping.flow.advance"),
    ("pages", "web.public.views", "ceping.web.market.views"),
    ("pages", "web.ui.views", "ceping.web.public.views"),
    ("server", "web.ui.views", "ceping.postgres.server"),
    ("no-circles", "documents.sheet", "ceping.documents.word"),
]


def contract_names(root: Path) -> dict[str, str]:
    text = (root / ".importlinter").read_text(encoding="utf-8")
    return dict(re.findall(r"^\[importlinter:contract:(.+)\]\nname = (.+)$", text, re.MULTILINE))


def skeleton(folder: Path) -> None:
    """An empty module for every room, and one import from documents.word to documents.sheet to close a circle with."""
    for name in MODULES:
        path = folder.joinpath("ceping", *name.split("."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".py").write_text("", encoding="utf-8")
    for directory in [folder / "ceping", *(path for path in (folder / "ceping").rglob("*") if path.is_dir())]:
        (directory / "__init__.py").write_text("", encoding="utf-8")
    (folder / "ceping/documents/word.py").write_text("import ceping.documents.sheet\n", encoding="utf-8")


def broken_in(folder: Path, root: Path) -> set[str]:
    """The names of the contracts that import-linter reports as broken for the package in this folder."""
    program = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    answer = subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--config", root / ".importlinter"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(folder), "COLUMNS": "400", "PYTHONIOENCODING": "utf-8"},
    )
    listed = re.findall(r"^(.+?) (?:\(.*\) )?(KEPT|BROKEN)\b", answer.stdout, re.MULTILINE)
    assert {name for name, _ in listed} == set(contract_names(root).values()), answer.stdout + answer.stderr
    assert answer.returncode == (1 if any(verdict == "BROKEN" for _, verdict in listed) else 0)
    return {name for name, verdict in listed if verdict == "BROKEN"}


def test_every_contract_has_a_breach(root: Path) -> None:
    assert {contract for contract, _, _ in BREACHES} == set(contract_names(root))


def test_the_skeleton_keeps_every_contract(root: Path, tmp_path: Path) -> None:
    skeleton(tmp_path)
    assert broken_in(tmp_path, root) == set()


@pytest.mark.parametrize(("contract", "importer", "imported"), BREACHES)
def test_a_breach_breaks_its_own_contract_alone(
    root: Path, tmp_path: Path, contract: str, importer: str, imported: str
) -> None:
    skeleton(tmp_path)
    path = tmp_path.joinpath("ceping", *importer.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    path.write_text(f"{path.read_text(encoding='utf-8')}import {imported}\n", encoding="utf-8")
    assert broken_in(tmp_path, root) == {contract_names(root)[contract]}


@pytest.mark.parametrize(
    ("contract", "room"),
    [("house", "helper"), ("chain", "stages.appeal"), ("ground", "ground.signals"), ("core", "core.sums")],
)
def test_a_room_without_a_place_breaks_the_contract(root: Path, tmp_path: Path, contract: str, room: str) -> None:
    skeleton(tmp_path)
    tmp_path.joinpath("ceping", *room.split(".")).with_suffix(".py").write_text("", encoding="utf-8")
    assert broken_in(tmp_path, root) == {contract_names(root)[contract]}


def test_the_house_keeps_every_contract(root: Path) -> None:
    assert broken_in(root / "src", root) == set()
