"""What holds for every report: order and writing do not matter, missing is not zero, nothing breaks the reading."""

import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.finding import Finding, errors_in
from ceping.core.report import derived, distinct_clients, faults_in, read_report, read_report_bytes
from ceping.core.report.values import faults_in_value, is_plainly_right
from ceping.core.scheme.loading import Scheme, load
from tests.factories.report import client, complete_report

Data = dict[str, Any]
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
# How one name is written again so that it stays the same client.
REWRITTEN = [
    lambda name: name,
    lambda name: name.translate(WIDE),
    lambda name: name.replace("有限公司", "有限责任公司"),
    lambda name: f" {name}\u3000",
    "\u200b".join,
    lambda name: name.replace("（", "(").replace("）", ")"),
    lambda name: name.replace("（", "【").replace("）", "】"),
]
NUMBERS = ["total_spend", "public_spend", "client_count", "headcount", "equipment_count", "office_area"]


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    scheme, findings = load("shanghai-2021")
    assert findings == []
    assert scheme is not None
    return scheme


def findings_of(scheme: Scheme, data: Data) -> list[Finding]:
    report, findings = read_report(data)
    assert report is not None
    return findings + faults_in(report, scheme, scheme.header.period)


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same value with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(one, chance) for one in value] if isinstance(value, list) else value


@given(st.data(), st.lists(st.integers(1, 30), max_size=60))
def test_clients_are_counted_by_name_in_any_order_and_writing(data: st.DataObject, numbers: list[int]) -> None:
    rows = [{"name": f"上海（甲{number}）AB有限公司"} for number in numbers]
    rewritten = [{"name": data.draw(st.sampled_from(REWRITTEN))(row["name"])} for row in rows]
    mixed = data.draw(st.permutations(rewritten))
    for one in (rows, rewritten, mixed):
        report, _ = read_report(complete_report(tables={"clients": one}))
        assert report is not None
        assert len(distinct_clients(report)) == len(set(numbers))
    report, _ = read_report(complete_report(tables={"clients": rows}))
    assert report is not None
    firsts = [f"上海（甲{number}）AB有限公司" for number in dict.fromkeys(numbers)]
    assert [row["name"] for row in distinct_clients(report)] == firsts


@settings(max_examples=settings.default.max_examples // 2)
@given(st.randoms(use_true_random=False), st.sets(st.sampled_from(["address", "headcount", "uscc", "legal_phone"])))
def test_findings_do_not_depend_on_the_order_of_keys(scheme: Scheme, chance: random.Random, broken: set[str]) -> None:
    data = complete_report(answers=dict.fromkeys(broken, "坏") | {"x": "1", "y": "2"}, tables={"z": [], "w": []})
    data["tables"]["clients"][3] |= {"q": "1", "p": "2", "phone": "1"}
    assert findings_of(scheme, shuffled(data, chance)) == findings_of(scheme, data)


@given(st.sampled_from(NUMBERS), st.sampled_from([None, "", " ", "\u3000", "\u200b"]))
def test_missing_is_not_zero(scheme: Scheme, field: str, nothing: str | None) -> None:
    zero = [one.code for one in findings_of(scheme, complete_report(answers={field: "0"}))]
    missing = [one.code for one in findings_of(scheme, complete_report(answers={field: nothing}))]
    assert "report_unanswered" not in zero
    assert missing.count("report_unanswered") == 1
    assert "report_part_exceeds" not in missing
    assert "report_list_exceeds" not in missing


@given(st.integers(0, 60), st.integers(0, 70))
def test_a_stated_figure_is_wrong_only_when_the_list_is_longer(scheme: Scheme, listed: int, stated: int) -> None:
    answers = {"client_count": str(stated), "specialised_count": "0"}
    data = complete_report(client_count=listed, answers=answers)
    codes = Counter(one.code for one in findings_of(scheme, data))
    assert codes == Counter(report_list_exceeds=int(listed > stated), report_list_short=int(listed < 50))
    report, _ = read_report(data)
    assert report is not None
    assert derived(report, scheme.form) == {"distinct_clients": listed, "team_members": 2}


@given(st.sampled_from([*complete_report()["answers"]]), st.text(max_size=40))
def test_any_text_in_any_field_is_answered_with_findings(scheme: Scheme, field: str, text: str) -> None:
    findings = [*read_report(complete_report(answers={field: text}))[1]]
    report, _ = read_report(complete_report(answers={field: text}))
    if report is not None:
        findings += faults_in(report, scheme, scheme.header.period)
    assert [one for one in findings if not (one.place and one.message() and one.remedy("en"))] == []
    again, _ = read_report_bytes(json.dumps(complete_report(answers={field: text})).encode())
    assert again == report


@given(st.sampled_from(["name", "contact", "phone", "service"]), st.text(max_size=40))
def test_any_text_in_any_cell_is_answered_with_findings(scheme: Scheme, column: str, text: str) -> None:
    rows = [client(number) for number in range(1, 53)]
    rows[7] |= {column: text}
    report, findings = read_report(complete_report(tables={"clients": rows}))
    if report is None:
        assert [one.code for one in findings] == ["report_text_broken"]
        return
    for one in faults_in(report, scheme, scheme.header.period):
        assert one.place.startswith("五、服务清单")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(st.sampled_from(["scheme", "institution", "answers", "tables", "attachments", "commitment"]), JSON)
def test_any_shape_is_answered_with_findings(scheme: Scheme, key: str, value: Any) -> None:
    data = complete_report()
    data[key] = value
    report, findings = read_report(data)
    if report is None:
        assert errors_in(findings) != []
        return
    for one in faults_in(report, scheme, scheme.header.period):
        assert one.message()
        assert one.remedy()


@given(st.binary(max_size=200))
def test_any_bytes_are_answered_with_findings(data: bytes) -> None:
    report, findings = read_report_bytes(data)
    assert (report is None) == (findings != [])


@given(st.sampled_from(["name", "contact", "phone", "service"]), st.text(max_size=12) | st.from_regex(r"1[0-9]{10}"))
def test_what_is_plainly_right_has_no_fault(scheme: Scheme, key: str, text: str) -> None:
    column = scheme.form.table_by_id["clients"].column(key)
    assert column is not None
    if is_plainly_right(column, text):
        period = scheme.header.period
        assert [*faults_in_value(column, text, options=(), rule="", period=period, file="", place="")] == []
