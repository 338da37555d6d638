"""The report page says what results.json says, number by number, and names what stands behind it."""

import statistics
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from ceping.core.evaluation import Entry, Settings, evaluate
from ceping.core.evaluation.trace import result_json
from ceping.core.scheme.loading import load
from ceping.documents.page import page_values, report_page
from tests.factories.report_page import Page, Sample

ILLUSTRATIVE = "示例参数，官方文件未公布"
INCOMPLETE = "不完整：有缺少的文件或数值"


@pytest.fixture(scope="module")
def page(sample: Sample) -> Page:
    return Page(report_page(sample.values()))


def in_order(results: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(results["institutions"], key=lambda one: (one["rank"] is None, one["rank"] or 0, one["uscc"]))


def text(value: object) -> str:
    return "—" if value is None else str(value)


def span(interval: list[int] | None) -> str:
    return "—" if interval is None else f"{interval[0]}—{interval[1]}"


def percent(share: str | None) -> str:
    return "—" if share is None else f"{Decimal(share) * 100:.2f}%"


def test_the_ranking_is_that_of_the_results(page: Page, sample: Sample) -> None:
    titles = {category.id: category.title for category in sample.scheme.header.categories}
    rows = page.table("t-ranking").body
    shown = [[row[0], row[2], *row[3:7]] for row in rows]
    assert shown == [
        [
            text(one["rank"]),
            titles[one["category"]],
            text(one["total"]),
            one["grade"],
            text(one["rank_in_category"]),
            span(one["rank_interval"]),
        ]
        for one in in_order(sample.results)
    ]
    assert [row[1].startswith(one["name"]) for row, one in zip(rows, in_order(sample.results), strict=True)] == (
        [True] * len(rows)
    )


def test_every_score_stands_with_its_institution(page: Page, sample: Sample) -> None:
    titles = [item.title for item in sample.scheme.scored]
    for number, one in enumerate(in_order(sample.results), 1):
        rows = page.items_of(number)
        assert [row[0] for row in rows] == titles
        assert [row[3] for row in rows] == list(one["scores"].values())
        assert [Decimal(row[2]) - Decimal(row[3]) for row in rows] == [Decimal(row[4]) for row in rows]
        weights = [Decimal(item["weight"]) for item in one["trace"]["items"].values()]
        assert [Decimal(row[2]) for row in rows] == weights
        assert [row[5] for row in rows] == [
            f"{(Decimal(score) * 100 / weight).quantize(Decimal('0.1'), rounding='ROUND_HALF_UP')}%"
            for score, weight in zip(one["scores"].values(), weights, strict=True)
        ]


def test_the_embedded_numbers_are_those_of_the_results(page: Page, sample: Sample) -> None:
    kept = ("uscc", "name", "category", "total", "grade", "rank", "rank_in_category", "rank_interval", "scores")
    shown = [{key: one[key] for key in kept} for one in page.embedded["institutions"]]
    assert shown == [{key: one[key] for key in kept} for one in in_order(sample.results)]
    rates = {one["uscc"]: one["rates"]["verification"] for one in sample.verification["institutions"]}
    assert [one["verification"] for one in page.embedded["institutions"]] == [
        [rates[one["uscc"]][key] for key in ("value", "low", "high")] for one in in_order(sample.results)
    ]


def test_intervals_have_their_table(page: Page, sample: Sample) -> None:
    ranked = [one for one in in_order(sample.results) if one["rank_interval"]]
    shown = [[row[0], row[1], row[2], row[3]] for row in page.table("t-intervals").body]
    assert shown == [[str(one["rank"]), one["name"], *map(str, one["rank_interval"])] for one in ranked]


def share(text: str) -> str:
    return f"{Decimal(text) * 100:.1f}%"


def test_how_firm_each_rank_is_stands_as_the_file_has_it(page: Page, sample: Sample) -> None:
    firm = {one["uscc"]: one for one in sample.robustness["institutions"]}
    titles = {item.key: item.title for item in sample.scheme.scored}
    ranking, intervals = page.table("t-ranking").body, iter(page.table("t-intervals").body)
    parts = {table.inside: table.rows for table in page.tables if table.kind == "firm"}
    assert len(firm) == len(parts) == page.text.count("去掉任一项指标")
    for number, one in enumerate(in_order(sample.results), 1):
        told = firm.get(one["uscc"])
        assert ranking[number - 1][7] == ("—" if told is None else share(told["band_change_share"]))
        if told is None:
            continue
        changed = share(told["band_change_share"])
        left = [[rank for rank in told[name].values() if rank] for name in ("without_item", "without_assessor")]
        spans = [f"{min(ranks)}—{max(ranks)}" for ranks in left]
        assert next(intervals)[4:] == [changed, *spans]
        weights, items, assessors = parts[f"i{number}"]
        assert weights == [f"权重在 ±20% 内变动等次变动率 {changed}", span(told["rank_interval"])]
        assert [items[1], assessors[1]] == spans
        for row, ranks in ((items, told["without_item"]), (assessors, told["without_assessor"])):
            moved = {titles.get(name, name): rank for name, rank in ranks.items() if rank != told["rank"]}
            said = row[0].removeprefix("去掉任一项指标").removeprefix("去掉任一名专家").partition("（共")[0]
            named = dict(part.split(" → ") for part in said.split("、")) if moved else {said: ""}
            assert named == ({name: str(moved[name]) for name in named} if moved else {"名次都不变": ""})
            assert len(named) == (min(len(moved), 3) or 1)
    assert any(Decimal(one["band_change_share"]) > 0 for one in firm.values())


def test_a_page_without_the_file_says_nothing_of_firmness(sample: Sample) -> None:
    shown = Page(report_page(sample.values(robustness=None)))
    assert {row[7] for row in shown.table("t-ranking").body} == {"—"}
    assert [table.kind for table in shown.tables].count("firm") == 0


def test_who_falls_out_of_the_ranking_is_named_first(sample: Sample) -> None:
    robustness = deepcopy(sample.robustness)
    one = next(one for one in robustness["institutions"] if len(set(one["without_assessor"].values())) > 1)
    one["without_assessor"]["A02"] = None
    shown = Page(report_page(sample.values(robustness=robustness)))
    assert shown.text.count("A02 → 不参加排名") == 1


def test_the_calls_are_those_of_the_verification(page: Page, sample: Sample) -> None:
    told = {one["uscc"]: one for one in sample.verification["institutions"]}
    expected = []
    for one in in_order(sample.results):
        calls = told[one["uscc"]]
        rate, liked, reached, answered = (
            calls["rates"][name] for name in ("verification", "satisfaction", "contact", "response")
        )
        expected.append(
            [
                *(one["name"], str(calls["frame"]), str(sum(calls["counts"].values()))),
                *(f"{rate['part']}/{rate['whole']}", percent(rate["value"])),
                *(f"{percent(rate['low'])}—{percent(rate['high'])}", percent(liked["value"])),
                *(f"{percent(liked['low'])}—{percent(liked['high'])}", percent(reached["value"])),
                *(percent(answered["value"]), calls["note"]),
            ]
        )
    assert page.table("t-calls").body == expected
    assert any("样本小" in row[-1] for row in expected)


def test_the_points_are_those_of_the_ledger(page: Page, sample: Sample) -> None:
    points = sample.scheme.points
    assert points is not None
    totals = {total.shop_id: total.points for total in sample.totals}
    given = {(line.shop_id, line.rule_id): line.points for line in sample.ledger}
    shown = {row[0]: row[2:] for row in page.table("t-shops").body if len(row) > 2}
    names = {one["uscc"]: one["name"] for one in sample.results["institutions"]}
    assert shown == {
        names[uscc]: [str(totals[shop]), *(str(given.get((shop, rule.rule_id), "")) for rule in points.rules)]
        for uscc, shop in sample.shops.items()
    }
    sums = [row[6] for row in page.table("t-rules").body]
    assert sums == [
        str(sum(line.points for line in sample.ledger if line.rule_id == rule.rule_id)) for rule in points.rules
    ]


def test_what_failed_stands_with_its_clause(page: Page, sample: Sample) -> None:
    gates = {gate.id: gate for gate in sample.scheme.outcome.gates}
    vetoes = {veto.id: veto for veto in sample.scheme.outcome.vetoes}
    expected = []
    for one in in_order(sample.results):
        for gate in one["gates"]:
            if not gate["passed"]:
                verdict = "豁免" if gate["waived"] else "未通过"
                expected.append((one["name"], gates[gate["rule_id"]].title, verdict, gates[gate["rule_id"]].clause))
        expected += [(one["name"], vetoes[name].title, "否决", vetoes[name].clause) for name in one["vetoes"]]
    rows = page.table("t-conditions").body
    assert [(row[0], row[2], row[4][: len(verdict)]) for row, (*_, verdict, _) in zip(rows, expected, strict=True)] == [
        (name, title, verdict) for name, title, verdict, _ in expected
    ]
    assert [row[5].removesuffix(" 示例") for row in rows] == [clause for *_, clause in expected]
    assert {verdict for *_, verdict, _ in expected} == {"豁免", "未通过", "否决"}
    assert "（organiser）" not in page.text


def test_lost_points_stand_with_rule_and_clause(page: Page, sample: Sample) -> None:
    rows = page.table("t-items").body
    assert [row[8] for row in rows] == [item.leaf.clause for item in sample.scheme.scored]
    assert [row[0].removesuffix(" 示例") for row in rows] == [
        item.branch.title + item.title for item in sample.scheme.scored
    ]
    assert all(row[7] for row in rows)


def test_boxes_and_bins_count_those_compared(page: Page, sample: Sample) -> None:
    compared = [
        one
        for one in sample.results["institutions"]
        if all(gate["passed"] or gate["waived"] for gate in one["gates"]) and not one["vetoes"]
    ]
    assert sum(int(row[1]) for row in page.table("t-bins").body) == len(compared) < len(sample.results["institutions"])
    boxes = {row[0]: row for row in page.table("t-boxes").body}
    for category in sample.scheme.header.categories:
        totals = sorted(Decimal(one["total"]) for one in compared if one["category"] == category.id)
        assert (boxes[category.title][3], boxes[category.title][7]) == (str(totals[0]), str(totals[-1]))


def test_the_scheme_is_named_with_its_readings(page: Page, sample: Sample) -> None:
    assert sample.scheme.label in page.text
    assert page.text.count(sample.scheme.sha256) == 2
    assert len(page.table("t-readings").body) == sum(
        len(part.readings) for part in (sample.scheme.header, sample.scheme.form, sample.scheme.points) if part
    )


def test_open_parameters_are_marked_wherever_they_count(page: Page, sample: Sample) -> None:
    # Head, ranking, totals, intervals, gates and losses, calls, institutions, terms; and the terms' own line.
    assert page.text.count(ILLUSTRATIVE) == 9
    confirmed = {**sample.results, "parameters": "confirmed"}
    settled = Page(report_page(sample.values(results=confirmed)))
    assert (settled.text.count(ILLUSTRATIVE), settled.text.count("参数经确认")) == (0, 1)


def test_whole_results_are_not_called_incomplete(page: Page, sample: Sample) -> None:
    assert "不完整" not in page.text
    assert INCOMPLETE in Page(report_page(sample.values(incomplete=True))).text


def test_a_missing_score_is_told(sample: Sample) -> None:
    results = deepcopy(sample.results)
    one = in_order(results)[0]
    key = next(iter(one["scores"]))
    one["scores"][key] = one["total"] = one["rank"] = one["rank_in_category"] = one["rank_interval"] = None
    one["trace"]["items"][key]["score"] = one["trace"]["items"][key]["rule"]["result"] = None
    one["grade"] = "不完整"
    shown = Page(report_page(sample.values(results=results)))
    assert INCOMPLETE in shown.text
    (row,) = [row for row in shown.table("t-ranking").body if row[1].startswith(one["name"])]
    assert (row[0], row[3], row[4], row[6], row[9]) == ("—", "—", "不完整", "—", "不完整")
    assert [row[:3] for row in shown.table("t-conditions").body if row[1] == "缺项"] == [
        [one["name"], "缺项", sample.scheme.scored[0].title]
    ]


def test_the_same_results_give_the_same_bytes(sample: Sample) -> None:
    results = {**sample.results, "institutions": sample.results["institutions"][::-1]}
    assert report_page(sample.values()) == report_page(sample.values(results=results))


@pytest.mark.parametrize("name", ["shanghai-2021", "miit-2017", "tech-sme", "shanghai-2022-gates"])
def test_every_shipped_scheme_has_a_page(name: str) -> None:
    scheme, _ = load(name)
    assert scheme is not None
    category = scheme.header.categories[0].id
    outcome = evaluate(scheme, [Entry("U1", "甲", category), Entry("U2", "乙", category)], Settings("a", "b"))
    head = {"scheme": {"id": scheme.id, "version": scheme.version, "sha256": scheme.sha256}}
    told = [result_json(scheme, result) for result in outcome.results]
    results = {**head, "parameters": "illustrative", "institutions": told}
    shown = Page(report_page(page_values(results, {"institutions": []}, scheme, shops={})))
    assert [row[1][:1] for row in shown.table("t-ranking").body] == ["甲", "乙"]
    assert {row[4] for row in shown.table("t-ranking").body} == {one["grade"] for one in told}


def test_what_holds_a_grade_down_is_told_in_words(sample: Sample) -> None:
    results = deepcopy(sample.results)
    one = in_order(results)[0]
    (floor,) = sample.scheme.outcome.floors
    one["trace"]["floors"] = [{"id": floor.id, "node": "truth", "at_least": "5", "clause": floor.clause}]
    one["trace"]["grade"]["reason"] = "truth 低于 5，等次不高于 合格"
    ceiling = {"rule": "ceiling", "id": "late", "grade": "良好", "reason": "逾期提交", "clause": "第九条"}
    one["trace"]["grade"]["steps"] = [{"rule": "bands", "grade": "优秀", "reason": "总分 95"}, ceiling]
    shown = Page(report_page(sample.values(results=results)))
    rows = [row for row in shown.table("t-conditions").body if row[0] == one["name"]]
    read = f"真实性核验 {one['scores']['truth']} 分"
    assert rows == [
        [one["name"], "最低要求", "真实性核验不低于 5 分", read, "未达到", f"{floor.clause} 示例"],
        [one["name"], "等次上限", "逾期提交", "—", "良好", "第九条"],
    ]
    assert "真实性核验 低于 5，等次不高于 合格" in shown.text


def test_each_item_stands_against_its_category(page: Page, sample: Sample) -> None:
    def shares(key: str, category: str) -> list[Fraction]:
        return [
            Fraction(one["scores"][key]) * 100 / Fraction(one["trace"]["items"][key]["weight"])
            for one in sample.results["institutions"]
            if one["category"] == category
            and all(gate["passed"] or gate["waived"] for gate in one["gates"])
            and not one["vetoes"]
        ]

    def shown(value: Fraction) -> str:
        return str((Decimal(value.numerator) / value.denominator).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))

    for number, one in enumerate(in_order(sample.results), 1):
        for row, key in zip(page.items_of(number), one["scores"], strict=True):
            found = shares(key, one["category"])
            lower, median, upper = statistics.quantiles(found, n=4, method="inclusive") if len(found) > 1 else found * 3
            assert row[6] == f"{shown(median)}（{shown(lower)}—{shown(upper)}）"
            embedded = page.embedded["peers"][one["category"]][key]
            assert embedded[1:4] == [shown(lower), shown(median), shown(upper)]
