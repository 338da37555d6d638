"""Values given as they came out before stand for their sources; what people wrote never reaches a trace."""

from decimal import Decimal

import pytest

from ceping.core.assessment import Adjudication, Mark, judged
from ceping.core.evaluation import Entry, Verified
from ceping.core.evaluation.values import metric_values
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.values import Input, MetricValue, Which

CODE = "91310199MADE00011A"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    found, _ = load("shanghai-2021")
    assert found is not None
    return found


def test_a_given_value_stands_before_its_source(scheme: Scheme) -> None:
    given = MetricValue("fulltime_count", Which.CLAIMED, Decimal(12), "report.json answers.fulltime_total", "x")
    entry = Entry(
        CODE, "甲", "startup", answers={"fulltime_total": "99"}, given={"fulltime_count": {Which.CLAIMED: given}}
    )
    values = metric_values(scheme, entry, None)["fulltime_count"]
    assert values[Which.CLAIMED] == given
    assert values[Which.VERIFIED] == MetricValue("fulltime_count", Which.VERIFIED, None)


def test_a_quotient_is_worked_out_of_given_parts(scheme: Scheme) -> None:
    name, metric = next((name, one) for name, one in scheme.indicators.metrics.items() if one.quotient)
    assert metric.quotient is not None
    parts = {metric.quotient.over: Decimal(1), metric.quotient.under: Decimal(3)}
    given = {part: {metric.use: MetricValue(part, metric.use, value)} for part, value in parts.items()}
    value = metric_values(scheme, Entry(CODE, "甲", "startup", given=given), None)[name][metric.use].value
    assert value == Decimal("0." + "3" * 50)


def test_a_verified_value_keeps_its_reason_to_itself(scheme: Scheme) -> None:
    recorded = Verified(Decimal(3), "张三说的", "李四", "verified.csv")
    name = next(name for name, metric in scheme.indicators.metrics.items() if metric.by_hand)
    found = metric_values(scheme, Entry(CODE, "甲", "startup", verified={name: recorded}), None)[name][Which.VERIFIED]
    assert found == MetricValue(name, Which.VERIFIED, Decimal(3), "verified.csv")


def test_marks_and_rulings_keep_reasons_and_names_to_themselves(scheme: Scheme) -> None:
    judge = next(item.judge for item in scheme.scored if item.judge is not None)
    found = judged(
        judge,
        [Mark("A01", Decimal(1), None, "张三说的", "marks.csv")],
        Adjudication(Decimal(2), "李四", "理由", "a.csv"),
    )
    assert found.inputs == (Input("mark:A01", "mark", "1", "marks.csv"), Input("adjudication", "mark", "2", "a.csv"))
