"""Gates, scores, vetoes, floors and bands of one institution, each at its edge and each with something missing."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ceping.core.exact import text_of
from ceping.core.results import Ruling, Standing, grade_of, standing_of
from ceping.core.results.grading import INCOMPLETE, within
from ceping.core.scheme.indicators import IndicatorsFile
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.outcome import Band, OutcomeFile
from ceping.core.scheme.values import MetricValue, Values, Which

INDICATORS = """
title = "小"
metric.a = { title = "甲", use = "verified" }
metric.b = { title = "乙", use = "verified" }
metric.bad = { title = "失信", use = "verified", type = "yes_no" }
branch = [{ id = "x", title = "一" }, { id = "y", title = "二" }]
[[indicator]]
id = "p"
branch = "x"
title = "子"
clause = "第一条"
sources = ["agency"]
[[indicator.item]]
weight = "60"
full = "9"
origin = "official"
rule = { kind = "count", metric = "a", points = "1", cap = "9" }
[[indicator]]
id = "q"
branch = "y"
title = "丑"
clause = "第二条"
sources = ["agency"]
[[indicator.item]]
id = "q1"
weight = "30"
full = "3"
origin = "official"
rule = { kind = "count", metric = "b", points = "1", cap = "3" }
[[indicator.item]]
id = "q2"
weight = "10"
full = "1"
origin = "official"
rule = { kind = "count", metric = "b", points = "0.1", cap = "1" }
"""
OUTCOME = """
gate_failed_grade = "不参评"
bands_origin = "official"
robustness = { spread = "0.2", origin = "official" }
[[gate]]
id = "ten"
title = "甲不少于3"
when = { metric = "a", op = ">=", value = 3 }
clause = "第三条"
origin = "official"
waivable_by = ["organiser"]
except_categories = ["legal"]
[[gate]]
id = "hard"
title = "乙不为负"
when = { metric = "b", op = ">=", value = 0 }
clause = "第四条"
origin = "official"
[[veto]]
id = "dishonest"
title = "失信"
when = { metric = "bad", op = "==", value = "yes" }
grade = "差"
clause = "第五条"
origin = "official"
[[veto]]
id = "forged"
title = "造假"
when = { metric = "b", op = "==", value = 1 }
by_decision = true
grade = "中"
clause = "第六条"
origin = "official"
[[veto]]
id = "ruled"
title = "裁定"
by_decision = true
grade = "中"
clause = "第七条"
origin = "official"
[[floor]]
id = "branch-y"
node = "y"
at_least = "15.5"
grade = "中"
clause = "第八条"
origin = "official"
[[band]]
grade = "优"
above = "85"
[[band]]
grade = "中"
at_least = "50"
at_most = "85"
[[band]]
grade = "差"
below = "50"
"""


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    whole, _ = load("shanghai-2021")
    assert whole is not None
    indicators = IndicatorsFile.model_validate(tomllib.loads(INDICATORS))
    return replace(whole, indicators=indicators, outcome=OutcomeFile.model_validate(tomllib.loads(OUTCOME)))


def stand(scheme: Scheme, a: str | None = "9", b: str | None = "3", bad: str | None = "no", **asked: Any) -> Standing:
    standing, findings = stand_with_findings(scheme, a, b, bad, **asked)
    assert findings == []
    return standing


def stand_with_findings(
    scheme: Scheme,
    a: str | None = "9",
    b: str | None = "3",
    bad: str | None = "no",
    **asked: Any,
) -> tuple[Standing, list[str]]:
    numbers = {"a": a, "b": b}
    found: dict[str, Any] = {name: None if text is None else Decimal(text) for name, text in numbers.items()}
    values = Values({n: MetricValue(n, Which.VERIFIED, v) for n, v in (found | {"bad": bad}).items()})
    settings = {"category": "startup", "weights": {}, "rulings": []} | asked
    standing, findings = standing_of(scheme, values, **settings)
    return standing, [finding.code for finding in findings]


def ruling(kind: str, rule_id: str, effect: str, role: str = "organiser") -> Ruling:
    return Ruling(kind, rule_id, effect, role, "理由", "decisions.csv:2")


WAIVE = ruling("waiver", "ten", "waive")


def test_scores_are_rounded_and_the_printed_ones_add_to_the_total(scheme: Scheme) -> None:
    standing = stand(scheme, "4", "2")
    assert [text_of(item.score) for item in standing.items if item.score] == ["26.67", "20.00", "2.00"]
    assert (standing.total, standing.grade, standing.ranks) == (Decimal("48.67"), "差", True)


def test_weights_of_the_season_take_the_place_of_the_schemes(scheme: Scheme) -> None:
    weights = {"p": Decimal(20), "q1": Decimal(50), "q2": Decimal(30)}
    assert text_of(stand(scheme, weights=weights).total or 0) == "79.00"


@pytest.mark.parametrize(
    ("value", "grade"), [("85.01", "优"), ("85", "中"), ("50", "中"), ("49.99", "差"), ("-1", "差"), ("100", "优")]
)
def test_bands_at_their_edges(scheme: Scheme, value: str, grade: str) -> None:
    assert grade_of(scheme.outcome.bands, Decimal(value)) == grade


@pytest.mark.parametrize(
    ("edge", "at", "below"), [("at_least", True, False), ("above", False, False), ("at_most", True, True)]
)
def test_an_edge_belongs_where_it_says(edge: str, *, at: bool, below: bool) -> None:
    band = Band.model_validate({"grade": "x", edge: "60"})
    assert (within(band, Decimal(60)), within(band, Decimal("59.99"))) == (at, below)


@pytest.mark.parametrize(
    ("a", "category", "rulings", "passed", "waived", "grade"),
    [
        *(("3", "startup", [], True, False, "中"), ("2", "startup", [], False, False, "不参评")),
        *(("2", "startup", [WAIVE], False, True, "差"), ("3", "startup", [WAIVE], True, False, "中")),
        *(("2", "legal", [], True, False, "差"), ("2", "法律服务类", [], False, False, "不参评")),
        ("2", "startup", [ruling("waiver", "ten", "refuse")], False, False, "不参评"),
        ("2", "startup", [ruling("waiver", "ten", "waive", "assessor")], False, False, "不参评"),
        ("2", "startup", [ruling("waiver", "hard", "waive")], False, False, "不参评"),
        *((None, "startup", [], None, False, INCOMPLETE), (None, "startup", [WAIVE], None, False, INCOMPLETE)),
    ],
)
def test_gates(
    scheme: Scheme, a: str | None, category: str, rulings: list[Ruling], *, passed: bool, waived: bool, grade: str
) -> None:
    standing = stand(scheme, a, category=category, rulings=rulings)
    gate = standing.gates[0]
    assert (gate.passed, gate.waived, standing.grade) == (passed, waived, grade)
    assert standing.ranks == (passed is True or waived)


def test_a_gate_nobody_may_waive_stays_closed(scheme: Scheme) -> None:
    standing = stand(scheme, b="-1", rulings=[ruling("waiver", "hard", "waive")])
    assert (standing.grade, standing.grade_reason, standing.eligible) == ("不参评", "乙不为负", False)


def test_an_exception_is_told_in_official_words(scheme: Scheme) -> None:
    assert stand(scheme, "2", category="legal").gates[0].note == "法律服务类不适用本条件"


def test_a_failed_gate_is_told_before_what_is_missing(scheme: Scheme) -> None:
    standing = stand(scheme, "2", None)
    assert (standing.grade, standing.complete, standing.total) == ("不参评", False, None)


FORGED, RULED = ruling("veto", "forged", "veto"), ruling("veto", "ruled", "veto")


@pytest.mark.parametrize(
    ("b", "bad", "rulings", "vetoes", "grade"),
    [
        *(("3", "yes", [], ["dishonest"], "差"), ("1", "no", [], [], "中"), ("1", "no", [FORGED], ["forged"], "中")),
        *(("3", "no", [RULED], ["ruled"], "中"), ("3", "no", [ruling("veto", "ruled", "refuse")], [], "优")),
        ("1", "yes", [RULED, FORGED], ["dishonest", "forged", "ruled"], "差"),
    ],
)
def test_vetoes(scheme: Scheme, b: str, bad: str, rulings: list[Ruling], vetoes: list[str], grade: str) -> None:
    standing = stand(scheme, b=b, bad=bad, rulings=rulings)
    assert ([veto.veto.id for veto in standing.vetoes], standing.grade) == (vetoes, grade)
    assert standing.ranks == (not vetoes)


@pytest.mark.parametrize("b", ["3", None])
def test_a_veto_cannot_be_decided_before_it_is_open(scheme: Scheme, b: str | None) -> None:
    standing, findings = stand_with_findings(scheme, b=b, rulings=[FORGED])
    assert findings == ["veto_not_open"]
    assert standing.vetoes == ()


def test_a_veto_nobody_can_answer_leaves_the_result_incomplete(scheme: Scheme) -> None:
    standing = stand(scheme, bad=None)
    assert (standing.vetoes, standing.complete, standing.ranks, standing.grade) == ((), False, False, INCOMPLETE)


def test_a_veto_stands_though_something_is_missing(scheme: Scheme) -> None:
    assert stand(scheme, "9", None, "yes").grade == "差"


@pytest.mark.parametrize(
    ("a", "b", "floors", "grade", "reason"),
    [
        ("9", "1.5", ["branch-y"], "中", "总分 71.00"),
        ("9", "2", [], "中", "总分 82.00"),
        ("9", "3", [], "优", "总分 93.00"),
        ("3", "1", ["branch-y"], "差", "总分 31.00"),
    ],
)
def test_a_floor_lowers_and_never_raises(
    scheme: Scheme, a: str, b: str, floors: list[str], grade: str, reason: str
) -> None:
    standing = stand(scheme, a, b)
    assert (list(standing.floors), standing.grade, standing.grade_reason) == (floors, grade, reason)


def test_a_floor_of_a_branch_reads_all_its_items(scheme: Scheme) -> None:
    high = scheme.outcome.floors[0].model_copy(update={"at_least": Decimal("33.01")})
    outcome = scheme.outcome.model_copy(update={"floors": (high,)})
    standing = stand(replace(scheme, outcome=outcome))
    assert (standing.total, standing.grade) == (Decimal("93.00"), "中")
    assert standing.grade_reason == "y 低于 33.01，等次不高于 中"


@pytest.mark.parametrize("missing", ["a", "b"])
def test_what_is_missing_is_no_zero(scheme: Scheme, missing: str) -> None:
    standing = stand(scheme, **{missing: None})
    assert (standing.total, standing.grade, standing.ranks, standing.floors) == (None, INCOMPLETE, False, ())


def test_a_gap_the_values_do_not_show_keeps_from_ranking(scheme: Scheme) -> None:
    standing = stand(scheme, gaps=True)
    assert (standing.total, standing.grade, standing.ranks) == (Decimal("93.00"), INCOMPLETE, False)
