"""What is attached against the checklist, and the truth commitment against its text and its signer."""

import hashlib
from typing import Any

import pytest

from ceping.core.scheme.loading import Scheme, load
from tests.factories.report import attachments, complete_report, told

Data = dict[str, Any]
LIST = "七、所需提供的资料清单"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    scheme, findings = load("shanghai-2021")
    assert findings == []
    assert scheme is not None
    return scheme


def changed_attachment(**changes: Any) -> list[Data]:
    first, *rest = attachments()
    return [{**first, **changes}, *rest]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (attachments(without=1), [("report_item_missing", "第 1 项")]),
        (attachments(without=3), [("report_item_or_note", "第 3 项")]),
        (attachments(without=6), [("report_item_missing", "第 6 项")]),
        (changed_attachment(file="../x.jpg"), [("report_path_unsafe", "第 1 项 ../x.jpg")]),
        (changed_attachment(file="/x.jpg"), [("report_path_unsafe", "第 1 项 /x.jpg")]),
        (changed_attachment(file="a\\x.jpg"), [("report_path_unsafe", "第 1 项 a\\x.jpg")]),
        (changed_attachment(file="c:x.jpg"), [("report_path_unsafe", "第 1 项 c:x.jpg")]),
        (changed_attachment(file=""), [("report_path_unsafe", "第 1 项")]),
        (changed_attachment(file="证照/a.png"), [("?report_scan_format", "第 1 项 证照/a.png")]),
        (changed_attachment(file="a.pdf", sha256="0"), [("report_sha256_malformed", "第 1 项 a.pdf")]),
        (changed_attachment(file="a.pdf", valid_until="2021"), [("report_date_malformed", "第 1 项 a.pdf")]),
        (
            changed_attachment(file="a.pdf", item="x"),
            [
                ("report_item_not_a_number", "attachments[1].item"),
                ("?report_attachment_loose", "a.pdf"),
                ("report_item_missing", "第 1 项"),
            ],
        ),
        (changed_attachment(file="a.pdf", item="1"), []),
        (changed_attachment(file="a.pdf", indicators=["no-such"]), [("report_indicator_unknown", "第 1 项 a.pdf")]),
        (
            changed_attachment(file="a.pdf", item=11),
            [("report_item_unknown", "第 11 项 a.pdf"), ("report_item_missing", "第 1 项")],
        ),
        (
            [*attachments(), {**attachments()[0], "item": None, "file": "录像.mp4"}],
            [("?report_attachment_loose", "录像.mp4")],
        ),
        ([*attachments(), attachments()[3]], [("report_attachment_repeated", "第 4 项 附件04_租赁合同_1.jpg")]),
    ],
)
def test_attachments_against_the_checklist(scheme: Scheme, files: list[Data], expected: list[tuple[str, str]]) -> None:
    found = told(scheme, complete_report(attachments=files))
    assert [(code, place.removeprefix(f"{LIST} ")) for code, place in found] == expected


def test_three_agreements_in_force_not_three_pages(scheme: Scheme) -> None:
    files = attachments(without=7)
    page = {"item": 7, "sha256": hashlib.sha256(b"").hexdigest()}
    pages = [{**page, "file": f"附件07_协议甲_{number}.jpg"} for number in (1, 2, 3)]
    apart = [{**page, "file": f"附件07_协议{name}_1.jpg"} for name in "甲乙丙"]
    place = f"{LIST} 第 7 项"
    assert told(scheme, complete_report(attachments=[*files, *pages])) == [("report_item_few", place)]
    assert told(scheme, complete_report(attachments=[*files, *apart])) == []
    apart[2]["valid_until"] = "2020-12-31"
    assert told(scheme, complete_report(attachments=[*files, *apart])) == [("report_item_few", place)]
    apart[2]["valid_until"] = "2021-01-01"
    assert told(scheme, complete_report(attachments=[*files, *apart])) == []


def test_no_fee_schedule_but_an_explanation(scheme: Scheme) -> None:
    data = complete_report(attachments=attachments(without=3), answers={"fee_note": "服务全部免费。"})
    assert told(scheme, data) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text_sha256": "0" * 64}, "report_commitment_changed"),
        ({"accepted_by": " "}, "report_commitment_unsigned"),
        ({"accepted_by": "李二"}, "report_commitment_signer"),
        ({"accepted_at": "2022-01-15 10:00"}, "report_commitment_undated"),
        ({"accepted_at": "2022-01-15T10:00:00"}, "report_commitment_undated"),
        ({"accepted_at": "2022-13-15T10:00:00Z"}, "report_commitment_undated"),
    ],
)
def test_the_commitment_is_accepted_as_it_stands(scheme: Scheme, change: dict[str, str], code: str) -> None:
    commitment = complete_report()["commitment"] | change
    assert told(scheme, complete_report(commitment=commitment)) == [(code, "六、真实性承诺")]
