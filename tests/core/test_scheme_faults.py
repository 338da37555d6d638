"""One change to a good scheme gives exactly its finding, with file and place; two changes give two."""

import shutil
from pathlib import Path

import pytest

import ceping
from ceping.core.finding import Finding
from ceping.core.scheme.loading import load_folder
from tests.factories.scheme_copy import put_right

GOOD = Path(ceping.__file__).parent / "schemes" / "shanghai-2021"
S, I, V, O, F = "scheme.toml", "indicators.toml", "verification.toml", "outcome.toml", "form.toml"  # noqa: E741
# A change is a file, the text that is there (its first place), and the text instead.
Change = tuple[str, str, str]
Wanted = tuple[str, str, str]

FLOOR_HEAD = '[[floor]]\nid = "truth-floor"\n'
BAND_GOOD = 'grade = "良好"\nat_least = "75"\nbelow = "90"'
SPECIALISED = 'id = "specialised"\ntitle = "服务专精特新企业"'
JUDGE = 'kind = "judge"\nmax = "10"\nstep = "0.5"'
TIER_STEP = '    { at = "20", points = "10" },\n'
PRODUCTS_RULE = 'metric = "products_and_activities"\npoints = "0.25"\ncap = "10"'
DEDUCT = (
    'kind = "deduct"\nstart = "10"\nfloor = "{floor}"\nviolations = [{{ metric = "products", points = "{points}" }}]'
)
FOLLOWERS_RULE = 'kind = "ratio"\nmetric = "followers"\ntarget = "300"\npoints = "10"'
FOLLOWERS = 'metric = "followers"\ntarget = "300"\npoints = "10"'
NEW_METRIC = "[metric.orders]"
SATISFIED = 'verified = { kind = "calls", rate = "satisfaction" }'
LICENCE = 'id = "licence"\nbranch = "organisation"'

# fmt: off
ONE_CHANGE: list[tuple[Change, list[Wanted]]] = [
    # Reading
    ((S, "version = 1", "version = "), [("toml_malformed", S, "第 3 行")]),
    ((S, "version = 1", "version = 1\nversion = 2"), [("toml_malformed", S, "第 4 行")]),
    ((S, "version = 1", "version = true"), [("wrong_type", S, "version")]),
    ((S, "version = 1", 'version = "1"'), [("wrong_type", S, "version")]),
    ((S, "version = 1", "version = 0"), [("value_refused", S, "version")]),
    ((S, "version = 1", "version = " + "9" * 5000), [("toml_malformed", S, "")]),
    ((S, "version = 1", "version = 0x" + "f" * 5000), [("number_too_wide", S, "version")]),
    ((S, "version = 1", "version = 1e99999999999999999999999"), [("number_too_wide", S, "")]),
    ((S, "version = 1", "version = 1e999999999"), [("wrong_type", S, "version")]),
    ((S, "version = 1", "version = " + "[" * 10_000), [("toml_too_deep", S, "")]),
    ((S, "version = 1\n", "version = 1\nextra = 1\n"), [("key_unknown", S, "extra")]),
    ((S, "version = 1\n", ""), [("key_missing", S, "version")]),
    ((S, 'id = "shanghai-2021"', 'id = "Shanghai 2021"'), [("scheme_id_refused", S, "id")]),
    ((S, 'id = "shanghai-2021"', 'id = "-"'), [("scheme_id_refused", S, "id")]),
    ((S, 'id = "shanghai-2021"', "id = 5"), [("wrong_type", S, "id")]),
    ((S, "from = 2021-01-01", "from = 2021-02-30"), [("toml_malformed", S, "第 7 行")]),
    ((S, "from = 2021-01-01", 'from = "2021-01-01"'), [("wrong_type", S, "period.from")]),
    ((S, "from = 2021-01-01", "from = 2022-01-01"), [("period_reversed", S, "period")]),
    ((S, 'time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Urumqi"'), [("choice_unknown", S, "time_zone")]),
    ((S, "days = 30", "days = 0"), [("value_refused", S, "calendar[1].days")]),
    ((S, "days = 30", "days = 30.0"), [("wrong_type", S, "calendar[1].days")]),
    ((S, "version = 1", "version = 1 # \x00"), [("toml_malformed", S, "第 3 行")]),
    # Header
    ((S, 'id = "technology"', 'id = "startup"'), [("id_repeated", S, "category")]),
    ((S, 'id = "two-halves"', 'id = "one-category"'),
     [("reference_dangling", I, "indicator truth.readings"), ("id_repeated", S, "reading")]),
    # Weights and the tree
    ((I, 'weight = "8"', 'weight = "9"'), [("weights_do_not_add", I, "total")]),
    ((I, 'weight = "8"', 'weight = "-8"'), [("value_refused", I, "indicator[1].item[1].weight")]),
    ((I, 'weight = "8"', "weight = true"), [("not_a_number", I, "indicator[1].item[1].weight")]),
    ((I, 'weight = "8"', 'weight = "8%"'), [("not_a_number", I, "indicator[1].item[1].weight")]),
    ((I, 'weight = "8"', "weight = nan"), [("not_a_number", I, "indicator[1].item[1].weight")]),
    ((I, 'weight = "8"', "weight = 1e999999999"), [("not_a_number", I, "indicator[1].item[1].weight")]),
    ((I, 'weight = "8"\n', ""), [("key_missing", I, "indicator[1].item[1].weight")]),
    ((I, 'total = "100"', 'total = "99.5"'), [("weights_do_not_add", I, "total")]),
    ((I, '\norigin = "illustrative"', '\norigin = "guessed"'), [("choice_unknown", I, "indicator[1].item[1].origin")]),
    ((I, LICENCE, 'id = "licence"\nbranch = "nowhere"'), [("reference_dangling", I, "indicator licence.branch")]),
    ((I, 'id = "experience"', 'id = "licence"'),
     [("id_repeated", I, "indicator"), ("id_repeated", I, "indicator.item")]),
    ((I, 'id = "management"', 'id = "organisation"'),
     [("id_repeated", I, "branch"), ("reference_dangling", I, "indicator policies.branch"),
      ("reference_dangling", I, "indicator materials.branch")]),
    ((I, 'id = "experience"', 'id = "management"'), [("id_repeated", I, "id")]),
    ((I, "checklist = [1, 2, 4, 10]", "checklist = [1, 2, 4, 10, 11]"),
     [("reference_dangling", I, "indicator licence.checklist")]),
    ((I, "checklist = [1, 2, 4, 10]", "checklist = [1, 2, 4]"), [("checklist_unused", F, "checklist")]),
    ((I, "checklist = [1, 2, 4, 10]", "checklist = [1, 2, 4, true]"), [("wrong_type", I, "indicator[1].checklist[4]")]),
    ((I, 'fields = ["honours"]', 'fields = ["honour"]'), [("reference_dangling", I, "indicator licence.fields")]),
    ((I, 'readings = ["no-shop"]', 'readings = ["no-shops"]'),
     [("reference_dangling", I, "indicator planning.readings")]),
    ((I, SPECIALISED, 'title = "服务专精特新企业"'), [("item_without_id", I, "indicator quantity")]),
    ((I, SPECIALISED, 'id = "orders"\ntitle = "服务专精特新企业"'), [("id_repeated", I, "indicator.item")]),
    ((I, 'sources = ["institution"]', "sources = []"), [("value_refused", I, "indicator[1].sources")]),
    ((I, 'sources = ["institution"]', 'sources = "institution"'), [("wrong_type", I, "indicator[1].sources")]),
    # Rules
    ((I, JUDGE, 'kind = "judges"\nmax = "10"\nstep = "0.5"'), [("kind_unknown", I, "indicator[1].item[1].rule")]),
    ((I, JUDGE, 'max = "10"\nstep = "0.5"'), [("key_missing", I, "indicator[1].item[1].rule.kind")]),
    ((I, JUDGE, 'kind = "judge"\nmax = "10"\nstep = "0.3"'), [("step_off_max", I, "indicator licence.rule")]),
    ((I, JUDGE, 'kind = "judge"\nmax = "11"\nstep = "0.5"'), [("full_exceeded", I, "indicator licence")]),
    ((I, JUDGE, 'kind = "judge"\nmax = "9"\nstep = "0.5"'), [("full_unreachable", I, "indicator licence")]),
    ((I, JUDGE, JUDGE + '\ncoefficient = { least = "1.1", most = "0.9" }'),
     [("cap_below_floor", I, "indicator licence.rule")]),
    ((I, JUDGE, JUDGE + '\nweights = "1"'), [("key_unknown", I, "indicator[1].item[1].rule.weights")]),
    ((I, "raters = 2", "raters = 0"), [("value_refused", I, "indicator[1].item[1].rule.raters")]),
    ((I, "raters = 2", "raters = 1.5"), [("wrong_type", I, "indicator[1].item[1].rule.raters")]),
    ((I, PRODUCTS_RULE, PRODUCTS_RULE.replace('"10"', '"8"')), [("full_unreachable", I, "indicator products")]),
    ((I, PRODUCTS_RULE, PRODUCTS_RULE.replace("0.25", "0.255")), [("rounding_loses", I, "indicator products.rule")]),
    ((I, PRODUCTS_RULE, PRODUCTS_RULE + '\nfloor = "11"'),
     [("cap_below_floor", I, "indicator products.rule"), ("full_exceeded", I, "indicator products")]),
    ((I, PRODUCTS_RULE, PRODUCTS_RULE + '\nevery = "0"'), [("value_refused", I, "indicator[8].item[1].rule.every")]),
    ((I, PRODUCTS_RULE, PRODUCTS_RULE.replace("products_and_activities", "nothing")),
     [("reference_dangling", I, "indicator products.rule"), ("metric_unused", I, "metric.products_and_activities")]),
    ((I, FOLLOWERS, FOLLOWERS.replace('"300"', '"0"')), [("target_not_positive", I, "indicator followers.rule")]),
    ((I, FOLLOWERS, FOLLOWERS + '\ninverse = true\nslope_below = "1"'),
     [("ratio_unclear", I, "indicator followers.rule")]),
    ((I, FOLLOWERS, FOLLOWERS + "\ninverse = 1"), [("wrong_type", I, "indicator[11].item[2].rule.inverse")]),
    ((I, FOLLOWERS_RULE, 'kind = "judge"\nmax = "10"'),
     [("key_missing", I, "indicator[11].item[2].rule.raters"), ("key_missing", I, "indicator[11].item[2].rule.step")]),
    ((I, FOLLOWERS_RULE, DEDUCT.format(floor="11", points="1")),
     [("cap_below_floor", I, "indicator followers.rule"), ("full_exceeded", I, "indicator followers"),
      ("metric_unused", I, "metric.followers")]),
    ((I, FOLLOWERS_RULE, DEDUCT.format(floor="0", points="0.125")),
     [("rounding_loses", I, "indicator followers.rule"), ("metric_unused", I, "metric.followers")]),
    ((I, FOLLOWERS_RULE, DEDUCT.format(floor="-1", points="1")),
     [("points_negative", I, "indicator followers"), ("metric_unused", I, "metric.followers")]),
    ((I, TIER_STEP, TIER_STEP + '    { at = "20.0", points = "10" },\n'),
     [("step_repeated", I, "indicator specialised.rule")]),
    ((I, TIER_STEP, '    { at = "20", edge = "outer", points = "10" },\n'),
     [("choice_unknown", I, "indicator[9].item[2].rule.steps[4].edge")]),
    ((I, 'metric = "specialised_clients"\n',
      'metric = "specialised_clients"\nchoices = [{ value = "a", points = "1" }]\n'),
     [("tier_unclear", I, "indicator specialised.rule")]),
    ((I, 'metric = "decorated", op = ">="', 'metric = "decorated", op = "=>"'),
     [("choice_unknown", I, "indicator[7].item[1].rule.parts[1].when.op")]),
    ((I, '{ metric = "decorated", op = ">=", value = "1" }', '{ metric = "decorated", op = "==", value = "好" }'),
     [("comparison_mixed", I, "indicator planning.rule.parts[1].when")]),
    ((I, '{ metric = "decorated", op = ">=", value = "1" }', '{ and = [{ metric = "decorated", op = ">=" }] }'),
     [("key_missing", I, "indicator[7].item[1].rule.parts[1].when.and[1].value")]),
    ((I, '{ metric = "decorated", op = ">=", value = "1" }',
      '{ not = { metric = "decorated", op = ">=", value = "1" }, so = 1 }'),
     [("key_unknown", I, "indicator[7].item[1].rule.parts[1].when.so")]),
    ((I, 'points = "4"\n\n[[indicator.item.rule.parts]]\nid = "services"',
      'points = "4"\nevidence = [99]\n\n[[indicator.item.rule.parts]]\nid = "services"'),
     [("reference_dangling", I, "indicator planning.rule")]),
    ((I, 'id = "decoration"\n', ""), [("part_without_id", I, "indicator planning.rule.parts[1]")]),
    ((I, 'id = "decoration"', 'id = "services"'),
     [("id_repeated", I, "indicator planning.rule.parts[1]"), ("id_repeated", I, "indicator planning.rule.parts[2]")]),
    # Metrics
    ((I, 'platform = { kind = "shop", rules = ["order.completed"] }\n', ""),
     [("metric_without_source", I, "metric.orders")]),
    ((I, 'rules = ["order.completed"]', 'rules = ["order.complete"]'),
     [("reference_dangling", I, "metric.orders.platform")]),
    ((I, '{ kind = "shop", rules = ["order.completed"] }', '{ kind = "shop" }'),
     [("shop_source_unclear", I, "metric.orders.platform")]),
    ((I, 'facts = ["decorated"]', 'facts = ["painted"]'),
     [("choice_unknown", I, "metric.decorated.platform.facts[1]")]),
    ((I, 'field = "fulltime_count" }', 'field = "fulltime" }'),
     [("reference_dangling", I, "metric.fulltime_count.claimed")]),
    ((I, 'field = "fulltime_count" }', 'field = "fulltime_count", kinds = 1 }'),
     [("key_unknown", I, "metric.fulltime_count.claimed.kinds")]),
    ((I, 'field = "fulltime_count" }', 'field = "introduction" }'),
     [("metric_type_wrong", I, "metric.fulltime_count.claimed")]),
    ((I, '{ kind = "distinct", table = "clients", column = "name", excluding_self = true }',
      '{ kind = "sum", table = "clients", column = "name" }'),
     [("metric_type_wrong", I, "metric.distinct_clients.claimed")]),
    ((I, '{ kind = "distinct", table = "clients"', '{ kind = "distinct", table = "client"'),
     [("reference_dangling", I, "metric.distinct_clients.claimed")]),
    ((I, '{ kind = "distinct", table = "clients", column = "name", excluding_self = true }',
      '{ kind = "distinct", table = "clients", column = "names" }'),
     [("reference_dangling", I, "metric.distinct_clients.claimed")]),
    ((I, 'verified = { kind = "calls", rate = "satisfaction" }',
      'verified = { kind = "external", check = "credit-china" }'),
     [("metric_type_wrong", I, "metric.satisfaction_rate.verified")]),
    ((I, SATISFIED, SATISFIED + "\n" + SATISFIED.replace("verified", "claimed")),
     [("calls_not_verified", I, "metric.satisfaction_rate.claimed")]),
    ((I, 'under = "fulltime_count" }', 'under = "fulltime" }'),
     [("reference_dangling", I, "metric.qualified_ratio.quotient")]),
    ((I, 'under = "fulltime_count" }', 'under = "qualified_ratio" }'),
     [("metric_circle", I, "metric.qualified_ratio")]),
    ((I, 'under = "fulltime_count" }', 'under = "fulltime_count" }\nclaimed = { kind = "field", field = "headcount" }'),
     [("derived_with_source", I, "metric.qualified_ratio")]),
    ((I, NEW_METRIC, '[metric.idle]\ntitle = "闲"\nuse = "verified"\n\n' + NEW_METRIC),
     [("metric_unused", I, "metric.idle")]),
    ((I, 'least = "0"', 'least = "5"\nmost = "4"'), [("cap_below_floor", I, "metric.distinct_clients")]),
    ((I, 'use = "platform"', 'use = "guessed"'), [("choice_unknown", I, "metric.decorated.use")]),
    # Verification
    ((V, 'table = "clients"', 'table = "client"'), [("reference_dangling", V, "frame.table")]),
    ((V, 'column = "name"', 'column = "names"'), [("reference_dangling", V, "frame.column")]),
    ((V, 'question = "q_satisfaction"', 'question = "q_happy"'),
     [("reference_dangling", V, "satisfaction.question")]),
    ((V, 'satisfied = ["5", "4"]', 'satisfied = ["6"]'), [("reference_dangling", V, "satisfaction.satisfied")]),
    ((V, 'id = "q_served"', 'id = "Served"'), [("value_refused", V, "question[1].id")]),
    ((V, 'code = "11"', 'code = "10"'), [("id_repeated", V, "disposition")]),
    ((V, 'class = "unsure"', 'class = "shy"'), [("choice_unknown", V, "disposition[4].class")]),
    ((V, 'z = "1.959963984540054"', 'z = "-1"'), [("value_refused", V, "interval.z")]),
    ((V, "size = 35", "size = 0"), [("value_refused", V, "sample.size")]),
    # Outcome
    ((O, 'metric = "distinct_clients"', 'metric = "clients"'),
     [("reference_dangling", O, "gate fifty-clients.when")]),
    ((O, 'waivable_by = ["organiser"]', 'except_categories = ["法律服务类"]'),
     [("reference_dangling", O, "gate fifty-clients.except_categories")]),
    ((O, "by_decision = true", "by_decision = false"), []),
    ((O, 'when = { metric = "materials_false", op = ">=", value = "1" }\nby_decision = true\n', ""),
     [("veto_never", O, "veto false-materials"), ("metric_unused", I, "metric.materials_false")]),
    ((O, 'grade = "不合格"\nclause', 'grade = "最差"\nclause'),
     [("reference_dangling", O, "veto false-materials.grade")]),
    ((O, 'grade = "合格"\nclause', 'grade = "及格"\nclause'), [("reference_dangling", O, "floor truth-floor.grade")]),
    ((O, 'node = "truth"', 'node = "truths"'), [("reference_dangling", O, "floor truth-floor.node")]),
    ((O, 'at_least = "5"', 'at_least = "10.5"'), [("floor_unreachable", O, "floor truth-floor.at_least")]),
    ((O, 'id = "truth-floor"', 'id = "false-materials"'), [("id_repeated", O, "id")]),
    ((O, 'spread = "0.2"', 'spread = "1"'), [("spread_out_of_range", O, "robustness.spread")]),
    ((O, "draws = 1000", "draws = 0"), [("value_refused", O, "robustness.draws")]),
    ((O, "total_places = 2", "total_places = 7"), [("value_refused", O, "total_places")]),
    ((O, BAND_GOOD, BAND_GOOD.replace("90", "89")), [("bands_gap", O, "band 优秀 / 良好")]),
    ((O, BAND_GOOD, BAND_GOOD.replace("90", "91")), [("bands_overlap", O, "band 优秀 / 良好")]),
    ((O, BAND_GOOD, BAND_GOOD.replace("below", "at_most")), [("bands_overlap", O, "band 优秀 / 良好")]),
    ((O, BAND_GOOD, BAND_GOOD.replace("at_least", "above")), [("bands_gap", O, "band 良好 / 合格")]),
    ((O, BAND_GOOD, BAND_GOOD + '\nat_most = "90"'), [("band_edge_twice", O, "band 良好"),
     ("bands_overlap", O, "band 优秀 / 良好")]),
    ((O, 'at_least = "90"', 'at_least = "90"\nbelow = "101"'), [("band_ends_closed", O, "band")]),
    ((O, 'grade = "不合格"\nbelow = "60"', 'grade = "不合格"\nbelow = "60"\nat_least = "0"'),
     [("band_ends_closed", O, "band")]),
    ((O, 'grade = "良好"', 'grade = "合格"'), [("id_repeated", O, "band")]),
]
# fmt: on


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copy") / "scheme"


def changed(copy: Path, *changes: Change) -> Path:
    folder = put_right(copy, GOOD)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def told(folder: Path) -> list[Wanted]:
    scheme, findings = load_folder(folder)
    assert (scheme is None) == any(finding.level == "error" for finding in findings)
    for finding in findings:
        spoken(finding)
    return sorted((finding.code, finding.file, finding.place) for finding in findings)


def spoken(finding: Finding) -> None:
    for language in ("zh", "en"):
        text = finding.message(language) + finding.remedy(language)
        assert "{" not in text.replace(dict(finding.values).get("given", "\0"), "")


def test_the_good_scheme_has_no_finding() -> None:
    scheme, findings = load_folder(GOOD)
    assert findings == []
    assert scheme is not None


@pytest.mark.parametrize(("change", "wanted"), ONE_CHANGE, ids=[f"{c[0]}-{c[2][:40]}" for c, _ in ONE_CHANGE])
def test_one_change(change: Change, wanted: list[Wanted], copy: Path) -> None:
    assert told(changed(copy, change)) == sorted(wanted)


def test_faults_of_reading_and_between_files_are_told_together(copy: Path) -> None:
    folder = changed(
        copy,
        (S, "version = 1\n", "version = 1\ncolour = 1\n"),
        (I, 'weight = "8"', 'weight = "9"'),
        (I, 'branch = "organisation"', 'branch = "nowhere"'),
        (O, 'node = "truth"', 'node = "truths"'),
    )
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert told(folder) == sorted(
        [
            ("key_unknown", S, "colour"),
            ("scheme_file_unknown", "notes.txt", ""),
            ("weights_do_not_add", I, "total"),
            ("reference_dangling", I, "indicator licence.branch"),
            ("reference_dangling", O, "floor truth-floor.node"),
        ]
    )


def test_every_file_is_read_before_anything_is_given_up(copy: Path) -> None:
    folder = changed(copy, (S, "version = 1", "version = ["), (V, "size = 35", "size = 0"))
    (folder / I).write_bytes(b'title = "\xb9\xd8"')
    (folder / O).unlink()
    assert told(folder) == sorted(
        [
            ("toml_malformed", S, "第 4 行"),
            ("value_refused", V, "sample.size"),
            ("file_not_utf8", I, "第 1 行"),
            ("file_missing", O, ""),
        ]
    )


def test_two_judges_in_one_item(copy: Path) -> None:
    judge = '{ id = "%s", kind = "judge", max = "5", step = "0.5", raters = 2 }'
    rule = f'kind = "sum"\nparts = [{judge % "a"}, {judge % "b"}]'
    folder = changed(copy, (I, FOLLOWERS_RULE, rule))
    assert told(folder) == [("judge_twice", I, "indicator followers.rule"), ("metric_unused", I, "metric.followers")]


@pytest.mark.parametrize("name", ["scheme.toml", "cases"])
def test_a_folder_in_place_of_a_file_and_the_reverse(name: str, copy: Path) -> None:
    folder = changed(copy)
    if name == "cases":
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).write_text("", encoding="utf-8")
        assert told(folder) == []
    else:
        (folder / name).unlink()
        (folder / name).mkdir()
        assert told(folder) == [("file_unreadable", S, "")]
