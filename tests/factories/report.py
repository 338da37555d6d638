"""A whole, clean report for shanghai-2021, to be changed where a test wants it changed."""

import hashlib
from typing import Any

from ceping.core.finding import Level
from ceping.core.report import faults_in, read_report
from ceping.core.scheme.loading import Scheme

USCC = "91310199MA0000A197"
NAME = "上海示例企业服务有限公司"
COMMITMENT = (
    "申报材料真实性承诺书\n"
    "1、我单位提供的所有文件、资料都是真实、完整、有效的，如有不实，愿承担相应的责任；\n"
    "2、自评报告递交后，我单位不会以任何形式干预后续进行的材料审查、测评和成绩确定工作。"
)


def complete_report(
    *,
    uscc: str = USCC,
    name: str = NAME,
    client_count: int = 52,
    answers: dict[str, Any] | None = None,
    tables: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A report without a single finding. `answers` and `tables` replace single entries (None removes one); any other
    change replaces a whole key of the report.
    """
    report: dict[str, Any] = {
        "scheme": "shanghai-2021",
        "institution": {"uscc": uscc, "name": name},
        "answers": _changed(_answers(uscc, name), answers),
        "tables": _changed(_tables(client_count), tables),
        "attachments": attachments(),
        "commitment": {
            "text_sha256": hashlib.sha256(COMMITMENT.encode()).hexdigest(),
            "accepted_by": "王一",
            "accepted_at": "2022-01-15T10:00:00+08:00",
        },
    }
    return _changed(report, changes)


def told(scheme: Scheme, data: dict[str, Any]) -> list[tuple[str, str]]:
    """The codes with their places, in the order found; a leading `?` marks a warning. Every text has to fill in."""
    report, findings = read_report(data)
    assert report is not None
    findings += faults_in(report, scheme, scheme.header.period)
    for one in findings:
        for language in ("zh", "en"):
            assert one.message(language)
            assert one.remedy(language)
    return [(("?" if one.level is Level.WARNING else "") + one.code, one.place) for one in findings]


def client(number: int, **changes: str) -> dict[str, str]:
    """The client of that number, from 1; no two are alike."""
    names = "甲乙丙丁戊己庚辛壬癸"
    name = f"上海{names[number // 10 % 10]}{names[number % 10]}科技{number}有限公司"
    row = {"name": name, "contact": f"联系人{number}", "phone": f"138{number:08d}", "service": "政策辅导"}
    return row | changes


def attachments(without: int | None = None) -> list[dict[str, Any]]:
    """Files for every checklist item that a complete report needs, or all but one item."""
    contents = {
        1: ["营业执照"],
        2: ["荣誉证书"],
        3: ["收费标准"],
        4: ["租赁合同"],
        5: ["社保缴费单"],
        6: ["合作项目合同"],
        7: ["合作协议甲", "合作协议乙", "合作协议丙"],
        8: ["审计报告"],
        10: ["信用报告"],
    }
    return [
        {
            "item": item,
            "file": f"附件{item:02d}_{content}_1.jpg",
            "sha256": hashlib.sha256(content.encode()).hexdigest(),
            "indicators": [],
        }
        for item, names in contents.items()
        if item != without
        for content in names
    ]


def _changed(table: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in {**table, **(changes or {})}.items() if value is not None}


def _answers(uscc: str, name: str) -> dict[str, Any]:
    return {
        "head_name": "王一",
        "filled_on": "2022-01-10",
        "name": name,
        "uscc": uscc,
        "address": "上海市黄浦区示例路1号",
        "founded_on": "2012-03-01",
        "independent": "yes",
        "nature": "有限责任公司",
        "registered_capital": "500",
        "office_area": "320.5",
        "legal_name": "王一",
        "legal_phone": "13800000001",
        "legal_email": "wang@example.cn",
        "contact_name": "李二",
        "contact_phone": "13800000002",
        "contact_email": "li@example.cn",
        "shop_name": "示例服务",
        "categories": ["technology", "consulting"],
        "introduction": "本机构为中小企业提供科技创新和管理咨询服务。",
        "total_spend": "120",
        "public_spend": "30.5",
        "client_count": "130",
        "specialised_count": "12",
        "headcount": "40",
        "fulltime_count": "20",
        "equipment_count": "0",
        "qualified_count": "18",
        "certified": "no",
        "plan_near": "明年服务两百家。",
        "plan_far": "五年内覆盖全市。",
        "benefit_economic": "帮助三十家企业获得贷款。",
        "benefit_social": "媒体报道五次。",
        "benefit_cases": "某企业的数字化改造。",
        "problems": "服务需求分散。",
        "measures": "分区设点。",
    }


def _tables(client_count: int) -> dict[str, Any]:
    return {
        "daily_services": [
            {"content": "政策咨询", "frequency": "weekly", "clients": "全市中小企业", "client_count": "80"}
        ],
        "activities": [
            {
                "content": "融资对接会",
                "mode": "线下",
                "done_on": "2021-06-18",
                "place": "黄浦区",
                "clients": "科技企业",
                "client_count": "40",
            }
        ],
        "honours": [
            {"group": "city", "name": "市级示范平台", "obtained_on": "2021-04-01", "issuer": "市经信委"},
            {"group": "gathered", "name": "示例大学", "obtained_on": "", "issuer": "示例大学"},
            {"group": "projects", "name": "疫情防控", "obtained_on": "2020-06-01/2021-09-30", "issuer": "市经信委"},
        ],
        "departments": [{"department": "服务部"}],
        "team": [
            {
                "department": "服务部",
                "member": member,
                "post": "顾问",
                "education": "本科",
                "title": "",
                "duty": "咨询",
            }
            for member in ("赵三", "钱四")
        ],
        "policies": [
            {"group": group, "name": f"制度{group}"}
            for group in ("service", "finance", "hr", "quality", "fees", "complaints")
        ],
        "clients": [client(number) for number in range(1, client_count + 1)],
    }
