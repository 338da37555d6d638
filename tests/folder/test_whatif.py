"""A trial on the season worked out on paper: who stands elsewhere, and that nothing is ever written."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.cli.main import main
from ceping.core.exact import total
from ceping.core.scheme.shipped import hash_of
from ceping.folder.whatif import _near, _rescaled
from tests.factories.season import BING, CASE, JIA, YI, Trial


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def whatif(trial: Trial, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what was printed as JSON; the season and its results are as they were."""
    before = state(trial.folder.parent)
    trial.told()
    code = main(["whatif", str(trial.folder), "--season-scheme", str(CASE / "scheme"), "--json", *options])
    assert state(trial.folder.parent) == before
    return code, json.loads(trial.told())


def codes(told: dict[str, Any]) -> list[str]:
    return [one["code"] for one in told["findings"] if one["level"] == "error"]


def change(uscc: str, name: str, old: tuple[str, str, int], new: tuple[str, str, int]) -> dict[str, object]:
    keys = ("total", "grade", "rank")
    return {
        "uscc": uscc,
        "name": name,
        "old": dict(zip(keys, old, strict=True)),
        "new": dict(zip(keys, new, strict=True)),
    }


JIA_NAME, YI_NAME, BING_NAME = "上海甲服务有限公司", "上海乙服务有限公司", "上海丙服务有限公司"


def test_other_weights_move_totals_ranks_and_grades(trial: Trial) -> None:
    assert trial.evaluate() == 0
    code, told = whatif(trial, "-w", "quality=10", "-w", "clients=20", "-w", "orders=30.5", "-w", "truth=39.5")
    assert (code, told["note"], told["institutions"]) == (0, "试算，不改变任何记录", 3)
    assert told["weights"] == {"quality": ["40", "10"], "orders": ["20", "30.5"], "truth": ["20", "39.5"]}
    assert told["changed"] == {"rank": 2, "grade": 2, "total": 3}
    # 6 + 14 + 30.5 + 39.5 = 90; 8.5 + 20 + 22.875 + 24.569, each to two places; 9.75 + 8 + 0 + 39.5
    assert told["changes"] == [
        change(YI, YI_NAME, ("78.00", "良好", 2), ("90.00", "优秀", 1)),
        change(JIA, JIA_NAME, ("81.44", "良好", 1), ("75.95", "良好", 2)),
        change(BING, BING_NAME, ("67.00", "合格", 3), ("57.25", "不合格", 3)),
    ]


def test_weights_that_do_not_add_up_are_refused_with_their_sum(trial: Trial) -> None:
    code, told = whatif(trial, "-w", "quality=10")
    assert (code, codes(told)) == (1, ["whatif_weights_differ"])
    assert told["findings"][0]["message"] == "权重合计 70，应为 100"


def test_rescaling_keeps_what_was_named_and_the_proportion_of_the_rest(trial: Trial) -> None:
    code, told = whatif(trial, "-w", "quality=10", "--rescale")
    assert (code, told["weights"]) == (
        0,
        {"quality": ["40", "10"], "clients": ["20", "30"], "orders": ["20", "30"], "truth": ["20", "30"]},
    )
    # 8.5 + 30 + 22.5 + 18.66; 6 + 21 + 30 + 30
    new = {one["uscc"]: one["new"]["total"] for one in told["changes"]}
    assert (new[JIA], new[YI]) == ("79.66", "87.00")


@pytest.mark.parametrize("options", [["quality=100.1"], ["quality=1", "clients=1", "orders=1", "truth=1"]])
def test_what_cannot_be_rescaled_is_refused(trial: Trial, options: list[str]) -> None:
    words = [word for option in options for word in ("-w", option)]
    assert codes(whatif(trial, *words, "--rescale")[1]) == ["whatif_weights_differ"]


def test_a_weight_of_nothing_leaves_an_item_out(trial: Trial) -> None:
    code, told = whatif(trial, "-w", "quality=0", "-w", "clients=60")
    new = {one["uscc"]: one["new"]["total"] for one in told["changes"]}
    assert (code, new[JIA]) == (0, "87.44")


def test_without_an_assessor_the_marks_of_the_others_count(trial: Trial) -> None:
    for who in ("A1", "A01"):
        code, told = whatif(trial, "--without-assessor", who)
        assert (code, told["without_assessor"]) == (0, "A01")
        # 8 and 9 become 9: 36 instead of 34; what was adjudicated stands, the third has other assessors.
        assert told["changes"] == [change(JIA, JIA_NAME, ("81.44", "良好", 1), ("83.44", "良好", 1))]


def test_another_version_of_the_scheme_shows_who_changes_grade(trial: Trial, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(CASE / "scheme", other)
    text = (other / "outcome.toml").read_text(encoding="utf-8").replace('"75"', '"80"')
    (other / "outcome.toml").write_text(text, encoding="utf-8")
    code, told = whatif(trial, "--scheme", f"{other}/")
    assert (code, told["changed"]) == (0, {"rank": 0, "grade": 1, "total": 0})
    assert told["changes"] == [change(YI, YI_NAME, ("78.00", "良好", 2), ("78.00", "合格", 2))]
    assert told["schemes"] == [f"three@1 {hash_of(CASE / 'scheme')[:12]}", f"three@1 {hash_of(other)[:12]}"]


def test_a_scheme_that_needs_what_the_season_has_not_is_refused(trial: Trial) -> None:
    code, told = whatif(trial, "--scheme", "shanghai-2021")
    assert code == 1
    assert "indicator_unknown" in codes(told)


@pytest.mark.parametrize(
    ("options", "exit_code", "wanted"),
    [
        ([], 2, ["whatif_nothing"]),
        (["-w", "quality"], 2, ["whatif_weight_malformed"]),
        (["-w", "quality=1e2"], 2, ["whatif_weight_malformed"]),
        (["-w", "quality=1", "-w", "quality=2"], 2, ["whatif_weight_malformed"]),
        (["-w", "quality=-1"], 1, ["whatif_weight_negative"]),
        (["-w", "qualty=40"], 1, ["whatif_item_unknown"]),
        (["--without-assessor", "A9"], 1, ["whatif_assessor_unknown"]),
        (["--scheme", "nowhere"], 1, ["scheme_unknown"]),
    ],
)
def test_wrong_asking(trial: Trial, options: list[str], exit_code: int, wanted: list[str]) -> None:
    code, told = whatif(trial, *options)
    assert (code, codes(told)) == (exit_code, wanted)


def test_a_season_with_errors_is_not_tried(trial: Trial) -> None:
    trial.replace("marks.csv", f"{JIA},quality,A1,8,,", f"{JIA},quality,A1,11,,")
    code, told = whatif(trial, "--without-assessor", "A2")
    assert (code, codes(told)) == (1, ["mark_out_of_range", "reason_missing"])


def test_packages_are_tried_as_seasons_are(trial: Trial) -> None:
    package = trial.folder.parent / "package"
    words = ["package", str(trial.folder), "--out", str(package), "--scheme", str(CASE / "scheme"), "--public"]
    assert main(words) == 0
    wanted = whatif(trial, "--without-assessor", "A01")
    trial.told()
    assert main(["whatif", str(package), "--json", "--without-assessor", "A01"]) == 0
    assert json.loads(trial.told()) == wanted[1]
    (package / "marks.csv").write_text("x", encoding="utf-8")
    assert main(["whatif", str(package), "--json", "--without-assessor", "A01"]) == 1
    assert codes(json.loads(trial.told())) == ["package_file_changed"]


def test_the_page_says_that_nothing_is_recorded(trial: Trial) -> None:
    trial.told()
    words = ["whatif", str(trial.folder), "--season-scheme", str(CASE / "scheme"), "--without-assessor", "A2"]
    assert main(words) == 0
    assert trial.told().splitlines() == [
        "试算，不改变任何记录。",
        f"方案 three@1 {hash_of(CASE / 'scheme')[:12]}",
        "去掉专家 A02 的打分",
        "名次  机构                总分           等次",
        "1     上海甲服务有限公司  81.44 → 79.44  良好",
        "3     上海丙服务有限公司  67.00 → 66.00  合格",
        "共 3 家：名次有变 0 家，等次有变 0 家，总分有变 2 家。",
    ]


WEIGHTS = st.lists(st.decimals("0.01", "60", places=2), min_size=2, max_size=14)


@given(WEIGHTS, st.data())
def test_rescaled_weights_add_to_what_they_added_to(weights: list[Decimal], data: st.DataObject) -> None:
    own = {f"item-{number}": weight for number, weight in enumerate(weights)}
    whole = total(own.values())
    named = data.draw(st.sets(st.sampled_from(sorted(own)), min_size=1, max_size=len(own) - 1))
    given_weights = {
        key: own[key] * data.draw(st.sampled_from((Decimal(0), Decimal("0.5"), Decimal(1)))) for key in named
    }
    scaled = _rescaled(own, given_weights, whole)
    assert {key: scaled[key] for key in named} == given_weights
    assert _near(total(scaled.values()), whole)
    assert all(weight >= 0 for weight in scaled.values())
