"""The season worked out on paper (tests/cases/three-institutions/worked.md): every number comes out as there."""

import hashlib
import json
from fractions import Fraction
from typing import Any

import pytest

from tests.factories.season import BING, JIA, YI, Trial


@pytest.fixture
def done(trial: Trial) -> Trial:
    assert trial.evaluate() == 0
    return trial


def test_scores_totals_grades_and_ranks(done: Trial) -> None:
    results = done.results()
    assert list(results) == ["format", "scheme", "parameters", "institutions"]
    assert results["parameters"] == "illustrative"
    assert (results["scheme"]["id"], results["scheme"]["version"]) == ("three", 1)
    shown = [{key: value for key, value in one.items() if key != "trace"} for one in results["institutions"]]
    intervals = {uscc: list(interval) for uscc, interval in _intervals(results).items()}
    assert shown == [
        {
            "uscc": JIA,
            "name": "上海甲服务有限公司",
            "category": "alpha",
            "gates": [
                {"rule_id": "two-clients", "passed": True, "waived": False},
                {"rule_id": "credit", "passed": True, "waived": False},
            ],
            "scores": {"quality": "34.00", "clients": "20.00", "orders": "15.00", "truth": "12.44"},
            "total": "81.44",
            "grade": "良好",
            "rank": 1,
            "rank_in_category": 1,
            "rank_interval": intervals[JIA],
            "vetoes": [],
        },
        {
            "uscc": YI,
            "name": "上海乙服务有限公司",
            "category": "alpha",
            "gates": [
                {"rule_id": "two-clients", "passed": True, "waived": False},
                {"rule_id": "credit", "passed": True, "waived": False},
            ],
            "scores": {"quality": "24.00", "clients": "14.00", "orders": "20.00", "truth": "20.00"},
            "total": "78.00",
            "grade": "良好",
            "rank": 2,
            "rank_in_category": 2,
            "rank_interval": intervals[YI],
            "vetoes": [],
        },
        {
            "uscc": BING,
            "name": "上海丙服务有限公司",
            "category": "beta",
            "gates": [
                {"rule_id": "two-clients", "passed": False, "waived": True},
                {"rule_id": "credit", "passed": True, "waived": False},
            ],
            "scores": {"quality": "39.00", "clients": "8.00", "orders": "0.00", "truth": "20.00"},
            "total": "67.00",
            "grade": "合格",
            "rank": 3,
            "rank_in_category": 1,
            "rank_interval": intervals[BING],
            "vetoes": [],
        },
    ]
    assert list(results["institutions"][0]) == [*shown[0], "trace"]


def _intervals(results: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Rank intervals by the letter of the specification, in fractions and without the product's own code."""
    weights = {"quality": 40, "clients": 20, "orders": 20, "truth": 20}
    ranks: dict[str, list[int]] = {one["uscc"]: [] for one in results["institutions"]}
    for draw in range(1, 21):
        moved = {}
        for key, weight in weights.items():
            digest = hashlib.sha256(f"paper-3:{draw}:{key}".encode()).hexdigest()
            u = Fraction(int(digest[:16], 16), 2**64)
            moved[key] = weight * (Fraction(8, 10) + Fraction(4, 10) * u)
        scale = Fraction(100) / sum(moved.values())
        totals = {
            one["uscc"]: sum(
                moved[key] * scale * Fraction(one["trace"]["items"][key]["rule"]["result"]) / 10 for key in weights
            )
            for one in results["institutions"]
        }
        for uscc, total in totals.items():
            ranks[uscc].append(1 + sum(other > total for other in totals.values()))
    # Nearest rank of 20: the 1st for 5 %, the 19th for 95 %.
    return {uscc: (min(found), sorted(found)[18]) for uscc, found in ranks.items()}


def test_draws_verdicts_and_rates(done: Trial) -> None:
    text = (done.out / "verification.json").read_text(encoding="utf-8")
    found = {one["uscc"]: one for one in json.loads(text)["institutions"]}
    assert found[JIA]["draw"] == {"sample": ["C0004", "C0003", "C0002"], "reserve": ["C0001"]}
    assert found[YI]["draw"] == {"sample": ["C0002", "C0001"], "reserve": []}
    verdicts = [(one["client_key"], one["verdict"], one["satisfied"]) for one in found[JIA]["verdicts"]]
    assert verdicts == [("C0004", "confirmed", True), ("C0003", "confirmed", False), ("C0002", "denied", None)]
    assert [found[uscc]["counts"] for uscc in (JIA, YI, BING)] == [
        {"confirmed": 2, "denied": 1},
        {"confirmed": 1, "none": 1},
        {"confirmed": 1},
    ]
    third = {"part": 2, "whole": 3, "value": "0.6667", "low": "0.2077", "high": "0.9385"}
    half = {"part": 1, "whole": 2, "value": "0.5000", "low": "0.0945", "high": "0.9055"}
    one = {"part": 1, "whole": 1, "value": "1.0000", "low": "0.2065", "high": "1.0000"}
    three = {"part": 3, "whole": 3, "value": "1.0000", "low": "0.4385", "high": "1.0000"}
    names = ("verification", "satisfaction", "contact", "response")
    assert found[JIA]["rates"] == dict(zip(names, (third, half, three, three), strict=True))
    assert found[YI]["rates"] == dict(zip(names, (one, one, half, half), strict=True))
    assert found[BING]["rates"] == dict(zip(names, (one, one, one, one), strict=True))
    assert found[JIA]["note"] == ""
    assert found[YI]["note"].startswith("可计入的只有 1 家，少于样本量 3 家；点估计达到 90%，但区间下限为 0.2065")


def test_points(done: Trial) -> None:
    assert (done.out / "points" / "totals.csv").read_text(encoding="utf-8") == (
        "shop_id,points,level,level_rank\nshop-a,80,star,2\nshop-b,60,star,1\n"
    )
    assert (done.out / "points" / "ledger.csv").read_text(encoding="utf-8") == (
        "shop_id,rule_id,quantity,points\n"
        "shop-a,product.count,5,50\nshop-a,order.completed,3,30\nshop-b,order.completed,6,60\n"
    )


def test_without_the_waiver_the_third_takes_no_part(trial: Trial) -> None:
    trial.write("decisions.csv", trial.text("decisions.csv").splitlines()[0] + "\n")
    assert trial.evaluate() == 0
    third = trial.result(BING)
    assert (third["total"], third["grade"], third["rank"], third["rank_in_category"], third["rank_interval"]) == (
        "67.00",
        "不具备参评条件",
        None,
        None,
        None,
    )
    assert third["gates"][0] == {"rule_id": "two-clients", "passed": False, "waived": False}


def test_a_veto_by_decision_needs_its_ground_and_sets_the_grade(trial: Trial) -> None:
    trial.append("decisions.csv", f"{JIA},veto,false-materials,veto,查证属实,organiser,2022-03-01")
    assert trial.findings() == (1, [("veto_not_open", "decisions.csv", "第 3 行")])
    trial.replace(
        "evidence_checks.csv", f"{JIA},附件01_登记证书_1.jpg,genuine,", f"{JIA},附件01_登记证书_1.jpg,false,伪造"
    )
    assert trial.evaluate() == 0
    first = trial.result(JIA)
    assert (first["total"], first["grade"], first["rank"], first["vetoes"]) == (
        "81.44",
        "不合格",
        None,
        ["false-materials"],
    )


def test_weights_of_the_season(trial: Trial) -> None:
    trial.replace(
        "season.toml",
        'status = "illustrative"',
        'status = "replaced"\nby = "市经信委"\non = 2022-01-05\ndocument = "沪经信企〔2022〕1号"\n\n'
        '[weights]\nquality = "10"\nclients = "20"\norders = "30.5"\ntruth = "39.5"',
    )
    assert trial.evaluate() == 0
    assert trial.results()["parameters"] == "replaced"
    # 8.5 + 20 + 7.5/10 x 30.5 = 22.875 -> 22.88, and 6.22/10 x 39.5 = 24.569 -> 24.57
    assert trial.result(JIA)["scores"] == {"quality": "8.50", "clients": "20.00", "orders": "22.88", "truth": "24.57"}
    assert trial.result(JIA)["total"] == "75.95"
