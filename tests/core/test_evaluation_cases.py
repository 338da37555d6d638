"""Worked cases run through a season's own rules: the shipped ones agree, a wrong one is found by name and number."""

from pathlib import Path

import pytest

from ceping.core.evaluation.cases import run_cases
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import shipped_folders

LABELS = list(shipped_folders())
HEAD = 'title = "例"\n[[case]]\nname = "甲"\n'


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    found, _ = load("shanghai-2021@1")
    assert found is not None
    return found


def told(scheme: Scheme, folder: Path, text: str) -> list[tuple[str, str, str, dict[str, str]]]:
    (folder / "cases").mkdir()
    (folder / "cases" / "a.toml").write_text(text, encoding="utf-8")
    _, findings = run_cases(scheme, folder)
    for finding in findings:
        assert finding.message("zh") + finding.remedy("en")
    return [(one.code, one.file, one.place, dict(one.values)) for one in findings]


@pytest.mark.parametrize("label", LABELS)
def test_every_shipped_case_comes_out(label: str) -> None:
    scheme, _ = load(label)
    assert scheme is not None
    names, findings = run_cases(scheme, shipped_folders()[label])
    assert findings == []
    assert len(set(names)) == len(names) >= 3


def test_shanghai_has_cases_for_every_item_its_gate_veto_floor_and_bands(scheme: Scheme) -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in (shipped_folders()["shanghai-2021@1"] / "cases").iterdir()
    )
    for item in scheme.scored:
        assert text.count(f"points = {{ {item.key} =") > 3, item.key
    for name in ("fifty-clients = false", '["false-materials"]', '["truth-floor"]', "missing = "):
        assert name in text
    assert {band.grade for band in scheme.outcome.bands} <= set(text.split('"'))


PRODUCTS = 'metrics = { products_and_activities = "7" }\n'


@pytest.mark.parametrize(
    ("body", "place", "wanted", "given"),
    [
        (PRODUCTS + 'points = { products = "1.76" }', "points.products", "1.76", "1.75"),
        (PRODUCTS + 'points = { products = "1.750" }', "points.products", "1.750", "1.75"),
        (PRODUCTS + 'scores = { products = "1.41" }', "scores.products", "1.41", "1.40"),
        ('points = { products = "0.00" }', "points.products", "0.00", "—"),
        (PRODUCTS + 'missing = ["products"]', "missing.products", "—", "1.40"),
        (
            'metrics = { distinct_clients = "49" }\ngates = { fifty-clients = true }',
            "gates.fifty-clients",
            "通过",
            "未通过",
        ),
        ("gates = { fifty-clients = false }", "gates.fifty-clients", "未通过", "—"),
        ('grades = { "90" = "良好" }', "grades.90", "良好", "优秀"),
        ('total = "0.00"', "total", "0.00", "—"),
        ('grade = "优秀"', "grade", "优秀", "不完整"),
        ('vetoes = ["false-materials"]', "vetoes", "false-materials", "—"),
        ('floors = ["truth-floor"]', "floors", "truth-floor", "—"),
    ],
)
def test_a_wrong_number_is_found(
    scheme: Scheme, tmp_path: Path, body: str, place: str, wanted: str, given: str
) -> None:
    differs = ("case_differs", "cases/a.toml", f"甲 · {place}", {"wanted": wanted, "given": given})
    assert told(scheme, tmp_path, HEAD + body) == [differs]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        *(('metrics = { product = "7" }', "product"), ('marks = { product = ["7"] }', "product")),
        *(('points = { quantity = "7" }', "quantity"), ('marks = { products = ["7"] }', "products")),
        *(('missing = ["none"]', "none"), ("gates = { none = true }", "none"), ('waived = ["none"]', "none")),
        *(('vetoed = ["none"]', "none"), ('vetoes = ["none"]', "none"), ('floors = ["none"]', "none")),
        *(('category = "法律服务类"', "法律服务类"), ('grades = { "90" = "卓越" }', "卓越")),
    ],
)
def test_an_unknown_name_is_found(scheme: Scheme, tmp_path: Path, body: str, name: str) -> None:
    assert told(scheme, tmp_path, HEAD + body) == [("case_name_unknown", "cases/a.toml", "甲", {"name": name})]


def test_a_case_that_states_nothing_is_no_case(scheme: Scheme, tmp_path: Path) -> None:
    assert told(scheme, tmp_path, HEAD + PRODUCTS) == [("case_empty", "cases/a.toml", "甲", {})]


@pytest.mark.parametrize(("mark", "code"), [("10.5", "mark_out_of_range"), ("7.3", "mark_off_step")])
def test_a_mark_nobody_may_give_is_found(scheme: Scheme, tmp_path: Path, mark: str, code: str) -> None:
    found = told(scheme, tmp_path, HEAD + f'marks = {{ licence = ["{mark}", "9"] }}\nmissing = ["people"]')
    assert [(one[0], one[2]) for one in found] == [(code, "甲 · marks.licence")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            ("[[case", "toml_malformed"),
            (HEAD + "total = 5", "wrong_type"),
            (HEAD + 'grades = { x = "优秀" }', "not_a_number"),
        ),
        *((HEAD + "marks = { licence = [true] }", "not_a_number"), ('title = "例"', "key_missing")),
        *((HEAD + 'point = "1"', "key_unknown"), ('title = "例"\ncase = []', "value_refused")),
    ],
)
def test_a_broken_file_is_found(scheme: Scheme, tmp_path: Path, text: str, code: str) -> None:
    assert [one[0] for one in told(scheme, tmp_path, text)] == [code]


def test_no_folder_of_cases_is_none(scheme: Scheme, tmp_path: Path) -> None:
    assert run_cases(scheme, tmp_path) == ([], [])
