"""The scripts of the docs, run as a stranger would: they redo the draw of clients and check that of assessors."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.draw_season import USCCS, Season, lines, pin, record

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/redo-a-draw.md"


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Season:
    monkeypatch.chdir(tmp_path)
    return Season(tmp_path)


def scripts() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def stranger(script: str, *arguments: str) -> tuple[int, str]:
    """What the script answers in a child that cannot see this package: isolated, and without the packages installed."""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, *arguments], capture_output=True, text=True, check=False
    )
    return answer.returncode, answer.stdout + answer.stderr


def test_a_stranger_redoes_the_clients(season: Season) -> None:
    redo, _ = scripts()
    assert "ceping" not in redo
    assert len([line for line in redo.splitlines() if line.strip()]) <= 20
    assert main(["draw", "clients", str(season.folder), "--size", "30"]) == 0
    arguments = ("season/clients.csv", "draw-clients.json", "draw-clients.csv")
    assert stranger(redo, *arguments) == (0, "equal\n")
    text = Path("draw-clients.csv").read_text(encoding="utf-8")
    Path("draw-clients.csv").write_text(text.replace("C0001", "C0002"), encoding="utf-8")
    assert stranger(redo, *arguments) == (1, "different\n")


@pytest.mark.parametrize("pinned", [False, True])
def test_a_stranger_checks_the_assessors(season: Season, *, pinned: bool) -> None:
    _, check = scripts()
    if pinned:
        pin(season, [("A3", 0), ("A4", 0), ("A3", 1), ("A3", 4), ("A6", 5)])
    assert main(["draw", "assessors", str(season.folder)]) == 0
    arguments = ("season", "draw-assessors.json", "draw-assessors.csv")
    assert stranger(check, *arguments) == (0, "holds\n")
    rows = lines("draw-assessors.csv")
    panels = {row["uscc"]: {one["assessor_id"] for one in rows if one["uscc"] == row["uscc"]} for row in rows}
    loads = record("draw-assessors.json")["loads"]
    # Two institutions swap one assessor each: loads stay, panels stay full, only the proof can see it.
    one, other, mine, yours = next(
        (one, other, mine, yours)
        for one in USCCS[2:]
        for other in USCCS[2:]
        for mine in sorted(panels[one] - panels[other])
        for yours in sorted(panels[other] - panels[one])
        if one != other
    )
    text = Path("draw-assessors.csv").read_text(encoding="utf-8")
    for item in record("draw-assessors.json")["items"]:
        text = text.replace(f"{one},{item},{mine}\n", f"{one},{item},*\n")
        text = text.replace(f"{other},{item},{yours}\n", f"{other},{item},{mine}\n")
        text = text.replace(f"{one},{item},*\n", f"{one},{item},{yours}\n")
    Path("draw-assessors.csv").write_text(text, encoding="utf-8")
    code, said = stranger(check, *arguments)
    assert code == 1
    assert "panels" in said
    assert loads == record("draw-assessors.json")["loads"]


def test_a_stranger_sees_a_pin_that_was_not_kept(season: Season) -> None:
    _, check = scripts()
    assert main(["draw", "assessors", str(season.folder)]) == 0
    arguments = ("season", "draw-assessors.json", "draw-assessors.csv")
    told = record("draw-assessors.json")
    outside = next(who for who in told["loads"] if f"{USCCS[5]},licence,{who}" not in Path(arguments[2]).read_text())
    told["pinned"] = [[outside, USCCS[5], "", "同类机构"]]
    Path("draw-assessors.json").write_text(json.dumps(told), encoding="utf-8")
    code, said = stranger(check, *arguments)
    assert (code, f"('{outside}', '{USCCS[5]}')" in said) == (1, True)
