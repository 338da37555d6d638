"""Two reports held beside each other: what is the same is not told, what differs is told once, where people look."""

from copy import deepcopy
from typing import Any

import pytest

from ceping.core.report import Report, read_report
from ceping.core.report.comparing import Cell, Change, changes_between
from ceping.core.scheme.loading import Scheme, load
from tests.factories.report import complete_report


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    found, _ = load("shanghai-2021")
    assert found is not None
    return found


def report(data: dict[str, Any]) -> Report:
    found, _ = read_report(data)
    assert found is not None
    return found


def changes(scheme: Scheme, before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    return changes_between(report(before), report(after), scheme.form)


def test_the_same_report_has_no_change(scheme: Scheme) -> None:
    assert changes(scheme, complete_report(), complete_report()) == ()


def test_a_field_is_told_in_words_of_the_form(scheme: Scheme) -> None:
    after = complete_report(answers={"certified": "yes", "plan_far": None, "special_audit": "沪审字第 7 号"})
    before = complete_report(answers={"plan_far": "三年内"})
    assert changes(scheme, before, after) == (
        Change("field", "certified", "changed", "三、运营管理情况", "是否通过管理体系认证", (Cell("", "否", "是"),)),
        Change("field", "plan_far", "removed", "四、服务成效及规划", "远期计划", (Cell("", "三年内", ""),)),
        Change(
            "field", "special_audit", "added", "补充说明", "公益性支出专项审计报告", (Cell("", "", "沪审字第 7 号"),)
        ),
    )


def test_a_row_keeps_its_partner_when_others_come_and_go(scheme: Scheme) -> None:
    before = complete_report()
    after = deepcopy(before)
    rows = after["tables"]["clients"]
    gone = rows.pop(3)
    rows[9] = rows[9] | {"phone": "13800000001"}
    rows.insert(0, {"name": "上海新来有限公司", "contact": "新", "phone": "13800000002", "service": "诊断"})
    told = changes(scheme, before, after)
    assert [(one.happened, one.key) for one in told] == [
        ("added", "clients/1"),
        ("removed", "clients/4"),
        ("changed", "clients/11"),
    ]
    assert told[2].cells == (Cell("手机", before["tables"]["clients"][10]["phone"], "13800000001"),)
    assert told[1].cells[0] == Cell("企业名称", gone["name"], "")
    assert {one.heading for one in told} == {"五、服务清单"}


def test_rows_all_changed_find_their_partners_by_name(scheme: Scheme) -> None:
    before = complete_report()
    after = deepcopy(before)
    for row in after["tables"]["clients"]:
        row["service"] += "（二期）"
    after["tables"]["clients"].reverse()
    told = changes(scheme, before, after)
    assert [one.happened for one in told] == ["changed"] * len(before["tables"]["clients"])
    assert all([cell.name for cell in one.cells] == ["参与的服务（活动）"] for one in told)


def test_groups_files_and_the_signer_are_told(scheme: Scheme) -> None:
    before = complete_report()
    after = deepcopy(before)
    after["tables"]["honours"][0]["group"] = "national"
    after["attachments"][0]["sha256"] = "f" * 64
    removed = after["attachments"].pop()
    after["commitment"]["accepted_by"] = "赵六"
    told = changes(scheme, before, after)
    assert [(one.kind, one.happened) for one in told] == [
        ("row", "changed"),
        ("attachment", "changed"),
        ("attachment", "removed"),
        ("commitment", "changed"),
    ]
    assert told[0].cells[0].new == "国家级荣誉称号"
    assert told[2].key == removed["file"]
    assert told[3].cells == (Cell("", "王一", "赵六"),)


def test_five_thousand_rows_against_as_many(scheme: Scheme) -> None:
    """A list imported anew in another order: bounded work, each row once."""
    before, after = complete_report(), complete_report()
    rows = [{"name": f"上海第{n}家有限公司", "contact": "某", "phone": "1", "service": "诊断"} for n in range(5_000)]
    before["tables"]["clients"] = rows
    after["tables"]["clients"] = [row | {"phone": "2"} for row in reversed(rows)]
    assert len(changes(scheme, before, after)) == 5_000
