"""Seasons under schemes without points, calls or reports are packed and computed again as well; so are other demos."""

from pathlib import Path

import pytest

from ceping.cli.main import main
from ceping.core.scheme.loading import Scheme, load
from ceping.folder.needs import Needs

CODES = ("91310199MADE00011A", "91310199MADE0002X2")
VALUES = {"number": "1", "yes_no": "yes"}


def season_under(scheme: Scheme, folder: Path) -> Path:
    """Two institutions of which all is the same that the scheme asks people to record; no marks, no waivers."""
    needs, period = Needs(scheme), scheme.header.period
    category = scheme.header.categories[0].id
    tables = {
        "season.toml": [
            f'format = 1\nscheme = "{scheme.label}"\nscheme_sha256 = "{scheme.sha256}"\ntitle = "小测评"',
            f'from = {period.start}\nto = {period.end}\n[seeds]\nrobustness = "r"',
        ],
        "institutions.csv": ["uscc,name,category", *(f"{code},机构{code[-1]},{category}" for code in CODES)],
        "verified.csv": ["uscc,metric_id,value,by,on,reason"],
        "external.csv": ["uscc,check_id,value,source,on"],
        "decisions.csv": ["uscc,kind,rule_id,effect,reason,by_role,on"],
    }
    for code in CODES:
        for name, metric in needs.by_hand.items():
            tables["verified.csv"].append(f"{code},{name},{VALUES.get(metric.type, 'law_firm')},王某,2022-01-01,王某说")
        tables["external.csv"] += [f"{code},{check},no,王某查,2022-01-01" for check in needs.checks]
    folder.mkdir()
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["shanghai-2022-gates"])
def test_a_season_of_recorded_values_alone(name: str, tmp_path: Path) -> None:
    scheme, _ = load(name)
    assert scheme is not None
    assert scheme.points is None
    _packed_both_ways(season_under(scheme, tmp_path / "season"), tmp_path)
    public = tmp_path / "public"
    assert [path for path in public.rglob("*") if path.is_file() and "王某" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_other_demo_seasons(seed: str, tmp_path: Path) -> None:
    season = tmp_path / "season"
    assert main(["demo-season", str(season), "--institutions", "12", "--seed", seed, "--events", "900"]) == 0
    _packed_both_ways(season, tmp_path)


def _packed_both_ways(season: Path, place: Path) -> None:
    assert main(["evaluate", str(season), "--out", str(place / "out")]) == 0
    wanted = (place / "out" / "results.json").read_bytes()
    for kind, options in (("full", []), ("public", ["--public"])):
        assert main(["package", str(season), "--out", str(place / kind), *options]) == 0
        assert main(["evaluate", str(place / kind), "--out", str(place / f"again-{kind}")]) == 0
        assert (place / f"again-{kind}" / "results.json").read_bytes() == wanted
