"""A season drawn by strata: calls held to it, rates counted plainly, packages and draw come out again."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from ceping.cli.main import main
from ceping.core.scheme.loading import load
from ceping.folder.demo import write_demo
from tests.factories.season import JIA, Trial

# Of Jia the seed draws C0004, C0003, C0002, C0001 in this order; the third denies, the first two confirm.
CONFIRMED, TWO, DENIED, LAST = "C0004", "C0003", "C0002", "C0001"


def in_strata(trial: Trial, by_key: dict[str, str], draw: str) -> None:
    rows = trial.rows("clients.csv")
    for row in rows[1:]:
        if row[0] == JIA:
            row[5] = by_key[row[1]]
    trial.write_rows("clients.csv", rows)
    trial.write("season.toml", trial.text("season.toml") + f'\n[draw]\nstrata = "service"\n{draw}')


def verification(out: Path) -> dict[str, Any]:
    read = json.loads((out / "verification.json").read_text(encoding="utf-8"))
    return {one["uscc"]: one for one in read["institutions"]}


HALVES = {CONFIRMED: "培训", TWO: "培训", DENIED: "融资", LAST: "融资"}


def test_a_call_outside_its_stratum_is_told(trial: Trial, capsys: pytest.CaptureFixture[str]) -> None:
    in_strata(trial, HALVES, "size = 2\n")
    # The sample is the first of each stratum; nobody of the first one is wanting, so its second was called too early.
    assert trial.findings() == (1, [("call_outside_stratum", "calls.csv", "第 3 行 client_key")])
    assert trial.evaluate() == 1
    assert "服务对象 C0003（层“培训”）排在抽取次序第 3 位，不在可呼叫之列" in capsys.readouterr().out
    trial.write_rows("calls.csv", [row for row in trial.rows("calls.csv") if row[:2] != [JIA, TWO]])
    assert trial.evaluate() == 0
    told = verification(trial.out)[JIA]
    assert told["draw"] == {"sample": [CONFIRMED, DENIED], "reserve": [TWO, LAST]}
    strata = [{"stratum": "培训", "frame": 2, "sample": 1}, {"stratum": "融资", "frame": 2, "sample": 1}]
    assert told["strata"] == strata


def test_a_reserve_is_called_within_its_stratum_alone(trial: Trial) -> None:
    in_strata(trial, HALVES, "size = 2\n")
    rows = [row for row in trial.rows("calls.csv") if row[:2] not in ([JIA, TWO], [JIA, DENIED])]
    silent = [JIA, DENIED, "1", "2022-02-07T09:20:00+08:00", "phone", "30", "", ""]
    stands_in = [JIA, LAST, "1", "2022-02-08T09:20:00+08:00", "phone", "10", "yes", "5"]
    trial.write_rows("calls.csv", [*rows, silent, stands_in])
    assert trial.evaluate() == 0
    foreign = [JIA, TWO, *stands_in[2:]]
    trial.write_rows("calls.csv", [*rows, silent, foreign])
    code, found = trial.findings()
    assert (code, [one[0] for one in found]) == (1, ["calls_unfinished", "call_outside_stratum"])


def test_rates_are_plain_shares_of_those_called(trial: Trial) -> None:
    in_strata(trial, {**HALVES, LAST: "培训"}, "")
    assert trial.evaluate() == 0
    told = verification(trial.out)[JIA]
    assert [(one["frame"], one["sample"]) for one in told["strata"]] == [(3, 2), (1, 1)]
    # Weighted by strata it were (3 × 2/2 + 1 × 0/1) / 4.
    rate = told["rates"]["verification"]
    assert (rate["part"], rate["whole"], rate["value"]) == (2, 3, "0.6667")


@pytest.mark.parametrize(
    ("draw", "found"),
    [
        ('size = "some"', ("choice_unknown", "draw.size")),
        ("size = 0", ("choice_unknown", "draw.size")),
        ("size = true", ("choice_unknown", "draw.size")),
        ('strata = "phone"', ("choice_unknown", "draw.strata")),
        ('margin = "0.1"', ("draw_formula_alone", "draw.margin")),
        ('size = "formula"\nshare = "1"', ("value_refused", "draw.share")),
        ('by = "service"', ("key_unknown", "draw.by")),
    ],
)
def test_terms_that_say_no_draw(trial: Trial, draw: str, found: tuple[str, str]) -> None:
    trial.write("season.toml", trial.text("season.toml") + f"\n[draw]\n{draw}\n")
    code, told = trial.findings()
    assert (code, told) == (1, [(found[0], "season.toml", found[1])])


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo season drawn by strata with the formula, each of the sample called once."""
    place = tmp_path_factory.mktemp("strata")
    write_demo(place / "season", institutions=4, seed=7, events=200)
    terms = place / "season/season.toml"
    declared = '\n[draw]\nsize = "formula"\nmargin = "0.15"\nstrata = "service"\n'
    terms.write_text(terms.read_text(encoding="utf-8") + declared, encoding="utf-8")
    assert main(["draw", "clients", str(place / "season"), "--out", str(place / "draw-clients.csv")]) == 0
    rows = [["uscc", "client_key", "attempt", "at", "mode", "disposition", "q_satisfaction"]]
    with (place / "draw-clients.csv").open(encoding="utf-8", newline="") as stream:
        rows += [
            [row["uscc"], row["client_key"], "1", "2022-02-07T09:00:00+08:00", "phone", "10", "5"]
            for row in csv.DictReader(stream)
            if row["role"] == "sample"
        ]
    with (place / "season/calls.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    assert main(["evaluate", str(place / "season"), "--out", str(place / "out")]) == 0
    return place


def test_evaluate_draws_what_draw_clients_drew(drawn: Path) -> None:
    with (drawn / "draw-clients.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    for uscc, told in verification(drawn / "out").items():
        own = [row for row in lines if row["uscc"] == uscc]
        assert told["draw"]["sample"] == [row["client_key"] for row in own if row["role"] == "sample"]
        assert told["draw"]["reserve"] == [row["client_key"] for row in own if row["role"] == "reserve"]
    assert main(["draw", "verify", str(drawn / "draw-clients.json"), str(drawn / "season")]) == 0


def test_another_draw_than_the_declared_one_is_refused(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(drawn / "other.csv")
    assert main(["draw", "clients", str(drawn / "season"), "--size", "9", "--strata", "service", "--out", out]) == 1
    said = capsys.readouterr().out
    assert 'size = 9; strata = "service"' in said
    assert 'size = "formula"; margin = "0.15"; share = "0.5"; strata = "service"' in said
    assert not Path(out).exists()


def test_packages_of_a_season_in_strata_come_out_again(drawn: Path) -> None:
    season, wanted = str(drawn / "season"), (drawn / "out/results.json").read_bytes()
    for kind in ("full", "public"):
        options = ["--public"] if kind == "public" else []
        assert main(["package", season, "--out", str(drawn / kind), *options]) == 0
        assert main(["evaluate", str(drawn / kind), "--out", str(drawn / f"{kind}-out")]) == 0
        assert (drawn / f"{kind}-out/results.json").read_bytes() == wanted
        draws = [{uscc: told["draw"] for uscc, told in verification(out).items()} for out in outs(drawn, kind)]
        assert draws[0] == draws[1]
    with (drawn / "public/clients.csv").open(encoding="utf-8", newline="") as stream:
        services = {row["service"] for row in csv.DictReader(stream)}
    assert services == {f"S{place:04d}" for place in range(1, len(services) + 1)}
    assert load(str(drawn / "public/scheme/"))[0] is not None


def outs(place: Path, kind: str) -> tuple[Path, Path]:
    return place / "out", place / f"{kind}-out"


def test_a_draw_the_season_does_not_declare_says_what_to_declare(
    tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    season = tmp_path / "season"
    season.mkdir()
    for name in ("season.toml", "clients.csv"):
        text = (drawn / "season" / name).read_text(encoding="utf-8")
        (season / name).write_text(text.split("\n[draw]")[0] + "\n", encoding="utf-8")
    out = str(tmp_path / "d.csv")
    assert main(["draw", "clients", str(season), "--size", "9", "--strata", "service", "--out", out]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        '评价时按 season.toml 核对呼叫，请在其中的 [draw] 写入：size = 9; strata = "service"'
    )
