"""Weights a season puts in place of its scheme's: all of them, and adding up for each cohort by itself."""

from pathlib import Path

import pytest

from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import hash_of
from ceping.folder.faults import Faults
from ceping.folder.terms import read_terms, weighed_together
from tests.factories.synthetic import SYNTHETIC, synthetic

COHORTS = SYNTHETIC / "jiangsu-index"
COMMON = {"reach": "30", "events": "30", "satisfaction": "20"}


def season(folder: Path, weights: dict[str, str]) -> Path:
    lines = [
        "format = 1",
        'scheme = "jiangsu-index@1"',
        f'scheme_sha256 = "{hash_of(COHORTS)}"',
        'title = "试"',
        "from = 2021-01-01",
        "to = 2021-12-31",
        "[seeds]",
        'robustness = "r"',
        "[weights]",
        *(f'"{key}" = "{weight}"' for key, weight in weights.items()),
    ]
    (folder / "season.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def found(folder: Path, weights: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    faults = Faults()
    read = read_terms(season(folder, weights), faults, scheme_folder=COHORTS)
    assert read is not None
    return [(one.code, one.place, dict(one.values)) for one in faults.findings]


def test_items_are_weighed_together_by_cohort() -> None:
    common = ("reach", "events", "satisfaction")
    assert weighed_together(synthetic("jiangsu-index")) == {(*common, "network"), (*common, "income-growth")}
    plain, _ = load("shanghai-2021")
    assert plain is not None
    assert weighed_together(plain) == {tuple(item.key for item in plain.scored)}


@pytest.mark.parametrize("own", ["20", "20.0"])
def test_weights_add_up_in_each_cohort_though_not_over_both(tmp_path: Path, own: str) -> None:
    assert found(tmp_path, {**COMMON, "network": own, "income-growth": own}) == []
    other = {"reach": "10", "events": "40", "satisfaction": "30", "network": own, "income-growth": own}
    assert found(tmp_path, other) == []


@pytest.mark.parametrize(
    ("network", "growth", "sums"),
    [("15", "20", ["95"]), ("20", "30", ["110"]), ("15", "30", ["95", "110"]), ("10", "10", ["90"])],
)
def test_a_cohort_whose_weights_do_not_add_up_is_told(
    tmp_path: Path, network: str, growth: str, sums: list[str]
) -> None:
    wrong = found(tmp_path, {**COMMON, "network": network, "income-growth": growth})
    assert wrong == [("weights_differ", "weights", {"sum": came, "total": "100"}) for came in sums]


def test_an_item_of_the_other_cohort_is_not_left_out(tmp_path: Path) -> None:
    (missing,) = found(tmp_path, {**COMMON, "network": "20"})
    assert (missing[0], missing[2]["key"]) == ("weight_missing", "income-growth")
