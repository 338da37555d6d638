"""Compact schemes of other places: clean under every check, their cases agree, and they can be shown."""

import re

import pytest

from ceping.cli.scheme_page import page_of
from ceping.core.evaluation.cases import run_cases
from ceping.core.scheme.comparing import differences
from ceping.core.scheme.rules import rules_in
from tests.factories.synthetic import NAMES, SYNTHETIC, synthetic


def test_they_are_what_the_language_must_hold() -> None:
    assert NAMES == ["jiangsu-index", "social-organisation", "testing-credit"]
    kinds = {rule.kind for name in NAMES for item in synthetic(name).scored for rule in rules_in(item.item.rule)}
    assert kinds == {"count", "deduct", "judge", "peer", "period", "ratio", "sum", "tier", "weighted"}


@pytest.mark.parametrize("name", NAMES)
def test_its_cases_come_out(name: str) -> None:
    ran, findings = run_cases(synthetic(name), SYNTHETIC / name)
    assert findings == []
    assert len(set(ran)) == len(ran) >= 7


@pytest.mark.parametrize("name", NAMES)
def test_its_page_names_everything_that_counts(name: str) -> None:
    scheme = synthetic(name)
    page = page_of(scheme)
    outcome = scheme.outcome
    bonus = outcome.bonus.items if outcome.bonus is not None else ()
    wanted = [item.title for item in scheme.scored] + [item.title for item in bonus]
    wanted += [one.title for one in (*outcome.gates, *outcome.ceilings, *outcome.history)]
    wanted += [label.label for label in outcome.mapping] + [band.grade for band in outcome.bands]
    assert [title for title in wanted if title not in page] == []
    assert re.search(r"None|Decimal|= (yes|no)\b| +$", page, re.MULTILINE) is None


def test_the_page_says_whom_an_item_is_for_and_what_is_missing() -> None:
    lines = page_of(synthetic("jiangsu-index")).splitlines()
    shown = "〔示例参数，官方文件未公布〕"
    assert f"  体系联网（network）权重 20，满分 20，只评服务中心{shown}" in lines
    assert "    服务企业在同类别机构中按与最好值之比折算，最高 30 分，没有可比的机构时 15 分" in lines
    assert "    各期相加，最高 30 分，缺的一期计 0" in lines
    assert f"名额：优秀不超过各类别参评数的 30%，同分者都不进（示例）{shown}" in lines
    assert "参评条件，不具备的为不参评" in lines
    assert "  5A  > 950  5A 级社会组织，★★★★★" in page_of(synthetic("social-organisation")).splitlines()
    assert "参评条件" not in page_of(synthetic("testing-credit"))


def test_schemes_with_other_files_can_be_compared() -> None:
    one, two = synthetic("testing-credit"), synthetic("social-organisation")
    assert differences(one, one) == []
    forth = {(d.file, d.place, d.left, d.right) for d in differences(one, two)}
    assert forth == {(d.file, d.place, d.right, d.left) for d in differences(two, one)}
    assert ("scheme.toml", "id", "testing-credit", "social-organisation") in forth
