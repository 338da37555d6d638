"""points.toml: the shipped file is clean, and every way to spoil it is a finding at its key."""

from pathlib import Path
from typing import Any

import pytest

from ceping.core.scheme.points import PointsFile, points_faults
from ceping.core.scheme.reading import read_toml, table_of

SHIPPED = Path(__file__).parents[2] / "src/ceping/schemes/shanghai-2021/points.toml"


@pytest.fixture
def data() -> dict[str, Any]:
    table, findings = read_toml(SHIPPED, file="points.toml")
    assert findings == []
    assert table is not None
    return table


def faults_in(data: dict[str, Any]) -> list[tuple[str, str]]:
    points, findings = table_of(PointsFile, data, file="points.toml")
    found = findings if points is None else points_faults(points, "points.toml")
    for finding in found:
        assert finding.message("zh")
        assert finding.remedy("zh")
        assert finding.message("en")
        assert finding.remedy("en")
    return [(finding.code, finding.place) for finding in found]


def test_the_shipped_file_is_clean_and_whole(data: dict[str, Any]) -> None:
    assert faults_in(data) == []
    points = PointsFile.model_validate(data)
    assert [(rule.rule_id, rule.points, rule.cap) for rule in points.rules] == [
        ("company.years", 5, None),
        ("company.introduction", 20, None),
        ("company.website", 20, None),
        ("company.certificates", 10, 200),
        ("product.count", 10, None),
        ("shop.decoration", 50, None),
        ("login.day", 1, None),
        ("login.streak", 5, None),
        ("follow.personal", 1, None),
        ("follow.enterprise", 3, None),
        ("order.completed", 10, None),
        ("rating.good.personal", 1, None),
        ("rating.good.enterprise", 2, None),
        ("comment.personal", 1, None),
        ("comment.enterprise", 2, None),
        ("reply", 2, None),
        ("rating.rate", 50, None),
    ]
    assert [(row.level, row.rank, row.least) for row in points.levels] == [
        *(("star", n, least) for n, least in enumerate([1, 101, 201, 301, 401], 1)),
        *(("diamond", n, least) for n, least in enumerate([501, 1001, 2001, 3001, 4001], 1)),
        *(("crown", n, least) for n, least in enumerate([5001, 10001, 20001, 40001, 80001], 1)),
    ]
    assert {rule.score for rule in points.rules} == {str(rule.points) for rule in points.rules}


def spoil_rule(key: str, value: object, number: int = 0) -> Any:
    return lambda data: data["rule"][number].__setitem__(key, value)


def spoil_measure(number: int, **values: object) -> Any:
    return lambda data: data["rule"][number]["measure"].update(values)


def spoil_level(number: int, **values: object) -> Any:
    return lambda data: data["level"][number].update(values)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (spoil_rule("points", -1), [("points_out_of_range", "rule[1].points")]),
        (spoil_rule("points", 1_000_001), [("points_out_of_range", "rule[1].points")]),
        (spoil_rule("points", "5"), [("wrong_type", "rule[1].points")]),
        (spoil_rule("points", value=True), [("wrong_type", "rule[1].points")]),
        (spoil_rule("cap", -1), [("points_out_of_range", "rule[1].cap")]),
        (spoil_rule("rule_id", "product count"), [("points_id_malformed", "rule[1].rule_id")]),
        (
            spoil_rule("rule_id", "reply"),
            [("points_rule_twice", "rule[1].rule_id"), ("points_rule_twice", "rule[16].rule_id")],
        ),
        (spoil_rule("weight", 1), [("key_unknown", "rule[1].weight")]),
        (lambda data: data["rule"][0].pop("unit"), [("key_missing", "rule[1].unit")]),
        (spoil_measure(0, fact="founded"), [("choice_unknown", "rule[1].measure.fact")]),
        (spoil_measure(0, kind="yearly"), [("kind_unknown", "rule[1].measure")]),
        (spoil_measure(6, where={"kinds": ["logins"]}), [("choice_unknown", "rule[7].measure.where.kinds[1]")]),
        (spoil_measure(6, where={"kinds": ["void"]}), [("choice_unknown", "rule[7].measure.where.kinds[1]")]),
        (spoil_measure(7, length=0), [("points_out_of_range", "rule[8].measure.length")]),
        (spoil_measure(16, denominator=0), [("points_out_of_range", "rule[17].measure.denominator")]),
        (spoil_measure(16, numerator=11), [("points_out_of_range", "rule[17].measure.numerator")]),
        (spoil_level(1, least=100), [("points_levels_overlap", "level[2].least")]),
        (spoil_level(1, least=102), [("points_levels_gap", "level[2].least")]),
        (spoil_level(14, most=99_999), [("points_levels_end", "level[15].most")]),
        (
            spoil_level(1, least=201),
            [("points_level_reversed", "level[2]"), ("points_levels_gap", "level[2].least")],
        ),
        (spoil_level(1, rank=1), [("points_level_twice", "level[1]"), ("points_level_twice", "level[2]")]),
        (spoil_level(0, least=0), [("points_out_of_range", "level[1].least")]),
        (spoil_level(0, rank=0), [("points_out_of_range", "level[1].rank")]),
        (spoil_level(0, level="gold"), [("points_level_unnamed", "level[1].level")]),
        (
            lambda data: data["level_name"].append({"level": "none", "name": "无"}),
            [("points_id_malformed", "level_name[4].level")],
        ),
    ],
)
def test_every_way_to_spoil_it_is_a_finding(spoil: Any, expected: list[tuple[str, str]], data: dict[str, Any]) -> None:
    spoil(data)
    assert faults_in(data) == expected
