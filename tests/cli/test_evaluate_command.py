"""`ceping evaluate` and `ceping explain` as people meet them: table, notices, every number down to its clause."""

import json
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.season import BING, CASE, JIA, YI, Trial

SCHEME = ["--scheme", str(CASE / "scheme")]


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Trial:
    return Trial(tmp_path, capsys)


def test_the_ranking_is_printed_with_its_notice(trial: Trial) -> None:
    trial.write("decisions.csv", trial.text("decisions.csv").splitlines()[0] + "\n")
    assert trial.evaluate() == 0
    assert trial.told().splitlines()[:6] == [
        "三家机构手算年度  three@1",
        "示例参数，官方文件未公布",
        "名次  类别内  机构                申报类别  总分   等次            说明",
        "1     1       上海甲服务有限公司  甲类      81.44  良好",
        "2     2       上海乙服务有限公司  甲类      78.00  良好",
        "—     —       上海丙服务有限公司  乙类      67.00  不具备参评条件  不重复服务对象不少于2家",
    ]


def test_findings_are_printed_with_place_and_remedy_and_exit_1(trial: Trial) -> None:
    trial.replace("marks.csv", f"{JIA},quality,A1,8,,", f"{JIA},quality,A1,11,,好")
    assert trial.evaluate() == 1
    told = trial.told()
    assert "错误 marks.csv 第 2 行 mark：打分 11 不在 0 至 10 之间\n  → 请改正打分\n" in told
    assert told.endswith("有错误，没有写出任何结果。\n")
    assert "排名" not in told


def test_json_prints_findings_alone(trial: Trial) -> None:
    assert trial.evaluate("--json") == 0
    found = json.loads(trial.told())["findings"]
    assert [sorted(one) for one in found] == [["code", "file", "level", "message", "place", "remedy"]]


def test_confirmed_parameters_need_no_notice(trial: Trial) -> None:
    trial.replace(
        "season.toml",
        'status = "illustrative"',
        'status = "confirmed"\nby = "市经信委"\non = 2022-01-05\ndocument = "沪经信企〔2022〕1号"',
    )
    assert trial.evaluate() == 0
    assert "示例参数" not in trial.told()


def explain(trial: Trial, *arguments: str) -> tuple[int, str]:
    trial.told()
    code = main(["explain", str(trial.out), *arguments, *SCHEME])
    return code, trial.told()


def test_explain_tells_every_number_down_to_clause_and_row(trial: Trial) -> None:
    assert trial.evaluate() == 0
    code, told = explain(trial, JIA)
    assert code == 0
    assert (CASE / "explained.txt").read_text(encoding="utf-8") == told


def test_explain_of_one_item_tells_the_adjudication(trial: Trial) -> None:
    assert trial.evaluate() == 0
    code, told = explain(trial, YI, "--indicator", "quality")
    assert code == 0
    assert told.splitlines()[2:] == [
        "  服务质量（quality）  得分 24.00  权重 40  [示例]",
        "    至少 2 名专家独立打分，0 至 10 分，步长 0.5，平均，相差超过 3 分须裁定",
        "      专家 A01 打分 2  [marks.csv:4]  记录不全",
        "      专家 A02 打分 9  [marks.csv:5]",
        "      裁定 打分 6  [adjudications.csv:2]  调阅原件后裁定",
        "      = 6 → 6.00（分歧裁定）",
        "      条款：手算 一",
        "    得分 = 6.00 × 权重 40 ÷ 满分 10 = 24 → 24.00",
        "    条款：手算 一",
    ]


def test_explain_tells_a_waiver_and_a_missing_shop(trial: Trial) -> None:
    assert trial.evaluate() == 0
    _, told = explain(trial, BING.lower())
    assert "  豁免  不重复服务对象不少于2家（two-clients）  [示例]" in told
    assert "    豁免（organiser）  [decisions.csv:2]  新设机构" in told
    assert "完成订单数 平台值 0  [institutions.csv shop_id]  未开设店铺" in told


def test_explain_tells_gaps(trial: Trial) -> None:
    (trial.folder / "events.csv").unlink()
    assert trial.evaluate("--allow-missing") == 0
    _, told = explain(trial, JIA)
    assert "  订单（orders）  得分 缺少" in told
    assert "总分 = 34.00 + 20.00 + 缺少 + 12.44 = 缺少" in told
    assert "等次 不完整" in told
    assert "名次：不参加排名" in told


def test_explain_works_from_the_results_alone(trial: Trial) -> None:
    assert trial.evaluate() == 0
    (trial.out / "run.json").unlink()
    _, told = explain(trial, JIA, "--indicator", "quality")
    assert "专家 A01 打分 8  [marks.csv]" in told


def test_explain_as_json_holds_the_trace(trial: Trial) -> None:
    assert trial.evaluate() == 0
    code, told = explain(trial, JIA, "--json")
    assert (code, json.loads(told)["institution"]) == (0, trial.result(JIA))
    code, told = explain(trial, JIA, "--indicator", "truth", "--json")
    assert (code, json.loads(told)["institution"]) == (0, trial.result(JIA)["trace"]["items"]["truth"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["91310199MADE00046W"], "结果里没有 91310199MADE00046W"),
        ([JIA, "--indicator", "qualty"], "没有名为 qualty 的评分项"),
    ],
)
def test_explain_of_what_is_not_there_is_wrong_use(trial: Trial, arguments: list[str], sentence: str) -> None:
    assert trial.evaluate() == 0
    code, told = explain(trial, *arguments)
    assert code == 2
    assert sentence in told


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"format": 2}', "\x00", '{"format":1,"institutions":[1]}', '{"format":1,"institutions":null}'],
)
def test_explain_of_a_broken_file_says_so(trial: Trial, content: str) -> None:
    trial.out.mkdir()
    (trial.out / "results.json").write_text(content, encoding="utf-8")
    code, told = explain(trial, JIA)
    assert code == 2
    assert told.count("→") == 1


def test_explain_of_results_somebody_edited_says_so(trial: Trial) -> None:
    assert trial.evaluate() == 0
    results = trial.results()
    del results["institutions"][0]["trace"]["items"]["quality"]["rule"]
    (trial.out / "results.json").write_text(json.dumps(results), encoding="utf-8")
    code, told = explain(trial, JIA)
    assert code == 2
    assert "内容不全" in told


def test_explain_needs_the_scheme_that_made_the_results(trial: Trial) -> None:
    assert trial.evaluate() == 0
    trial.told()
    assert main(["explain", str(trial.out), JIA]) == 2
    assert "找不到算出结果的方案 three@1" in trial.told()
