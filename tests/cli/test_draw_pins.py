"""Assessors put on an institution by hand: kept, counted, recorded with their reason, refused where they do not fit."""

import json
from collections import Counter
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.draw_season import USCCS, Season, lines, pin, record

Found = list[tuple[str, str, str]]


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Season:
    monkeypatch.chdir(tmp_path)
    return Season(tmp_path)


def panels() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in lines("draw-assessors.csv"):
        found.setdefault(row["uscc"], set()).add(row["assessor_id"])
    return found


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Found]:
    capsys.readouterr()
    code = main(["draw", "assessors", "season", *arguments, "--json"])
    return code, [(one["code"], one["file"], one["place"]) for one in json.loads(capsys.readouterr().out)["findings"]]


def test_a_pinned_pair_stays_and_counts(season: Season) -> None:
    pairs = [("A3", number) for number in range(2, 8)]
    pin(season, [*pairs, ("A4", 2)])
    assert main(["draw", "assessors", "season"]) == 0
    found, told = panels(), record("draw-assessors.json")
    assert all("A3" in found[USCCS[number]] for _, number in pairs)
    assert found[USCCS[2]] == {"A3", "A4"}
    assert {len(panel) for panel in found.values()} == {2}
    # Six by hand is more than the even share of 24 over seven: nothing is drawn on top, the others share the rest.
    assert told["loads"] == dict(Counter(who for panel in found.values() for who in sorted(panel)))
    assert sorted(told["loads"].values()) == [3, 3, 3, 3, 3, 3, 6]
    assert told["pinned"][0] == ["A3", USCCS[2], "", "熟悉该类服务"]
    assert len(told["pinned"]) == 7
    assert "李经办" not in Path("draw-assessors.json").read_text(encoding="utf-8")
    assert main(["draw", "verify", "draw-assessors.json", "season"]) == 0


def test_a_pin_changed_after_the_draw_shows(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    pin(season, [("A3", 2)])
    assert main(["draw", "assessors", "season"]) == 0
    pin(season, [("A3", 2), ("A3", 3)])
    capsys.readouterr()
    assert main(["draw", "verify", "draw-assessors.json", "season", "--json"]) == 1
    places = {one["place"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert {"pinned", "frame_sha256"} <= places


def test_every_place_by_hand_leaves_nothing_to_draw(season: Season) -> None:
    pairs = [(f"A{(number + shift) % 5 + 1}", number) for number in range(12) for shift in range(2)]
    pin(season, pairs)
    assert main(["draw", "assessors", "season"]) == 0
    assert panels() == {one: {who for who, place in pairs if USCCS[place] == one} for one in USCCS}
    assert main(["draw", "verify", "draw-assessors.json", "season"]) == 0


def test_a_pin_of_one_item_takes_panels_by_item(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    pin(season, [("A3", 2)], item="licence")
    assert findings(capsys) == (1, [("pin_item_alone", "pins.csv", "第 2 行 indicator_id")])
    assert main(["draw", "assessors", "season", "--by", "item"]) == 0
    rows = lines("draw-assessors.csv")
    assert {"uscc": USCCS[2], "indicator_id": "licence", "assessor_id": "A3"} in rows
    assert record("draw-assessors.json")["pinned"] == [["A3", USCCS[2], "licence", "熟悉该类服务"]]
    assert main(["draw", "verify", "draw-assessors.json", "season"]) == 0


@pytest.mark.parametrize(
    ("pairs", "item", "options", "found"),
    [
        ([("A0", 0)], "", [], [("pin_conflicted", "第 2 行 assessor_id")]),
        ([("A6", 0)], "", [], [("pin_conflicted", "第 2 行 assessor_id")]),
        ([("A9", 0)], "", [], [("assessor_unknown", "第 2 行 assessor_id")]),
        ([("A1", 2), ("A2", 2), ("A3", 2)], "", [], [("pin_crowded", "第 2 行 uscc")]),
        ([("A2", number) for number in range(10)], "", [], [("pin_over_load", "第 2 行 assessor_id")]),
        ([("A2", 0)], "no-such", ["--by", "item"], [("indicator_unknown", "第 2 行 indicator_id")]),
    ],
)
def test_pins_that_do_not_fit(
    season: Season,
    capsys: pytest.CaptureFixture[str],
    pairs: list[tuple[str, int]],
    item: str,
    options: list[str],
    found: list[tuple[str, str]],
) -> None:
    pin(season, pairs, item=item)
    assert findings(capsys, *options) == (1, [(code, "pins.csv", place) for code, place in found])
    assert not Path("draw-assessors.csv").exists()


def test_a_pin_without_its_reason_is_refused(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    pin(season, [("A3", 2)])
    season.change("pins.csv", "熟悉该类服务", "")
    assert findings(capsys) == (1, [("cell_empty", "pins.csv", "第 2 行 reason")])


def test_everything_wrong_with_the_pins_is_told_at_once(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    pin(season, [("A3", 2), ("A0", 0), ("A9", 1)])
    season.change("pins.csv", "熟悉该类服务", "")
    assert [code for code, *_ in findings(capsys)[1]] == ["cell_empty", "pin_conflicted", "assessor_unknown"]
