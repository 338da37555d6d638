"""Every place a finding can name leads back to its field, row or item: no link of a board points nowhere."""

import pytest

from ceping.core.report import faults_in, read_report
from ceping.core.report.spots import Spot, Spots
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import shipped_folders
from tests.factories.report import client, complete_report


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    found, _ = load("shanghai-2021")
    assert found is not None
    return found


def test_each_kind_of_place_is_found(scheme: Scheme) -> None:
    spots = Spots(scheme.form)
    assert {
        place: spots.spot(place)
        for place in (
            "一、服务机构概述 办公地址",
            "封面 填写日期",
            "补充说明 无收费标准的说明",
            "五、服务清单",
            "五、服务清单 第 12 行 手机",
            "五、服务清单 第 12 行",
            "二、2021年度中小企业服务经验 重点活动 第 3 行 实际服务对象",
            "七、所需提供的资料清单 第 1 项",
            "七、所需提供的资料清单 第 10 项 附件10_信用报告.jpg",
            "六、真实性承诺",
            "没有这个地方",
        )
    } == {
        "一、服务机构概述 办公地址": Spot("field", "overview", "address"),
        "封面 填写日期": Spot("field", "cover", "filled_on"),
        "补充说明 无收费标准的说明": Spot("field", "supplement", "fee_note"),
        "五、服务清单": Spot("table", "clients", "clients"),
        "五、服务清单 第 12 行 手机": Spot("row", "clients", "clients", 12, "phone"),
        "五、服务清单 第 12 行": Spot("row", "clients", "clients", 12),
        "二、2021年度中小企业服务经验 重点活动 第 3 行 实际服务对象": Spot(
            "row", "experience", "activities", 3, "clients"
        ),
        "七、所需提供的资料清单 第 1 项": Spot("item", "checklist", "1"),
        "七、所需提供的资料清单 第 10 项 附件10_信用报告.jpg": Spot("item", "checklist", "10"),
        "六、真实性承诺": Spot("commitment", "commitment"),
        "没有这个地方": Spot("whole"),
    }


@pytest.mark.parametrize("name", shipped_folders())
def test_every_finding_of_a_bad_report_has_its_place(name: str) -> None:
    scheme, _ = load(name)
    assert scheme is not None
    data = complete_report(scheme=scheme.label, answers={"certified": "yes"}, commitment=None, attachments=[])
    rows = [client(1), client(1), {"name": "甲"}, client(2, phone="1")]
    data["answers"] = {}
    data["tables"] = {table.id: rows if table.id == "clients" else [{"x": ""}] for table in scheme.form.tables}
    report, _ = read_report(data)
    assert report is not None
    spots = Spots(scheme.form)
    findings = faults_in(report, scheme, scheme.header.period)
    assert len(findings) > 3
    assert [one.place for one in findings if spots.spot(one.place).kind == "whole" and one.place != "scheme"] == []
