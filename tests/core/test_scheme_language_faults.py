"""One change to a compact scheme gives exactly its finding, with file and place, in both languages."""

from pathlib import Path

import pytest

from ceping.core.evaluation.cases import run_cases
from ceping.core.finding import Finding
from ceping.core.scheme.loading import Scheme, load_folder
from tests.factories.scheme_copy import put_right
from tests.factories.synthetic import SYNTHETIC

I, O = "indicators.toml", "outcome.toml"  # noqa: E741
Change = tuple[str, str, str, str]
J, S, T = "jiangsu-index", "social-organisation", "testing-credit"
SATISFIED = '[metric.satisfied]\ntitle = "满意率"\nuse = "verified"'
RUN = 'run = { of = ["good_2019", "good_2020", "satisfied"], op = ">=", value = "0.95", latest = true }'
PARTY = '[metric.party]\ntitle = "已建立党组织"\ntype = "yes_no"\nuse = "verified"'
PARTY_IS = 'when = { metric = "party", op = "==", value = "no" }'
GROWTH = 'growth = { before = "income_before", after = "income" }'
PRIVATES = 'title = "社会化机构"\ncategories = ["private"]'
PEER = 'method = "of_best", among = "category", points = "30", alone = "15"'
PERIOD = 'combine = "sum", missing = "zero", cap = "30"'
HONOUR = 'when = { metric = "honour", op == "==", value = "yes" }'
FLOOR = (
    '[[floor]]\nid = "low"\nnode = "{node}"\nat_least = "{least}"\ngrade = "一般"\nclause = "条"\n'
    'origin = "official"\n[[quota]]\n'
)
PARTY_RUN = (
    '[metric.party]\ntitle = "党"\ntype = "yes_no"\nuse = "verified"\n'
    'run = { of = ["honour", "projects"], op = ">=", value = "1" }'
)
SECOND_QUOTA = (
    '[[quota]]\ngrade = "优秀"\nshare = "0.5"\nwithin = "{within}"\nclause = "条"\norigin = "official"\n[[quota]]\n'
)
ANY_OF = (
    '[[any_of]]\nid = "direct"\ntitle = "直"\ngrade = "{grade}"\nclause = "条"\norigin = "official"\n'
    'any_of = [{{ metric = "{metric}", op = "==", value = "yes" }}]\n[[quota]]\n'
)
HISTORY = 'grades = ["较差"], seasons = 2, grade = "差"'

# fmt: off
CHANGES: list[tuple[Change, list[tuple[str, str, str]]]] = [
    # Metrics
    ((J, I, SATISFIED, SATISFIED.replace("verified", "claimed")),
     [("metric_without_source", I, "metric.satisfied"), ("derived_use_differs", I, "metric.good_years")]),
    ((J, I, RUN, RUN.replace('value = "0.95"', 'value = "高"')),
     [("comparison_mixed", I, "metric.good_years.run")] * 3),
    ((J, I, RUN, RUN.replace('"good_2020"', '"good_2021"')),
     [("metric_unused", I, "metric.good_2020"), ("reference_dangling", I, "metric.good_years.run")]),
    ((J, I, RUN, RUN.replace('["good_2019", "good_2020", "satisfied"]', '["satisfied"]')),
     [("value_refused", I, "metric.good_years.run.of")]),
    ((S, I, PARTY, PARTY_RUN),
     [("metric_type_wrong", I, "metric.party"), ("comparison_mixed", I, "metric.party.run")]),
    ((J, I, GROWTH, 'growth = { before = "national", after = "income" }'),
     [("metric_unused", I, "metric.income_before"), ("metric_not_number", I, "metric.income_growth.growth")]),
    ((J, I, GROWTH, 'growth = { before = "income_growth", after = "income" }'),
     [("metric_unused", I, "metric.income_before"), ("metric_circle", I, "metric.income_growth")]),
    ((J, I, GROWTH, GROWTH + '\nquotient = { over = "income", under = "income_before" }'),
     [("derivation_unclear", I, "metric.income_growth")]),
    ((J, I, GROWTH, GROWTH + '\nverified = { kind = "external", check = "x" }'),
     [("metric_type_wrong", I, "metric.income_growth.verified"),
      ("derived_with_source", I, "metric.income_growth")]),
    ((J, I, SATISFIED, SATISFIED + '\nverified = { kind = "calls", rate = "satisfaction" }'),
     [("source_file_missing", I, "metric.satisfied.verified")]),
    ((J, I, SATISFIED, SATISFIED + '\nplatform = { kind = "shop", of = "points" }'),
     [("source_file_missing", I, "metric.satisfied.platform")]),
    # Rules
    ((J, I, PEER, PEER.replace('"15"', '"-1"')), [("points_negative", I, "indicator reach")]),
    ((J, I, PEER, PEER.replace('"15"', '"31"')), [("full_exceeded", I, "indicator reach")]),
    ((J, I, PEER, PEER.replace('"15"', '"1.005"')), [("rounding_loses", I, "indicator reach.rule")]),
    ((J, I, PEER, PEER.replace("of_best", "best")), [("choice_unknown", I, "indicator[1].item[1].rule.method")]),
    ((J, I, 'metric = "clients", method', 'metric = "national", method'),
     [("metric_not_number", I, "indicator reach.rule"), ("metric_unused", I, "metric.clients")]),
    ((J, I, 'metric = "clients", method', 'metric = "client", method'),
     [("reference_dangling", I, "indicator reach.rule"), ("metric_unused", I, "metric.clients")]),
    ((J, I, PERIOD, PERIOD.replace("sum", "growth")),
     [("growth_points_unclear", I, "indicator events.rule"), ("full_unreachable", I, "indicator events")]),
    ((J, I, PERIOD, PERIOD + ', points = "5"'), [("growth_points_unclear", I, "indicator events.rule")]),
    ((J, I, PERIOD, PERIOD.replace("sum", "mean")), [("full_unreachable", I, "indicator events")]),
    ((J, I, 'target = "0.2"', 'target = "0"'), [("target_not_positive", I, "indicator income-growth.rule")]),
    # Cohorts
    ((J, I, PRIVATES, PRIVATES.replace('"private"', '"private", "centre"')),
     [("cohorts_overlap", I, "cohort privates")]),
    ((J, I, PRIVATES, PRIVATES.replace('"private"', '"privat"')),
     [("reference_dangling", I, "cohort privates.categories"), ("weights_do_not_add", I, "total")]),
    ((J, I, 'cohorts = ["privates"]', 'cohorts = ["private"]'),
     [("reference_dangling", I, "indicator income-growth.cohorts"), ("weights_do_not_add", I, "cohort privates")]),
    ((J, I, 'id = "privates"', 'id = "centres"'),
     [("id_repeated", I, "cohort"), ("reference_dangling", I, "indicator income-growth.cohorts")]),
    # Outcome
    ((J, O, "[[quota]]\n", FLOOR.format(node="growth", least="20")), []),
    ((J, O, "[[quota]]\n", FLOOR.format(node="growth", least="21")), [("floor_unreachable", O, "floor low.at_least")]),
    ((J, O, "[[quota]]\n", FLOOR.format(node="growth2", least="1")), [("reference_dangling", O, "floor low.node")]),
    ((J, O, "[[quota]]\n", ANY_OF.format(grade="优秀", metric="national")), []),
    ((J, O, "[[quota]]\n", ANY_OF.format(grade="优", metric="national")),
     [("reference_dangling", O, "any_of direct.grade")]),
    ((J, O, "[[quota]]\n", ANY_OF.format(grade="优秀", metric="nation")),
     [("reference_dangling", O, "any_of direct.any_of[1]")]),
    ((J, O, "[[quota]]\n", ANY_OF.format(grade="优秀", metric="clients")),
     [("comparison_mixed", O, "any_of direct.any_of[1]")]),
    ((J, O, 'share = "0.3"', 'share = "0"'), [("value_refused", O, "quota[1].share")]),
    ((J, O, 'share = "0.3"', 'share = "1.1"'), [("value_refused", O, "quota[1].share")]),
    ((J, O, '[[quota]]\ngrade = "优秀"', '[[quota]]\ngrade = "一般"'), [("quota_on_last_grade", O, "quota 一般")]),
    ((J, O, '[[quota]]\ngrade = "优秀"', '[[quota]]\ngrade = "最好"'), [("reference_dangling", O, "quota 最好")]),
    ((J, O, "[[quota]]\n", SECOND_QUOTA.format(within="category")), [("id_repeated", O, "quota category")]),
    ((J, O, "[[quota]]\n", SECOND_QUOTA.format(within="all")), []),
    ((J, O, 'total_cap = "105"', 'total_cap = "104.995"'), [("rounding_loses", O, "total_cap")]),
    ((J, O, 'total_cap = "105"', 'total_cap = "89"'), [("band_unreachable", O, "band 优秀")]),
    ((J, O, 'cap = "8"', 'cap = "8.5"'), [("full_unreachable", O, "bonus.cap")]),
    ((J, O, 'cap = "8"', 'cap = "0"'), [("value_refused", O, "bonus.cap")]),
    ((J, O, 'id = "nation"', 'id = "reach"'), [("id_repeated", O, "bonus")]),
    ((J, O, 'metric = "national", op', 'metric = "nation", op'),
     [("metric_unused", I, "metric.national"), ("reference_dangling", O, "bonus nation.rule.when")]),
    ((S, O, 'rule = { kind = "count", metric = "commissions", points = "15", cap = "60" }',
      'rule = { kind = "judge", max = "60", step = "1", raters = 2 }'),
     [("metric_unused", I, "metric.commissions"), ("bonus_judged", O, "bonus commissioned")]),
    ((S, O, '{ grade = "4A", label', '{ grade = "5A", label'), [("id_repeated", O, "mapping")]),
    ((S, O, '{ grade = "4A", label', '{ grade = "6A", label'), [("reference_dangling", O, "mapping 6A")]),
    ((S, O, "stars = 5", "stars = 6"), [("value_refused", O, "mapping[1].stars")]),
    ((S, O, PARTY_IS + '\ngrade = "4A"', PARTY_IS + '\ngrade = "4"'),
     [("reference_dangling", O, "ceiling party.grade")]),
    ((S, O, PARTY_IS, PARTY_IS.replace('"no"', '"没有"')), [("choice_unknown", O, "ceiling party.when")]),
    ((T, O, HISTORY, HISTORY.replace("seasons = 2", "seasons = 1")), [("value_refused", O, "history[1].seasons")]),
    ((T, O, HISTORY, HISTORY.replace('["较差"]', "[]")), [("value_refused", O, "history[1].grades")]),
    ((T, O, HISTORY, HISTORY.replace('["较差"]', '["较差", "最差"]')),
     [("reference_dangling", O, "history two-years")]),
]
# fmt: on


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies")


def changed(copies: Path, name: str, file: str, old: str, new: str) -> Path:
    folder = put_right(copies / name, SYNTHETIC / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    for finding in findings:
        for language in ("zh", "en"):
            assert finding.message(language)
            assert "{" not in finding.message(language) + finding.remedy(language)
    return [(finding.code, finding.file, finding.place) for finding in findings]


@pytest.mark.parametrize(("change", "wanted"), CHANGES, ids=[f"{c[0][0]} {c[0][3][:40]}" for c in CHANGES])
def test_one_change(copies: Path, change: Change, wanted: list[tuple[str, str, str]]) -> None:
    _, findings = load_folder(changed(copies, *change))
    assert told(findings) == wanted


def test_a_floor_must_be_within_reach_of_every_cohort(copies: Path) -> None:
    folder = changed(copies, J, O, "[[quota]]\n", FLOOR.format(node="growth", least="21"))
    text = (folder / I).read_text(encoding="utf-8")
    (folder / I).write_text(
        text.replace(
            'weight = "20"\nfull = "20"\norigin = "illustrative"\ncohorts = ["centres"]',
            'weight = "25"\nfull = "20"\norigin = "illustrative"\ncohorts = ["centres"]',
        ),
        encoding="utf-8",
    )
    _, findings = load_folder(folder)
    assert told(findings) == [
        ("weights_do_not_add", I, "cohort centres"),
        ("floor_unreachable", O, "floor low.at_least"),
    ]


@pytest.mark.parametrize("depth", [70, 80, 250])
def test_rules_nested_by_dotted_keys_are_read_or_refused(copies: Path, depth: int) -> None:
    nested, path = "", "indicator.item.rule"
    for _ in range(depth):
        path += ".parts"
        nested += f'[[{path}]]\nid = "p"\nkind = "sum"\n'
    leaf = f'[[{path}.parts]]\nid = "p"\nkind = "count"\nmetric = "projects"\npoints = "20"\ncap = "400"\n'
    old = 'rule = { kind = "count", metric = "projects", points = "20", cap = "400" }\n'
    new = f'\n[indicator.item.rule]\nkind = "sum"\n{nested}{leaf}'
    scheme, findings = load_folder(changed(copies, S, I, old, new))
    assert (scheme is not None, [f.code for f in findings]) == (
        (True, []) if depth == 70 else (False, ["toml_too_deep"])
    )
    told(findings)


def test_a_part_too_wide_is_told_and_not_reckoned(copies: Path) -> None:
    many = "9" * 24
    old = 'rule = { kind = "count", metric = "projects", points = "20", cap = "400" }\n'
    part = f'{{ id = "a", kind = "count", metric = "projects", points = "1", cap = "{many}" }}'
    parts = f'[{{ weight = "{many}", full = "0.00000000000000000001", rule = {part} }}]'
    _, findings = load_folder(changed(copies, S, I, old, f'rule = {{ kind = "weighted", parts = {parts} }}\n'))
    assert told(findings) == [
        ("full_exceeded", I, "indicator work.rule.parts[1]"),
        ("full_exceeded", I, "indicator work"),
    ]


def test_a_long_chain_of_metrics_is_walked_and_a_long_circle_told_once(copies: Path) -> None:
    links = [
        f'[metric.m{n}]\ntitle = "链"\nuse = "verified"\nquotient = {{ over = "m{n + 1}", under = "income" }}\n'
        for n in range(1200)
    ]
    last = '[metric.m1200]\ntitle = "端"\nuse = "verified"\n'
    old, gate = "[metric.clients]", '{ metric = "service_share", op = ">=", value = "0.6" }'
    folder = changed(copies, J, I, old, "".join(links) + last + old)
    outcome = folder / O
    text = outcome.read_text(encoding="utf-8").replace(
        gate, f'{{ or = [{gate}, {{ metric = "m0", op = "==", value = "7" }}] }}'
    )
    outcome.write_text(text, encoding="utf-8")
    scheme, findings = load_folder(folder)
    assert (scheme is not None, told(findings)) == (True, [])
    assert scheme is not None
    case = (
        'title = "链"\n[[case]]\nname = "一"\ncategory = "centre"\ngates = { service-share = true }\n'
        'metrics = { m1200 = "7", income = "1", service_income = "0.1" }\n'
    )
    (folder / "cases" / "worked.toml").write_text(case, encoding="utf-8")
    assert run_cases(scheme, folder) == (["cases/worked.toml：一"], [])
    text = (
        (folder / I).read_text(encoding="utf-8").replace(last, last + 'quotient = { over = "m0", under = "income" }\n')
    )
    (folder / I).write_text(text, encoding="utf-8")
    assert told(load_folder(folder)[1]) == [("metric_circle", I, "metric.m0")]


@pytest.mark.parametrize(
    ("before", "circle"),
    [
        ("income_growth", "income_growth → income_growth"),
        ("service_share", "service_share → income_growth → service_share"),
    ],
)
def test_a_circle_is_told_with_its_way(copies: Path, before: str, circle: str) -> None:
    folder = changed(copies, J, I, GROWTH, f'growth = {{ before = "{before}", after = "income" }}')
    text = (folder / I).read_text(encoding="utf-8").replace('under = "income" }', 'under = "income_growth" }')
    (folder / I).write_text(text, encoding="utf-8")
    found = [dict(one.values)["circle"] for one in load_folder(folder)[1] if one.code == "metric_circle"]
    assert found == [circle]


CASE = 'title = "例"\n[[case]]\nname = "甲"\n'
PEERS = (
    'category = "centre"\nmetrics = {{ clients = "5" }}\nmissing = ["network"]\n'
    'peers = {{ clients = {{ among = "category", {counts}, least = "5", most = "5" }} }}'
)


@pytest.mark.parametrize(
    ("name", "body", "wanted"),
    [
        (J, 'grades = { "90" = "优秀" }', [("case_category_wanted", "甲")]),
        (J, 'category = "centre"\npast_grades = ["优"]\ngrade = "不完整"', [("case_name_unknown", "甲")]),
        (J, 'category = "centre"\npast_grades = ["优秀", "不参评", "不完整"]\ngrade = "不完整"', []),
        (
            J,
            'category = "centre"\nmetrics = { clients = "许多" }\nmissing = ["reach"]',
            [("case_value_mixed", "甲 · metrics.clients")],
        ),
        (
            J,
            'category = "centre"\nmetrics = { national = "有" }\nmissing = ["reach"]',
            [("case_value_mixed", "甲 · metrics.national")],
        ),
        (J, PEERS.format(counts="count = 0, above = 0, below = 0"), [("value_refused", "case[1].peers.clients.count")]),
        (
            J,
            PEERS.format(counts="count = 1, above = -1, below = 0"),
            [("value_refused", "case[1].peers.clients.above")],
        ),
        (
            J,
            PEERS.format(counts="count = 1, above = 0, below = -1"),
            [("value_refused", "case[1].peers.clients.below")],
        ),
    ],
)
def test_a_case_that_cannot_be_meant(tmp_path: Path, name: str, body: str, wanted: list[tuple[str, str]]) -> None:
    scheme, _ = load_folder(SYNTHETIC / name)
    assert isinstance(scheme, Scheme)
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.toml").write_text(CASE + body, encoding="utf-8")
    _, findings = run_cases(scheme, tmp_path)
    assert told(findings) == [(code, "cases/a.toml", place) for code, place in wanted]
