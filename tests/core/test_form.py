"""The shipped form hangs together, and each way of breaking it is found where it was broken."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ceping
from ceping.core.scheme.form import FormFile, form_faults
from ceping.core.scheme.reading import read_toml, table_of
from ceping.core.scheme.summary import SummaryFile, summary_faults

FOLDER = Path(ceping.__file__).parent / "schemes" / "shanghai-2021"
Data = dict[str, Any]


@pytest.fixture(scope="module")
def shipped() -> Data:
    data, findings = read_toml(FOLDER / "form.toml", file="form.toml")
    assert findings == []
    assert data is not None
    return data


def form_of(data: Data) -> FormFile:
    form, findings = table_of(FormFile, data, file="form.toml")
    assert [(finding.place, finding.message()) for finding in findings] == []
    assert form is not None
    return form


def named(rows: list[Data], key: str) -> Data:
    return next(row for row in rows if row["id"] == key)


def test_the_shipped_form_has_no_fault(shipped: Data) -> None:
    assert form_faults(form_of(shipped)) == []


def test_the_ids_others_rely_on(shipped: Data) -> None:
    form = form_of(shipped)
    assert [field.id for field in form.fields] == [
        *("head_name", "filled_on", "name", "uscc", "address", "founded_on", "independent", "nature"),
        *("registered_capital", "office_area", "legal_name", "legal_phone", "legal_email"),
        *("contact_name", "contact_phone", "contact_email", "shop_name", "categories", "introduction"),
        *("total_spend", "public_spend", "client_count", "specialised_count", "headcount", "fulltime_count"),
        *("equipment_count", "qualified_count", "certified", "plan_near", "plan_far", "benefit_economic"),
        *("benefit_social", "benefit_cases", "problems", "measures", "special_audit", "fee_note", "uscc_reason"),
    ]
    assert {table.id: [column.id for column in table.columns] for table in form.tables} == {
        "daily_services": ["content", "frequency", "clients", "client_count"],
        "activities": ["content", "mode", "done_on", "place", "clients", "client_count"],
        "honours": ["group", "name", "obtained_on", "issuer"],
        "departments": ["department"],
        "team": ["department", "member", "post", "education", "title", "duty"],
        "policies": ["group", "name"],
        "clients": ["name", "contact", "phone", "service"],
        "investors": ["name", "nature", "share"],
    }
    assert [(table.id, table.blank_rows) for table in form.tables if table.blank_rows] == [
        ("daily_services", 9),
        ("activities", 10),
        ("team", 9),
        ("clients", 21),
    ]


def test_the_commitment_is_hashed_as_shown(shipped: Data) -> None:
    commitment = form_of(shipped).commitment
    assert commitment.text.split("\n") == [
        "申报材料真实性承诺书",
        "1、我单位提供的所有文件、资料都是真实、完整、有效的，如有不实，愿承担相应的责任；",
        "2、自评报告递交后，我单位不会以任何形式干预后续进行的材料审查、测评和成绩确定工作。",
    ]
    assert commitment.sha256 == "0c71c0b45d24eefdfb175b64ba3ab38149ee8a04d617436a07421a7dab7d8f70"


def _second_name(data: Data) -> None:
    data["field"].append(copy.deepcopy(named(data["field"], "plan_far")))


def _cell_to_nowhere(data: Data) -> None:
    data["part"][0]["block"][0]["rows"][2][1]["field"] = "adress"


def _narrow_row(data: Data) -> None:
    data["part"][0]["block"][0]["rows"][0][1]["span"] = 4


def _table_to_nowhere(data: Data) -> None:
    data["part"][4]["block"][0]["table"] = "client"


def _signer_to_nowhere(data: Data) -> None:
    data["commitment"]["signer"] = "legal"


def _choice_to_nowhere(data: Data) -> None:
    named(data["table"], "investors")["required_when"]["is"] = "nein"


def _group_to_nowhere(data: Data) -> None:
    data["checklist"]["item"][5]["required_when"]["groups"] = ["project"]


def _half_condition(data: Data) -> None:
    del data["checklist"]["item"][8]["required_when"]["is"]


def _unit_on_text(data: Data) -> None:
    named(data["field"], "address")["unit"] = "米"


def _crossed_limits(data: Data) -> None:
    named(data["field"], "headcount")["least"] = 2_000_000


def _choice_without_options(data: Data) -> None:
    del named(data["field"], "certified")["options"]


def _relation_of_texts(data: Data) -> None:
    data["relation"][0]["part"] = "address"


def _figure_of_no_column(data: Data) -> None:
    data["figure"][0]["distinct"] = "firm"


def _groups_without_column(data: Data) -> None:
    named(data["table"], "policies")["group_column"] = "grp"


def _override_without_item(data: Data) -> None:
    named(data["field"], "uscc")["override"]["item"] = 11


def _no_commitment(data: Data) -> None:
    del data["part"][5]["block"][0]


def _supplement_after_nothing(data: Data) -> None:
    data["supplement"]["after"] = "overvew"


def _mobile_number_of_people(data: Data) -> None:
    named(data["field"], "headcount")["mobile"] = True


def _length_of_a_number(data: Data) -> None:
    named(data["field"], "headcount")["characters"] = 5


def _groups_on_an_open_table(data: Data) -> None:
    named(data["table"], "investors")["repeated_by"] = "departments"


def _joins_nothing(data: Data) -> None:
    named(named(data["table"], "activities")["column"], "client_count")["joins"] = "client"


def _refers_to_another_column(data: Data) -> None:
    named(named(data["table"], "team")["column"], "department")["id"] = "unit"


def _repeated_without_reference(data: Data) -> None:
    del named(named(data["table"], "team")["column"], "department")["refers"]


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        (_second_name, [("form_id_repeated", "field")]),
        (_cell_to_nowhere, [("form_reference_dangling", "part overview"), ("form_field_not_shown", "field address")]),
        (_narrow_row, [("form_row_uneven", "part overview")]),
        (_table_to_nowhere, [("form_reference_dangling", "part clients"), ("form_table_not_shown", "table clients")]),
        (_signer_to_nowhere, [("form_reference_dangling", "commitment.signer")]),
        (_choice_to_nowhere, [("form_reference_dangling", "table investors.required_when.is")]),
        (_group_to_nowhere, [("form_reference_dangling", "checklist.item 6.required_when.groups")]),
        (_half_condition, [
            ("form_condition_unclear", "checklist.item 9.required_when"),
            ("form_reference_dangling", "checklist.item 9.required_when.is"),
        ]),
        (_unit_on_text, [("form_limit_misplaced", "field address")]),
        (_crossed_limits, [("form_limit_crossed", "field headcount")]),
        (_choice_without_options, [
            *[("form_reference_dangling", f"table policies.group {group}.required_when.is")
              for group in ("service", "finance", "hr", "quality", "fees", "complaints")],
            ("form_reference_dangling", "checklist.item 9.required_when.is"),
            ("form_options_misplaced", "field certified"),
        ]),
        (_relation_of_texts, [("form_not_a_number", "relation[1]")]),
        (_figure_of_no_column, [("form_reference_dangling", "figure distinct_clients.distinct")]),
        (_groups_without_column, [
            ("form_options_misplaced", "table policies.column group"),
            ("form_groups_unclear", "table policies"),
        ]),
        (_override_without_item, [("form_reference_dangling", "field uscc.override.item")]),
        (_no_commitment, [("form_block_count", "part")]),
        (_supplement_after_nothing, [("form_reference_dangling", "supplement.after")]),
        (_mobile_number_of_people, [("form_limit_misplaced", "field headcount")]),
        (_length_of_a_number, [("form_limit_misplaced", "field headcount")]),
        (_groups_on_an_open_table, [("form_groups_unclear", "table investors")]),
        (_joins_nothing, [("form_reference_dangling", "table activities.column client_count.joins")]),
        (_refers_to_another_column, [("form_reference_dangling", "table team.column unit.refers")]),
        (_repeated_without_reference, [("form_groups_unclear", "table team")]),
    ],
)  # fmt: skip
def test_each_break_is_found(shipped: Data, break_it: Callable[[Data], None], expected: list[tuple[str, str]]) -> None:
    data = copy.deepcopy(shipped)
    break_it(data)
    findings = form_faults(form_of(data))
    assert [(finding.code, finding.place) for finding in findings] == expected
    assert [finding for finding in findings if not (finding.message() and finding.remedy())] == []


def test_the_summary_table_is_annex_three(shipped: Data) -> None:
    data, findings = read_toml(FOLDER / "summary.toml", file="summary.toml")
    assert findings == []
    assert data is not None
    summary, findings = table_of(SummaryFile, data, file="summary.toml")
    assert findings == []
    assert summary is not None
    assert summary_faults(summary, form_of(shipped), file="summary.toml") == []
    data["column"][3] |= {"id": "name", "key": "contact"}
    broken, _ = table_of(SummaryFile, data, file="summary.toml")
    assert broken is not None
    assert [(finding.code, finding.place) for finding in summary_faults(broken, form_of(shipped), file="x")] == [
        ("form_id_repeated", "column[4]"),
        ("form_reference_dangling", "column[4]"),
    ]
