"""What stands in an OUT folder beside results.json: the workbook a person opens, and what is only mentioned."""

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ceping.cli.main import main
from tests.factories.season import BING, JIA, YI, Trial

NOTICE = "示例参数，官方文件未公布"


def sheets(out: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(out / "results.xlsx"))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_holds_the_same_numbers(trial: Trial) -> None:
    assert trial.evaluate() == 0
    found = sheets(trial.out)
    assert list(found) == ["排名", "指标得分", "参评条件", "核验", "积分", "说明"]
    assert {rows[0][0] for rows in found.values()} == {NOTICE}
    interval = "{}–{}".format(*trial.result(JIA)["rank_interval"])
    firm = json.loads((trial.out / "robustness.json").read_text(encoding="utf-8"))["institutions"]
    changes = {one["uscc"]: float(one["band_change_share"]) for one in firm}
    assert found["排名"][2] == [
        *(1, 1, JIA, "上海甲服务有限公司", "甲类", 81.44, "良好", "总分 81.44", interval, changes[JIA], ""),
    ]
    assert [row[9] for row in found["排名"][2:]] == [changes[JIA], changes[YI], changes[BING]]
    assert [row[2] for row in found["排名"][2:]] == [JIA, YI, BING]
    assert found["指标得分"][1][2:] == ["服务质量（40）", "服务对象（20）", "订单（20）", "真实性（20）", "总分"]
    assert [row[2:] for row in found["指标得分"][2:]] == [
        [34, 20, 15, 12.44, 81.44],
        [24, 14, 20, 20, 78],
        [39, 8, 0, 20, 67],
    ]
    gates = [row[:2] + row[3:6] for row in found["参评条件"][2:] if row[0] == BING]
    assert gates == [
        [BING, "上海丙服务有限公司", "不重复服务对象不少于2家", "不重复服务对象数 1", "豁免"],
        [BING, "上海丙服务有限公司", "无失信记录", "信用查询 是", "通过"],
    ]
    checked = dict(zip(found["核验"][1], found["核验"][2], strict=True))
    assert (checked["名单家数"], checked["已呼叫"], checked["核实"], checked["否认"]) == (4, 3, 2, 1)
    assert (checked["核实率"], checked["核实率区间低"], checked["核实率区间高"]) == (0.6667, 0.2077, 0.9385)
    assert [row[2:] for row in found["积分"][2:]] == [
        [80, "2 星级", 5, 3],
        [60, "1 星级", 0, 6],
        ["", "未开设店铺", "", ""],
    ]
    told = {row[0]: row[1] for row in found["说明"][2:]}
    assert (told["方案"], told["参数"], told["声明的读法"]) == ("three@1", NOTICE, "每个数都能在纸上算出来")


def test_names_that_look_like_formulas_stay_names(trial: Trial) -> None:
    name = "=HYPERLINK(1)公司"
    trial.replace("institutions.csv", "上海甲服务有限公司", name)
    trial.change_report(JIA, lambda report: report["institution"].update(name=name))
    trial.change_report(JIA, lambda report: report["answers"].update(name=name))
    assert trial.evaluate() == 0
    assert sheets(trial.out)["排名"][2][3] == name


def test_gaps_stand_in_the_workbook(trial: Trial) -> None:
    (trial.folder / f"institutions/{JIA}/report.json").unlink()
    assert trial.evaluate("--allow-missing") == 0
    found = sheets(trial.out)
    assert found["排名"][0][0] == f"{NOTICE}；不完整：有缺少的文件或数值，见“说明”"
    (first,) = [row for row in found["排名"] if row[2] == JIA]
    assert (first[6], first[10]) == ("不完整", "不完整")
    reminders = [row[1] for row in found["说明"] if row[0] == "提醒"]
    assert f"institutions/{JIA}/report.json：缺少 上海甲服务有限公司 的自评报告" in reminders


def test_refused_events_are_counted_and_told(trial: Trial) -> None:
    trial.append("events.csv", "a7,shop-a,order,2021-05-01T09:30:00,u1,personal,,")
    assert trial.findings() == (0, [("events_rejected", "events.csv", "")])
    rejected = (trial.out / "points" / "rejected.csv").read_text(encoding="utf-8").splitlines()
    assert rejected[1].startswith("events.csv,13,a7,shop-a,bad_time,")
    assert trial.result(JIA)["total"] == "81.44"


def test_events_that_cannot_be_read_stop_everything(trial: Trial) -> None:
    trial.append("events.csv", "a7,shop-a")
    code, found = trial.findings()
    assert (code, [file for _, file, _ in found]) == (1, ["events.csv"])
    assert not trial.out.exists()


def test_a_period_other_than_the_scheme_s_is_mentioned_and_counts(trial: Trial) -> None:
    trial.replace("season.toml", "from = 2021-01-01", "from = 2021-01-02")
    assert trial.findings() == (0, [("season_period_differs", "season.toml", "from")])
    # The order on New Year's Day is now outside: 2 of 4.
    assert trial.result(JIA)["scores"]["orders"] == "10.00"


def test_english_findings_for_those_who_ask(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEPING_LANG", "en")
    trial.replace("marks.csv", f"{JIA},quality,A1,8,,", f"{JIA},quality,A1,11,,x")
    trial.told()
    assert trial.evaluate() == 1
    assert "The mark 11 is not between 0 and 10" in trial.told()


def test_the_shipped_folder_is_never_written_to(tmp_path: Path) -> None:
    assert main(["evaluate", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []
