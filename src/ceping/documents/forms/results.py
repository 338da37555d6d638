"""The result list (测评结果名单): everybody by rank, category by category, and what kept out those without a rank."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ceping.documents.excel_form import Above, FormColumn, FormSheet, Value
from ceping.documents.forms.caution import caution_of, in_words, provisional_of, result_marks
from ceping.documents.forms.table import LYING, table
from ceping.documents.page_content import Institution, PageValues
from ceping.documents.sheet import Block, Document, Paragraph

NONE = "—"
_HEADERS = ("名次", "类别内名次", "机构名称", "统一社会信用代码", "申报类别", "总分", "等次", "名次区间", "说明")
_WIDTHS = (6, 8, 34, 22, 14, 8, 12, 10, 44)
_LEFT = frozenset({"机构名称", "说明"})
_WORDS = {
    ("参评条件", "未通过"): "未通过参评条件",
    ("参评条件", "缺少数值"): "参评条件缺少数值",
    ("参评条件", "豁免"): "豁免参评条件",
    ("最低要求", "未达到"): "未达到最低要求",
}
_NOTE = "名次区间：权重在 ±{spread}% 内随机变动 {draws} 次，名次所在的 95% 区间。"


def results_document(values: PageValues, *, dated: date, sha256: str) -> Document:
    """The list on lying A4; `sha256` is that of results.json."""
    heading = values.heading
    title = f"{heading.title}结果名单"
    return Document(
        title,
        dated,
        tuple(_blocks(values, title)),
        landscape=True,
        watermark=provisional_of(values),
        marks=result_marks(values, sha256),
    )


def results_sheets(values: PageValues) -> tuple[FormSheet, ...]:
    """The same as a workbook: all by rank, all by category, and how many have each grade."""
    title = f"{values.heading.title}结果名单"
    columns = tuple(
        FormColumn(label, width, "left" if label in _LEFT else "center")
        for label, width in zip(_HEADERS, _WIDTHS, strict=True)
    )
    by_category = sorted(values.institutions, key=lambda one: _place_in_category(values, one))
    above, below = _above(values, title), tuple(Above(note) for note in _notes(values))
    grades = tuple((band.grade, band.covers, band.count) for band in values.bands)
    return (
        FormSheet("总名单", above, columns, tuple(_cells(one) for one in values.institutions), below),
        FormSheet("分类名单", above, columns, tuple(_cells(one) for one in by_category), below),
        FormSheet(
            "等次分布",
            above,
            (FormColumn("等次", 16, "center"), FormColumn("总分", 36), FormColumn("机构数", 10, "center")),
            grades,
            landscape=False,
        ),
    )


def why_of(one: Institution) -> str:
    """What else bears on the grade: gates not passed or waived, vetoes, floors, limits; empty for most."""
    told = [
        f"{_WORDS.get((condition.kind, condition.verdict), condition.kind)}：{condition.title}"
        for condition in one.conditions
        if condition.failed or condition.verdict == "豁免"
    ]
    return "；".join((*told, *(() if one.complete else ("结果不完整",))))


def interval_of(one: Institution) -> str:
    """The interval of ranks as people write it."""
    if one.interval is None:
        return NONE
    low, high = one.interval
    return str(low) if low == high else f"{low}–{high}"


def place(rank: int | None) -> str:
    """A rank, or a dash for none."""
    return NONE if rank is None else str(rank)


def _blocks(values: PageValues, title: str) -> Iterator[Block]:
    heading = values.heading
    yield Paragraph(title, "title", "center")
    yield Paragraph(
        f"测评时间：{in_words(heading.period)}　　方案：{heading.scheme_label}　{heading.scheme_title}", "small"
    )
    for note in _notes(values):
        yield Paragraph(note, "small")
    yield Paragraph("一、总名单", "heading", together=True)
    yield table(_HEADERS, [_texts(one) for one in values.institutions], middle=(0, 1, 4, 5, 6, 7), line=LYING)
    yield Paragraph("二、分类名单", "heading", together=True)
    for category in values.categories:
        yield Paragraph(
            f"{category.title}（{category.count} 家，排名 {category.ranked} 家）", "subheading", together=True
        )
        found = [one for one in values.institutions if one.category == category.id]
        rows = [_texts(one)[1:4] + _texts(one)[5:] for one in found]
        yield table((*_HEADERS[1:4], *_HEADERS[5:]), rows, middle=(0, 3, 4, 5), line=LYING)
    yield Paragraph("三、等次分布", "heading", together=True)
    rows = [(band.grade, band.covers or NONE, str(band.count)) for band in values.bands]
    yield table(("等次", "总分", "机构数"), rows, middle=(0, 2))


def _notes(values: PageValues) -> list[str]:
    caution = caution_of(values)
    note = _NOTE.format(spread=values.spread_percent, draws=values.draws)
    return [*([caution + "。"] if caution else []), note]


def _above(values: PageValues, title: str) -> tuple[Above, ...]:
    caution = caution_of(values)
    period = f"测评时间：{in_words(values.heading.period)}　　方案：{values.heading.scheme_label}"
    return (Above(title, "title"), Above(period), *((Above(caution + "。"),) if caution else ()))


def _texts(one: Institution) -> tuple[str, ...]:
    total = NONE if one.total is None else one.total
    grade = f"{one.grade}（{one.label}）" if one.label else one.grade
    return (
        place(one.rank),
        place(one.rank_in_category),
        one.name,
        one.uscc,
        one.category_title,
        total,
        grade,
        interval_of(one),
        why_of(one),
    )


def _cells(one: Institution) -> tuple[Value, ...]:
    texts = _texts(one)
    total = None if one.total is None else Decimal(one.total)
    return (one.rank, one.rank_in_category, *texts[2:5], total, *texts[6:])


def _place_in_category(values: PageValues, one: Institution) -> tuple[int, bool, int, str]:
    order = {category.id: number for number, category in enumerate(values.categories)}
    return order[one.category], one.rank_in_category is None, one.rank_in_category or 0, one.uscc
