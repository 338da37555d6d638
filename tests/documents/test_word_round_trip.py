"""A report printed in Word and taken in again is the same report, but for what a Word file does not carry."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ceping.core.report import Report, read_report
from ceping.core.scheme.loading import load
from ceping.documents.forms.report_marks import canonical
from ceping.documents.intake.word import take_in
from ceping.documents.report_files import report_files
from tests.factories.report import complete_report


def rich() -> dict[str, Any]:
    honours = [
        {"group": group, "name": f"{group}第{number}项", "obtained_on": "2021-05-06", "issuer": "市经信委"}
        for group in ("national", "patents", "other")
        for number in range(1, 4)
    ]
    team = [
        {"department": department, "member": member, "post": "顾问", "education": "硕士", "duty": "数字化／绿色化"}
        for department in ("服务一部", "喆堃镕玥珺部")
        for member in ("赵三", "𠮷四", "钱 五")
    ]
    return complete_report(
        name="上海喆堃镕玥珺（长三角）企业服务中心",
        client_count=130,
        answers={
            "independent": "no",
            "certified": "yes",
            "categories": ["startup", "legal", "association"],
            "introduction": "第一段，300字以内。\n第二段：“专精特新”。",
            "plan_far": "一是扩面。\n二是提质。\n\n三是增效。",
            "registered_capital": "0.5",
            "special_audit": "沪会审〔2022〕1号",
        },
        tables={
            "honours": honours,
            "departments": [{"department": "服务一部"}, {"department": "喆堃镕玥珺部"}],
            "team": team,
            "investors": [{"name": "示例集团", "nature": "国有", "share": "60"}],
            "daily_services": [
                {"content": "咨询", "frequency": "daily", "clients": "A/B 两类企业", "client_count": "80"},
                {"content": "走访", "frequency": "monthly", "clients": "园区企业"},
            ],
        },
    )


@pytest.mark.parametrize("data", [complete_report(), rich()], ids=["plain", "rich"])
def test_what_was_printed_is_read_back(tmp_path: Path, data: dict[str, Any]) -> None:
    scheme, _ = load("shanghai-2021")
    report, findings = read_report(data)
    assert scheme is not None
    assert report is not None
    assert findings == []
    printed = report_files(scheme, report, state="draft")
    word = next(name for name in printed.files if name.endswith(".docx"))
    (tmp_path / "report.docx").write_bytes(printed.files[word])
    taken = take_in(tmp_path / "report.docx")
    assert taken.report is not None
    read, _ = read_report(taken.report)
    assert read is not None
    assert told(read) == told(report)


def told(report: Report) -> str:
    # A Word file names attachments and holds no promise; the scheme is read with its version.
    return canonical(replace(report, scheme="", attachments=(), acceptance=None)).decode()
