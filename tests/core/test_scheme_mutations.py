"""Whatever stands in the files of a scheme, reading ends in findings that can be spoken, never in a traceback."""

import copy
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ceping
from ceping.cli.scheme_page import page_of
from ceping.core.finding import Finding, errors_in
from ceping.core.results import standing_of
from ceping.core.scheme.checking import faults_of
from ceping.core.scheme.loading import FILES, Scheme, load_folder
from ceping.core.scheme.reading import read_toml, table_of, table_without_unknown
from ceping.core.scheme.values import Judged, MetricValue, Values, Which

GOOD = Path(ceping.__file__).parent / "schemes" / "shanghai-2021"
RAW = {file: (GOOD / file).read_bytes() for file in FILES}
DATA = {file: tomllib.loads(raw.decode(), parse_float=Decimal) for file, raw in RAW.items()}
TABLES = {file: table_of(model, DATA[file], file=file)[0] for file, model in FILES.items()}
FEWER = settings(max_examples=settings.default.max_examples // 2)

PREDICATE = {"metric": "orders", "op": ">=", "value": "1"}
ODD = [
    *(None, True, False, 0, -1, 10**23, 1.5, Decimal("1e-300"), Decimal("nan"), Decimal("-0"), "", "0", "-1", "\x00"),
    *("a" * 5000, "９", "{x}", [], {}, [[]], [{}], {"kind": "judge"}, {"kind": "sum", "parts": []}, {"and": []}),
    *({"not": PREDICATE}, {"kind": "count"}, {"kind": []}, {"": ""}, ["", ""], {"kind": "choose", "parts": [{}, {}]}),
]


def spoken(findings: list[Finding]) -> list[Finding]:
    for finding in findings:
        for language in ("zh", "en"):
            assert finding.message(language)
            assert finding.remedy(language)
    return findings


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [one for key, inner in rows for one in paths_in(inner, (*path, key))]


PATHS = [
    (file, path)
    for file in ("scheme.toml", "indicators.toml", "verification.toml", "outcome.toml")
    for path in paths_in(DATA[file])
]
RULE_PATHS = [(file, path) for file, path in PATHS if "rule" in path or "when" in path or "metric" in path]


def changed(file: str, path: tuple[Any, ...], value: Any, *, gone: bool) -> dict[str, Any]:
    data = copy.deepcopy(DATA[file])
    here: Any = data
    for key in path[:-1]:
        here = here[key]
    if gone:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return data


CHOICE = st.sampled_from(PATHS) | st.sampled_from(RULE_PATHS)


@FEWER
@given(CHOICE, st.sampled_from(ODD) | st.text(max_size=5) | st.integers(-5, 10**25), st.booleans())
def test_any_value_anywhere(where: tuple[str, tuple[Any, ...]], value: Any, gone: bool) -> None:  # noqa: FBT001
    file, path = where
    table, findings = table_without_unknown(FILES[file], changed(file, path, value, gone=gone), file=file)
    spoken(findings)
    if table is None:
        assert errors_in(findings)
        return
    scheme = Scheme("0" * 64, *(table if name == file else TABLES[name] for name in FILES))  # type: ignore[arg-type]
    findings += spoken(faults_of(scheme))
    if not errors_in(findings):
        walked(scheme)


def walked(scheme: Scheme) -> None:
    """A scheme without errors can be shown, and scored whatever is known."""
    assert page_of(scheme)
    for known in (None, Decimal(0), Decimal("1e23"), Decimal("0.1")):
        metrics = {name: MetricValue(name, Which.CLAIMED, known) for name in scheme.indicators.metrics}
        judged = {item.key: Judged(known) for item in scheme.scored if item.judge}
        standing, _ = standing_of(scheme, Values(metrics, judged), category="", weights={}, rulings=[])
        assert standing.grade


@FEWER
@given(st.sampled_from(sorted(FILES)), st.integers(0, 10**6), st.binary(max_size=4), st.integers(0, 9))
def test_any_bytes_anywhere(
    tmp_path_factory: pytest.TempPathFactory, file: str, at: int, new: bytes, lost: int
) -> None:
    raw = RAW[file]
    at %= len(raw)
    path = tmp_path_factory.mktemp("x", numbered=True) / file
    path.write_bytes(raw[:at] + new + raw[at + lost :])
    data, findings = read_toml(path, file=file)
    assert (data is None) == bool(errors_in(spoken(findings)))
    if data is not None:
        table, findings = table_of(FILES[file], data, file=file)
        assert (table is None) == bool(errors_in(spoken(findings)))


@pytest.mark.parametrize("levels", [10, 60, 120, 200, 300, 900])
@pytest.mark.parametrize("form", ["not", "and", "sum"])
def test_deep_rules_are_read_or_refused(tmp_path: Path, levels: int, form: str) -> None:
    leaf = '{ metric = "followers", op = ">=", value = 1 }'
    wrap = {"not": ("{ not = ", " }"), "and": ("{ and = [", "] }")}
    if form == "sum":
        inner = '{ id = "a", kind = "flag", when = ' + leaf + ', points = "10" }'
        rule = '{ id = "a", kind = "sum", parts = [' * levels + inner + "] }" * levels
    else:
        before, after = wrap[form]
        rule = f'{{ kind = "flag", when = {before * levels}{leaf}{after * levels}, points = "10" }}'
    old = (
        '[indicator.item.rule]\nkind = "ratio"\nmetric = "followers"\ntarget = "300"\npoints = "10"\n'
        'clause = "附件1 服务成效 服务影响"\n'
    )
    for file, raw in RAW.items():
        text = raw.decode()
        assert file != "indicators.toml" or old in text
        (tmp_path / file).write_text(text.replace(old, f"rule = {rule}\n"), encoding="utf-8")
    scheme, findings = load_folder(tmp_path)
    spoken(findings)
    if scheme is None:
        assert {finding.code for finding in findings} <= {"toml_too_deep", "value_refused", "rule_too_deep"}
        assert levels > 60
    else:
        walked(scheme)
