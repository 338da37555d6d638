"""The inventory of bad files through the real entrances: the outcome of each, in its time, with nothing half done."""

import importlib
import string
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ceping.core.finding import Finding, Level, errors_in
from ceping.core.scheme.loading import load
from ceping.documents.confined import Answer
from ceping.documents.inspection.entrance import inspect
from ceping.documents.inspection.kind import USABLE
from ceping.documents.intake import clients
from ceping.documents.intake.tables import QUESTIONS, Wanted, read_table
from ceping.documents.intake.word import take_in
from tests.factories import hostile_form

pytestmark = pytest.mark.slow
TABLE = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
CASES, ELSEWHERE = TABLE["case"], TABLE["elsewhere"]
COLUMNS = (
    Wanted("name", "企业名称"),
    Wanted("uscc", "统一社会信用代码", type="uscc"),
    Wanted("phone", "手机", type="phone", needed=False),
    Wanted("amount", "金额", type="decimal", needed=False),
    Wanted("on", "日期", type="date", needed=False),
)
LONGEST_CPU_MS = 2000
LARGEST_KB = 300 * 1024


@dataclass(frozen=True)
class Outcome:
    """What an entrance said, and what it would let through."""

    findings: tuple[Finding, ...]
    taken: object


def inspected(path: Path) -> Outcome:
    seen = inspect(path, wanted=USABLE)
    return Outcome(seen.findings, seen.accepted)


def read_as_report(path: Path) -> Outcome:
    intake = take_in(path)
    return Outcome(intake.findings, intake.report)


def read_as_table(path: Path, **given: Any) -> Outcome:
    table = read_table(path, COLUMNS, **given)
    return Outcome(tuple(table.findings), bool(table.rows) and not errors_in(table.findings))


def read_as_activities(path: Path) -> Outcome:
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    table = next(one for one in scheme.form.tables if one.id == "activities")
    intake = clients.take_in(path, scheme, table)
    return Outcome(tuple(intake.findings), intake.taken)


# As people meet them: `confirmed` and `gb18030` are the second try, after the question was read and answered.
ENTRANCES: dict[str, Callable[[Path], Outcome]] = {
    "inspect": inspected,
    "word": read_as_report,
    "table": read_as_table,
    "confirmed": partial(read_as_table, confirmed=frozenset(QUESTIONS)),
    "gb18030": partial(read_as_table, encoding="gb18030"),
    "activities": read_as_activities,
}


def made(case: dict[str, str], folder: Path, address: str) -> Path:
    module, _, name = case["make"].partition(":")
    path: Path = getattr(importlib.import_module(f"tests.factories.{module}"), name)(folder, address)
    return path


def files_in(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def codes_of(outcome: Outcome, level: Level) -> set[str]:
    # What is left out for brevity is no finding of its own.
    found = {finding.code for finding in outcome.findings if finding.level is level}
    return found - {"more_of_a_kind"}


RUNS = [(case, entrance) for case in CASES for entrance in case.get("entrances", ["inspect"])]


@pytest.mark.parametrize(
    ("case", "entrance"), RUNS, ids=[f"{case['number']}-{case['make'].partition(':')[2]}-{way}" for case, way in RUNS]
)
def test_a_bad_file(case: dict[str, str], entrance: str, tmp_path: Path, address: str, answers: list[Answer]) -> None:
    path = made(case, tmp_path, address)
    before = files_in(tmp_path)
    outcome = ENTRANCES[entrance](path)
    expected = {
        "refused": (set(case.get("codes", ())), False),
        "asked": (set(), True),
        "accepted": (set(), True),
    }[case["outcome"]]
    assert (codes_of(outcome, Level.ERROR), bool(outcome.taken)) == expected
    if case["outcome"] != "refused":
        assert codes_of(outcome, Level.WARNING) == set(case.get("codes", ()))
    for finding in outcome.findings:
        assert finding.file
        assert_readable(finding.message())
        assert_readable(finding.remedy())
    assert files_in(tmp_path) == before
    assert all(one.cpu_ms <= LONGEST_CPU_MS and one.peak_kb <= LARGEST_KB for one in answers)


def assert_readable(text: str) -> None:
    assert any("\u4e00" <= char <= "\u9fff" for char in text)
    assert [name for _, name, _, _ in string.Formatter().parse(text) if name] == []
    assert text.isprintable()


def test_one_form_saved_by_two_programs_is_one_report(tmp_path: Path) -> None:
    honest, other = (take_in(make(tmp_path, "")) for make in (hostile_form.honest, hostile_form.by_another_program))
    assert honest.report is not None
    assert other == honest


def test_every_number_of_the_inventory_has_its_case() -> None:
    numbers = {case["number"] for case in CASES} | set(ELSEWHERE)
    assert sorted({f"B{number:03d}" for number in range(33, 78)} - numbers) == []


def test_what_is_tried_elsewhere_is_tried_there() -> None:
    folder = Path(__file__).parent.parent
    for number, file in ELSEWHERE.items():
        assert number in (folder / file).read_text(encoding="utf-8")
