"""What stands beside a result: how firm its rank is, what to look at, and what a season may add to its scheme."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ceping.cli.main import main
from ceping.core.scheme.shipped import hash_of
from tests.factories.season import BING, CASE, JIA, YI, Trial

HISTORY = """
[[history]]
id = "twice-good"
title = "连续两年良好"
grades = ["良好"]
seasons = 2
grade = "优秀"
clause = "手算 多年规则"
origin = "illustrative"
"""


def robustness(trial: Trial) -> dict[str, dict[str, Any]]:
    read = json.loads((trial.out / "robustness.json").read_text(encoding="utf-8"))
    assert (read["draws"], read["spread"], read["seed"]) == (20, "0.2", "paper-3")
    return {one["uscc"]: one for one in read["institutions"]}


def test_ranks_without_one_item_follow_from_the_printed_points(trial: Trial) -> None:
    assert trial.evaluate() == 0
    firm, results = robustness(trial), trial.results()["institutions"]
    assert set(firm) == {JIA, YI, BING}
    for one in results:
        assert (firm[one["uscc"]]["rank"], firm[one["uscc"]]["rank_interval"]) == (one["rank"], one["rank_interval"])
    items = {one["uscc"]: one["trace"]["items"] for one in results}
    for left in items[JIA]:
        shares = {}
        for uscc, rows in items.items():
            kept = [row for key, row in rows.items() if key != left]
            parts = [Decimal(r["weight"]) * Decimal(r["rule"]["result"]) / Decimal(r["full"]) for r in kept]
            shares[uscc] = round(sum(parts) * 100 / sum(Decimal(row["weight"]) for row in kept), 2)
        for uscc, share in shares.items():
            better = sum(other > share for other in shares.values())
            assert firm[uscc]["without_item"][left] == better + 1, (left, uscc)


def test_one_assessor_left_out_moves_those_they_marked(trial: Trial) -> None:
    assert trial.evaluate() == 0
    firm = robustness(trial)
    # Without A2, who gave Jia 9, Jia keeps 8 alone; without A1 the 9 stands alone.
    assert {name: firm[JIA]["without_assessor"][name] for name in ("A01", "A02")} == {"A01": 1, "A02": 1}
    assert set(firm[JIA]["without_assessor"]) == set(firm[BING]["without_assessor"])


def test_advice_masks_every_number_and_changes_no_result(trial: Trial) -> None:
    assert trial.evaluate() == 0
    before = (trial.out / "results.json").read_bytes()
    rows = trial.rows("clients.csv")
    place = rows[0].index("phone")
    rows[2][place] = rows[1][place]
    trial.write_rows("clients.csv", rows)
    assert trial.evaluate() == 0
    text = (trial.out / "advice.json").read_text(encoding="utf-8")
    advice = json.loads(text)
    assert [(one["code"], one["usccs"]) for one in advice["signals"] if one["code"] == "phone_shared"] == [
        ("phone_shared", [rows[1][0]])
    ]
    assert re.search(r"[0-9]{11}", re.sub(r"91310199MADE[0-9A-Z]{6}", "", text)) is None
    assert (trial.out / "results.json").read_bytes() == before


def test_lists_of_two_institutions_are_compared_only_when_it_is_allowed(trial: Trial) -> None:
    rows = trial.rows("clients.csv")
    place = rows[0].index("phone")
    of = {uscc: next(row for row in rows if row[0] == uscc) for uscc in (JIA, YI)}
    of[YI][place] = of[JIA][place]
    trial.write_rows("clients.csv", rows)
    assert trial.evaluate() == 0
    assert across(trial) == []
    allowed = "\n[authorisation]\ncross_institution = true\n"
    trial.write("season.toml", trial.text("season.toml") + allowed)
    assert trial.findings() == (
        1,
        [("authorisation_unbacked", "season.toml", f"authorisation.{key}") for key in ("by", "document", "on")],
    )
    backed = 'by = "市经信委"\non = 2022-01-05\ndocument = "沪经信函〔2022〕1号"\n'
    trial.write("season.toml", trial.text("season.toml") + backed)
    assert trial.evaluate() == 0
    # One client stands in all three lists from the beginning.
    assert sorted(across(trial)) == [[JIA, YI], [JIA, YI, BING]]


def across(trial: Trial) -> list[list[str]]:
    signals = json.loads((trial.out / "advice.json").read_text(encoding="utf-8"))["signals"]
    return [sorted(one["usccs"]) for one in signals if len(one["usccs"]) > 1]


def test_a_season_may_draw_more_than_its_scheme(trial: Trial) -> None:
    trial.write("season.toml", trial.text("season.toml") + "\n[draw]\nsize = 2\n")
    code, found = trial.findings()
    assert code == 1
    # With two wanted instead of three, the third client drawn was called too early.
    assert {one[0] for one in found} == {"call_outside_draw"}


@pytest.fixture
def with_history(trial: Trial, tmp_path: Path) -> Path:
    scheme = tmp_path / "scheme"
    shutil.copytree(CASE / "scheme", scheme)
    (scheme / "outcome.toml").write_text((scheme / "outcome.toml").read_text(encoding="utf-8") + HISTORY, "utf-8")
    trial.replace("season.toml", hash_of(CASE / "scheme"), hash_of(scheme))
    return scheme


def run(trial: Trial, scheme: Path) -> int:
    return main(["evaluate", str(trial.folder), "--out", str(trial.out), "--scheme", str(scheme)])


def test_two_seasons_on_end_set_the_grade(trial: Trial, with_history: Path) -> None:
    assert run(trial, with_history) == 1
    assert "history.csv" in trial.told()
    trial.write("history.csv", f"uscc,season,grade\n{JIA},2020,良好\n{JIA},2019,合格\n{YI},2020,合格\n{YI},2019,良好\n")
    assert run(trial, with_history) == 0
    assert (trial.result(JIA)["grade"], trial.result(YI)["grade"]) == ("优秀", "良好")
    assert [step["rule"] for step in trial.result(JIA)["trace"]["grade"]["steps"]] == ["bands", "history"]


def test_a_season_without_a_grade_is_a_former_result_too(trial: Trial, with_history: Path) -> None:
    trial.write("history.csv", f"uscc,season,grade\n{JIA},2020,不具备参评条件\n{YI},2020,不完整\n")
    assert run(trial, with_history) == 0
    assert trial.result(JIA)["grade"] == "良好"


def test_a_grade_the_scheme_does_not_know_is_told(trial: Trial, with_history: Path) -> None:
    trial.write("history.csv", f"uscc,season,grade\n{JIA},2020,上等\n")
    assert run(trial, with_history) == 1
    told = trial.told()
    assert "等次 上等 不在方案的等次之列" in told
    assert "history.csv 第 2 行 grade" in told


def test_the_level_is_that_of_all_points_up_to_the_last_day(trial: Trial) -> None:
    assert trial.evaluate() == 0
    period = (trial.out / "points/totals.csv").read_text(encoding="utf-8")
    assert not (trial.out / "points/cumulative.csv").exists()  # no rule of this scheme reads a level
    assert period.startswith("shop_id,points,level,level_rank\n")


def orders(trial: Trial, count: int, *, minute: str, voided: int = 0) -> None:
    rows = trial.rows("events.csv")
    at = f"2021-03-01T{minute}"
    rows += [
        [f"b{n}", "shop-a", "order", f"{at}:{n % 60:02d}+08:00", f"u{n}", "enterprise", "", ""] for n in range(count)
    ]
    rows += [[f"v{n}", "shop-a", "void", "2021-04-01T00:00:00+08:00", "", "", "", f"b{n}"] for n in range(voided)]
    rows.append(rows[-1])
    trial.write_rows("events.csv", rows)


def bursts(trial: Trial) -> list[tuple[list[str], str]]:
    signals = json.loads((trial.out / "advice.json").read_text(encoding="utf-8"))["signals"]
    return [(one["usccs"], one["words"]) for one in signals if one["code"] == "order_burst"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_orders_crowded_into_a_minute_are_told(trial: Trial, form: str) -> None:
    orders(trial, 21, minute="10:59", voided=1)
    if form == "parquet":
        events = trial.folder / "events"
        sql = f"COPY (FROM read_csv('{events}.csv', all_varchar = true)) TO '{events}.parquet' (FORMAT parquet)"
        duckdb.execute(sql)
        events.with_suffix(".csv").unlink()
    assert trial.evaluate() == 0
    assert bursts(trial) == [([JIA], "店铺有 1 个一分钟内达到 20 笔订单：2021-03-01 10:59 20 笔")]


def test_orders_fewer_voided_or_over_two_minutes_are_no_burst(trial: Trial) -> None:
    orders(trial, 20, minute="10:59", voided=1)
    assert trial.evaluate() == 0
    assert bursts(trial) == []


def told_of_eligibility(trial: Trial) -> tuple[Any, list[Any]]:
    read = json.loads((trial.out / "verification.json").read_text(encoding="utf-8"))
    return read["eligibility"], [(one["eligibility"], one["response_estimated"]) for one in read["institutions"]]


def test_the_verification_says_whether_the_share_of_the_unreached_is_declared(trial: Trial) -> None:
    assert trial.evaluate() == 0
    results = (trial.out / "results.json").read_bytes()
    head, rates = told_of_eligibility(trial)
    # Of Yi one was reached and one never; nobody there is known to be unable to answer.
    assert (head["origin"], rates[1]) == ("estimated", ("1.0000", "0.5000"))
    declared = '\n[eligibility]\nshare = "0.5"\nsource = "2020 年度回访"\n'
    trial.write("season.toml", trial.text("season.toml") + declared)
    assert trial.evaluate() == 0
    head, rates = told_of_eligibility(trial)
    assert head == {"origin": "declared", "share": "0.5", "source": "2020 年度回访"}
    assert rates[1] == ("0.5000", "0.6667")
    assert (trial.out / "results.json").read_bytes() == results


@pytest.mark.parametrize("share", ["0", "1.1", "some"])
def test_a_share_that_is_none_is_refused(trial: Trial, share: str) -> None:
    trial.write("season.toml", trial.text("season.toml") + f'\n[eligibility]\nshare = "{share}"\n')
    code, found = trial.findings()
    assert (code, [place for *_, place in found]) == (1, ["eligibility.share", "eligibility.source"])
