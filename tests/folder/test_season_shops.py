"""The steps of shop levels, one to fifteen, and facts that are missing rather than zero."""

from pathlib import Path

import pytest

from ceping.folder.demo import write_demo
from ceping.folder.season import read_season
from ceping.folder.shops import counts_of, facts_of
from ceping.folder.tables import Row

ROW = Row("shops.csv", 2, {"shop_id": "s", "certificate_count": "3", "product_count": "0", "decorated": "true"})


@pytest.mark.parametrize(
    ("level", "rank", "step"),
    [
        ("none", 0, 0),
        ("star", 1, 1),
        ("star", 5, 5),
        ("diamond", 1, 6),
        ("diamond", 5, 10),
        ("crown", 1, 11),
        ("crown", 5, 15),
    ],
)
def test_levels_are_steps_from_none_to_five_crowns(level: str, rank: int, step: int) -> None:
    assert counts_of(ROW, quantities={}, points=1, level=level, rank=rank, text="").level_step == step


def test_a_blank_fact_is_missing_and_a_zero_is_zero() -> None:
    assert facts_of(ROW) == {"certificate_count": 3, "product_count": 0, "decorated": 1}


def test_a_fact_that_rules_read_is_told_when_missing(tmp_path: Path) -> None:
    write_demo(tmp_path / "season", institutions=1, seed=1, events=10)
    path = tmp_path / "season" / "shops.csv"
    header, row = path.read_text(encoding="utf-8").splitlines()
    assert header.endswith(",activity_count")
    path.write_text(f"{header}\n{row.rpartition(',')[0]},\n", encoding="utf-8")
    _, faults = read_season(tmp_path / "season")
    found = [(one.code, one.file, one.place) for one in faults.findings]
    assert (found, faults.stops) == ([("shop_fact_missing", "shops.csv", "第 2 行 activity_count")], True)
