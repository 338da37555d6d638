"""An indicator table into a scheme draft: the words as they are, rules only where the words leave nothing open."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ceping.core.scheme.loading import Scheme, load_folder
from ceping.documents.intake.scheme import SchemeIntake, take_in_scheme
from ceping.documents.intake.scheme_draft import Draft, Named, draft_of, quoted
from ceping.documents.intake.scheme_rules import understood
from tests.factories.workbook import workbook

HEADER = ["一级指标", "二级指标", "三级指标", "指标说明", "评审依据", "分值", "评分标准"]
ROWS = [
    ["服务能力（40分）", "专职人员", "", "从事服务的人员", "人员名册", 10, "每有1名专职人员得0.5分，最高10分"],
    ["", "服务场所", "", "", "场地证明", 10, "有固定服务场所得10分，没有的不得分"],
    ["", "服务制度", "制度健全", "", "制度文本", 10, "由5名专家打分，步长0.5分"],
    ["", "", "制度执行", "", "制度文本", 10, "视执行情况酌情给分"],
    ["服务成效（60分）", "服务数量", "", "年度服务\n企业数", "服务清单", 60, "专家评分"],
]
NAMED = Named("my-city", authority="某市主管部门", start="2024-01-01", end="2024-12-31")


def merge(_: Workbook, page: Any) -> None:
    page.merge_cells("A3:A6")
    page.merge_cells("B5:B6")


def sheet(folder: Path, *more: list[Any], rows: list[list[Any]] = ROWS) -> SchemeIntake:
    book = [["某市中小企业服务机构评价指标体系"], HEADER, *rows, *more]
    return take_in_scheme(workbook(folder / "指标.xlsx", book, merge))


def loaded(folder: Path, draft: Draft) -> tuple[Scheme | None, list[tuple[str, str, str]]]:
    place = folder / "my-city"
    place.mkdir()
    for name, text in draft.files.items():
        (place / name).write_text(text, encoding="utf-8")
    scheme, findings = load_folder(place)
    return scheme, [(one.file, one.place, one.code) for one in findings]


def test_what_the_sheet_leaves_open_is_exactly_what_the_check_asks_for(tmp_path: Path) -> None:
    read = sheet(tmp_path, ["合计", "", "", "", "", 100])
    assert read.findings == []
    draft = draft_of(read, Named("my-city"), illustrative=False)
    scheme, findings = loaded(tmp_path, draft)
    assert scheme is None
    assert sorted(findings) == [
        ("indicators.toml", "indicator[3].item[2].rule", "key_missing"),
        ("indicators.toml", "indicator[4].item[1].rule.raters", "key_missing"),
        ("indicators.toml", "indicator[4].item[1].rule.step", "key_missing"),
        ("outcome.toml", "band", "key_missing"),
        ("outcome.toml", "bands_origin", "key_missing"),
        ("scheme.toml", "authority", "key_missing"),
        ("scheme.toml", "period", "key_missing"),
    ]
    assert draft.open == [
        "第 6 行“制度执行”的评分方式（indicators.toml 的 rule）",
        "第 7 行“服务数量”的打分步长 step、专家人数 raters（indicators.toml 的 rule）",
        "主管部门（scheme.toml 的 authority）",
        "测评期（scheme.toml 的 period）",
        "等次和分数线（outcome.toml 的 bands_origin 和 [[band]]）",
    ]


def test_with_example_parameters_the_draft_is_a_scheme_that_says_so(tmp_path: Path) -> None:
    draft = draft_of(sheet(tmp_path), NAMED, illustrative=True)
    scheme, findings = loaded(tmp_path, draft)
    assert (findings, draft.open) == ([], [])
    assert scheme is not None
    assert [(one.key, one.title, one.item.weight, one.item.origin, one.item.rule.kind) for one in scheme.scored] == [
        ("i1-1", "专职人员", 10, "official", "count"),
        ("i1-2", "服务场所", 10, "official", "flag"),
        ("i1-3-1", "制度健全", 10, "official", "judge"),
        ("i1-3-2", "制度执行", 10, "illustrative", "judge"),
        ("i2-1", "服务数量", 60, "illustrative", "judge"),
    ]
    assert scheme.indicators.leaves[3].description == "年度服务\n企业数\n专家评分"
    assert scheme.outcome.bands_origin == "illustrative"
    assert [one.id for one in scheme.header.readings] == ["categories", "form", "metrics", "judged", "bands"]


def test_weights_that_do_not_add_are_said(tmp_path: Path) -> None:
    rows = [[*row] for row in ROWS]
    rows[0][5], rows[1][5] = 5, "若干"
    read = sheet(tmp_path, rows=rows)
    assert [(one.code, dict(one.values)) for one in read.findings] == [
        ("intake_weight", {"given": "若干"}),
        ("intake_branch_sum", {"name": "服务能力", "given": "25", "stated": "40"}),
        ("intake_weight_sum", {"given": "85", "wanted": "100"}),
    ]
    draft = draft_of(read, NAMED, illustrative=True)
    assert [place for _, place, _ in loaded(tmp_path, draft)[1]] == [
        "indicator[2].item[1].weight",
        "indicator[2].item[1].full",
        "indicator[2].item[1].rule",
    ]


def test_shares_of_one_and_percents_become_points_of_a_hundred(tmp_path: Path) -> None:
    def change(_: Workbook, page: Any) -> None:
        for row in (2, 3):
            page[f"B{row}"].number_format = "0%"

    rows: list[list[Any]] = [["一级指标", "权重", "二级指标", "权重"], ["甲", 1, "乙", 0.25], ["", "", "丙", 0.75]]
    read = take_in_scheme(workbook(tmp_path / "a.xlsx", rows, change))
    assert [item.weight for _, _, item in read.rows()] == [Decimal(25), Decimal(75)]
    assert [one.code for one in read.findings] == ["intake_header_unknown"]
    assert [(branch.title, leaf.title) for branch, leaf, _ in read.rows()] == [("甲", "乙"), ("甲", "丙")]


def test_a_table_without_weights_as_some_cities_publish(tmp_path: Path) -> None:
    rows = [["一级指标", "二级指标", "指标说明"], ["甲", "乙", "说明"], ["", "丙", ""], ["丁", "戊", ""]]
    path = workbook(tmp_path / "a.xlsx", rows)
    read = take_in_scheme(path)
    assert [one.code for one in read.findings] == ["intake_no_weights"]
    draft = draft_of(read, NAMED, illustrative=False)
    assert draft.open[:2] == [
        "第 2 行“乙”的评分方式（indicators.toml 的 rule）",
        "第 2 行“乙”的分值（indicators.toml 的 weight 和 full）",
    ]
    shared = draft_of(take_in_scheme(path), replace(NAMED, title="某市评价"), illustrative=True)
    scheme, findings = loaded(tmp_path, shared)
    assert (findings, shared.open) == ([], [])
    assert scheme is not None
    assert [(one.item.weight, one.item.full, one.item.readings) for one in scheme.scored] == [
        (Decimal("33.33"), 10, ("weights", "judged")),
        (Decimal("33.33"), 10, ("weights", "judged")),
        (Decimal("33.34"), 10, ("weights", "judged")),
    ]


@pytest.mark.parametrize(
    ("criteria", "method", "full", "rule"),
    [
        ("每有一个沟通渠道加20分，直到满分", "", 100, {"kind": "count", "points": "20", "cap": "100"}),
        ("每服务10家企业得2分，最高20分", "", 20, {"kind": "count", "points": "2", "cap": "20", "every": "10"}),
        ("建立专家库的得5分，否则不得分。", "", 5, {"kind": "flag", "points": "5"}),
        ("", "专家评分", 10, {"kind": "judge", "max": "10"}),
        ("3位评委评议，精确到0.5分", "", 10, {"kind": "judge", "max": "10", "step": "0.5", "raters": "3"}),
        # What says more than one rule can, or less, is left to a person.
        ("每有一个得2分，最高10分；国家级另加5分", "", 10, None),
        ("每有一个得2分，最高20分", "", 10, None),
        ("每有一个得2分", "", 10, None),
        ("建立专家库得3分，否则不得分", "", 5, None),
        ("优5分，良3分，差0分", "", 5, None),
        ("酌情给分", "", 5, None),
        ("", "", 5, None),
    ],
)
def test_words_become_a_rule_only_when_they_leave_nothing_open(
    criteria: str, method: str, full: int, rule: dict[str, str] | None
) -> None:
    found = understood(criteria, method, Decimal(full), "m1")
    given = (
        {key: text.strip('"') for key, text in found.rule.items() if key not in ("metric", "when")} if found else None
    )
    assert given == rule


@pytest.mark.parametrize("text", ['a"b\\c\n"""\t', "\x7f\x1f", "喆堃𠮷", "# [x] = 1"])
def test_any_text_is_quoted_so_that_it_comes_back(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}
