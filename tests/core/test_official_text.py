"""Every cell and paragraph of the official text stands verbatim, in order and as often, in the parsed scheme."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import ceping
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.indicators import IndicatorsFile
from ceping.core.scheme.layout import ChecklistBlock, CommitmentBlock, FieldsBlock, GridBlock, TableBlock, TextBlock
from ceping.core.scheme.points import PointsFile
from ceping.core.scheme.reading import TableT, read_toml, table_of
from ceping.core.scheme.summary import SummaryFile

FOLDER = Path(ceping.__file__).parent / "schemes" / "shanghai-2021"
OFFICIAL = Path(__file__).parents[1] / "cases" / "official" / "2021-documents.txt"
# Marks the copy has and the paper has not: pictures, bookmarks, the number of the cover page.
PICTURE = "[image: IMG_256]"
BOOKMARKS = [f"[bookmark: _Toc534874{number}]" for number in (858, 859, 860, 861, 862, 865, 866, 867)]
PAGE_NUMBER = " (\n—\n \n1\n \n—\n)\n"
# In the copy the heading of part five runs on from the last paragraph of part four without a line end.
RUN_ON = ("对策及建议五、服务清单", "对策及建议\n五、服务清单")


def official_text() -> str:
    text = OFFICIAL.read_text(encoding="utf-8")
    for mark, instead in [(PAGE_NUMBER, ""), RUN_ON, *((bookmark, "") for bookmark in BOOKMARKS)]:
        assert text.count(mark) == 1, mark
        text = text.replace(mark, instead)
    return text.replace(PICTURE, "")


def pieces_of(text: str) -> Iterator[str]:
    """Cells (a line that begins with a tab, and the lines that run on from it) and paragraphs, stripped, not blank."""
    cell: list[str] = []
    for line in text.split("\n"):
        if line.startswith("\t"):
            yield "\n".join(cell).strip()
            cell = [line]
        elif cell and line.strip() and not line.startswith(" "):
            cell.append(line)
        else:
            yield "\n".join(cell).strip()
            cell = []
            yield line.strip()
    yield "\n".join(cell).strip()


def official() -> list[str]:
    return [piece for piece in pieces_of(official_text()) if piece]


def printed_in(form: FormFile) -> Iterator[str]:
    """What the empty form prints, in order; the title is a declared reading and no part of the official text."""
    yield from (line.text for line in form.cover.lines)
    for part in form.parts:
        yield part.heading
        for block in part.blocks:
            if isinstance(block, TextBlock):
                yield block.text
            elif isinstance(block, GridBlock):
                yield from (cell.text for row in block.rows for cell in row)
            elif isinstance(block, TableBlock):
                yield from table_texts(form, block.table)
            elif isinstance(block, CommitmentBlock):
                yield from (form.commitment.title, *form.commitment.clauses, *form.commitment.signature)
            elif isinstance(block, ChecklistBlock):
                yield from form.checklist.headers
                for item in form.checklist.items:
                    yield from (str(item.number), item.text)
            else:
                assert isinstance(block, FieldsBlock)


def table_texts(form: FormFile, key: str) -> Iterator[str]:
    """The column headings of a table as printed, then its fixed rows."""
    table = form.table_by_id[key]
    columns = [column for column in table.columns if not column.joins]
    if table.repeated_by:
        yield from (column.label for column in form.table_by_id[table.repeated_by].columns)
        columns = [column for column in columns if column.refers != table.repeated_by]
    yield from (column.label for column in columns)
    yield from (group.label for group in table.groups)


def indicator_texts(indicators: IndicatorsFile) -> Iterator[str]:
    """The indicator table by rows; a first cell that spans rows is printed once, in the first of them."""
    yield from (indicators.annex, indicators.title, *indicators.headers)
    branch = ""
    for leaf in indicators.leaves:
        if leaf.branch != branch:
            branch = leaf.branch
            yield next(one.title for one in indicators.branches if one.id == branch)
        yield from (leaf.as_printed or leaf.title, leaf.description, leaf.evidence)
        yield from (item.evidence for item in leaf.items)


def points_texts(points: PointsFile) -> Iterator[str]:
    """The table of rules by rows, cells that span rows printed once; then the table of levels by rows."""
    yield from (points.title, points.rules_title, *points.rules_columns)
    branch = leaf = ""
    for rule in points.rules:
        if rule.branch != branch:
            yield rule.branch
        if (rule.branch, rule.leaf) != (branch, leaf):
            yield rule.leaf
        branch, leaf = rule.branch, rule.leaf
        yield from (rule.unit, rule.score, rule.remark)
    yield from (points.levels_title, *points.levels_columns)
    for rank in sorted({row.rank for row in points.levels}):
        yield from (row.printed for row in points.levels if row.rank == rank)


def summary_texts(summary: SummaryFile) -> Iterator[str]:
    """The first cell, the line above the table, its headings."""
    yield from (f"{summary.annex}\n{summary.title}", summary.line)
    yield from (column.label for column in summary.columns)


def read(model: type[TableT], file: str) -> TableT:
    data, faults = read_toml(FOLDER / file, file=file)
    assert faults == []
    assert data is not None
    table, findings = table_of(model, data, file=file)
    assert findings == []
    assert table is not None
    return table


@pytest.fixture(scope="module")
def indicators() -> IndicatorsFile:
    return read(IndicatorsFile, "indicators.toml")


@pytest.fixture(scope="module")
def points() -> PointsFile:
    return read(PointsFile, "points.toml")


@pytest.fixture(scope="module")
def form() -> FormFile:
    return read(FormFile, "form.toml")


@pytest.fixture(scope="module")
def summary() -> SummaryFile:
    return read(SummaryFile, "summary.toml")


def section(start: str, end: str | None = None) -> list[str]:
    pieces = official()
    return pieces[pieces.index(start) : pieces.index(end) if end is not None else None]


def test_annex_one_stands_in_the_indicators_word_for_word_and_in_order(indicators: IndicatorsFile) -> None:
    assert [text for text in indicator_texts(indicators) if text] == section(
        "附件1", "上海市企业服务云店铺积分考核管理制度"
    )


def test_the_points_rules_stand_in_the_scheme_word_for_word_and_in_order(points: PointsFile) -> None:
    expected = section("上海市企业服务云店铺积分考核管理制度", "测评时间：2021年1月1日-2021年12月31日")
    assert list(points_texts(points)) == expected


def test_every_piece_of_the_official_text_is_held_by_one_of_the_four_sections(
    indicators: IndicatorsFile, points: PointsFile, form: FormFile, summary: SummaryFile
) -> None:
    texts = [*indicator_texts(indicators), *points_texts(points), *printed_in(form), *summary_texts(summary)]
    assert [text for text in texts if text] == official()


def test_annex_two_stands_in_the_form_word_for_word_and_in_order(form: FormFile) -> None:
    expected = section("测评时间：2021年1月1日-2021年12月31日", "附件3\n2021年上海市中小企业服务机构参评推荐汇总表")
    assert [text for text in printed_in(form) if text] == expected


def test_annex_three_stands_in_the_summary_word_for_word_and_in_order(summary: SummaryFile) -> None:
    assert list(summary_texts(summary)) == section("附件3\n2021年上海市中小企业服务机构参评推荐汇总表")


def test_the_copy_is_read_whole() -> None:
    letters = "".join(official_text().split())
    assert "".join("".join(official()).split()) == letters
    assert len(official()) == 292


def test_blank_rows_are_those_of_the_copy(form: FormFile) -> None:
    lines = official_text().split("\n")
    for key, label in [
        ("daily_services", "日常服务内容"),
        ("activities", "重点活动内容"),
        ("team", "团队人员"),
        ("clients", "企业名称"),
    ]:
        start = lines.index(f"\t{label}")
        rows = "\n".join(lines[start:]).split("\n\n")[1:]
        blank = 0
        while rows[blank].startswith("\t") and not rows[blank].strip():
            blank += 1
        assert (key, form.table_by_id[key].blank_rows) == (key, blank)
