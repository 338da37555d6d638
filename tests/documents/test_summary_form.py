"""附件3 as printed: its words are the official ones, and what was printed can be taken in again."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.summary import SummaryFile
from ceping.documents.excel_form import form_book
from ceping.documents.forms.summary import line_of, summary_document, summary_sheet
from ceping.documents.intake.summary import take_in_summary
from ceping.documents.pdf import to_pdf
from ceping.documents.sheet import texts_in
from tests.factories.pdf import pages_of, squeezed

OFFICIAL = [
    "附件3",
    "2021年上海市中小企业服务机构参评推荐汇总表",
    "推荐单位（公章）：                                           填报日期：    年  月  日",
    *("序号", "申报单位名称", "申报类别", "联系人", "手机", "办公电话", "传真", "电子邮箱"),
]
DAY = date(2022, 1, 20)
ENTRIES = [
    {
        "name": "上海喆堃企业服务有限公司",
        "category": "startup",
        "contact_name": "王一",
        "contact_phone": "13800000001",
        "office_phone": "021-58881234",
        "fax": "021-58881235",
        "contact_email": "a@example.com",
    },
    {"name": "=上海乙服务中心", "category": "legal", "contact_name": "李二", "contact_phone": "13800000002"}
    | {"contact_email": "b@example.com"},
]


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    found, _ = load("shanghai-2021")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def summary(scheme: Scheme) -> SummaryFile:
    assert scheme.summary is not None
    return scheme.summary


def cells_of(data: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


def test_empty_it_holds_the_official_words_and_no_other(scheme: Scheme, summary: SummaryFile) -> None:
    document = summary_document(scheme, summary, [], recommender="", filled_on=None)
    sheet = summary_sheet(scheme, summary, [], recommender="", filled_on=None)
    book = cells_of(form_book([sheet], title="t", dated=DAY))
    assert list(texts_in(document)) == OFFICIAL
    assert [cell for row in book for cell in row if cell is not None] == OFFICIAL
    assert "".join(pages_of(to_pdf(document))).startswith(squeezed("".join(OFFICIAL)))


def test_name_and_date_stand_in_their_places(summary: SummaryFile) -> None:
    line = line_of(summary, recommender="黄浦区", filled_on=DAY)
    assert line == f"推荐单位（公章）：黄浦区{' ' * 37}填报日期：2022年1月20日"
    assert line_of(summary, recommender="黄浦区", filled_on=None).endswith("填报日期：    年  月  日")


@given(name=st.text("区县商会某" + "（）", min_size=1, max_size=60), day=st.dates(date(2000, 1, 1)))
def test_no_name_pushes_out_the_date(name: str, day: date) -> None:
    found, _ = load("shanghai-2021")
    assert found is not None
    assert found.summary is not None
    line = line_of(found.summary, recommender=name, filled_on=day)
    before, _, after = line.partition("填报日期：")
    assert before.strip() == f"推荐单位（公章）：{name}"
    assert after == f"{day.year}年{day.month}月{day.day}日"


def test_what_was_printed_comes_in_again(scheme: Scheme, summary: SummaryFile, tmp_path: Path) -> None:
    sheet = summary_sheet(scheme, summary, ENTRIES, recommender="黄浦区", filled_on=DAY)
    path = tmp_path / "a.xlsx"
    path.write_bytes(form_book([sheet], title="t", dated=DAY))
    read = take_in_summary(path, scheme, summary)
    assert read.table.findings == []
    assert (read.recommender, read.filled_on) == ("黄浦区", "2022-01-20")
    names = [column.id for column in summary.columns if column.kind != "order"]
    assert [{name: row[name] for name in names if name in row} for row in read.entries] == ENTRIES


def test_the_sheet_keeps_phones_as_text_and_prints_one_page_wide(scheme: Scheme, summary: SummaryFile) -> None:
    sheet = summary_sheet(scheme, summary, ENTRIES, recommender="黄浦区", filled_on=DAY)
    data = form_book([sheet], title="t", dated=DAY)
    assert data == form_book([sheet], title="t", dated=DAY)
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [page.cell(5, column).data_type for column in (1, 2, 5, 6)] == ["n", "s", "s", "s"]
    assert (page.cell(5, 1).value, page.cell(6, 1).value, page.cell(6, 2).value) == (1, 2, "=上海乙服务中心")
    assert page.freeze_panes == "A5"
    assert (page.page_setup.orientation, page.page_setup.fitToHeight, page.print_title_rows) == (
        "landscape",
        0,
        "$4:$4",
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.row_dimensions[3].height >= 48


def test_a_long_table_repeats_its_heading(scheme: Scheme, summary: SummaryFile) -> None:
    document = summary_document(scheme, summary, ENTRIES * 30, recommender="黄浦区", filled_on=DAY)
    pages = pages_of(to_pdf(document))
    assert len(pages) > 2
    assert [page.count("申报单位名称") for page in pages] == [1] * len(pages)
