"""Mark sheets (评分表): what an assessor is asked of each institution, to fill in; and what was given, to sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from ceping.core.exact import CONTEXT, short_text_of
from ceping.core.scheme.indicators import ScoredItem
from ceping.core.scheme.rules import Judge
from ceping.documents.excel_form import Above, CellRule, FormColumn, FormSheet, Value
from ceping.documents.forms.table import LYING, table
from ceping.documents.sheet import Block, Cell, Document, Grid, Paragraph, SealPlace

# The headers of marks.csv by which a filled sheet is read back.
MARK, COEFFICIENT, REASON = "打分", "系数", "理由"
SIGNATURE = ("专家签名：", "日期：    年  月  日")
_MOST_CHOICES = 41
_WIDTHS = (14, 26, 12, 7, 7, 30)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing an assessor marks: the institution, the item with its rule, and what was given, if anything."""

    uscc: str
    name: str
    scored: ScoredItem
    judge: Judge
    mark: str = ""
    coefficient: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Assessor:
    """Whose sheet it is."""

    id: str
    name: str


def marks_document(title: str, assessor: Assessor, asked: Sequence[Asked], *, dated: date, given: bool) -> Document:
    """A table for each institution and the place to sign; `given` is the confirmation of what was marked."""
    kind = "打分确认表" if given else "评分表"
    blocks: list[Block] = [
        Paragraph(f"{title}专家{kind}", "title", "center"),
        Paragraph(f"专家编号：{assessor.id}　　姓名：{assessor.name}　　评分项：{len(asked)} 项", "plain"),
    ]
    if not given:
        blocks += [Paragraph(text, "small") for text in instructions(asked)]
    if given:
        blocks.append(_confirmed(asked))
    for number, (_, found) in enumerate(groupby(() if given else asked, key=lambda one: one.uscc), 1):
        own = list(found)
        heading = f"{number}．{own[0].name}（{own[0].uscc}）"
        blocks += [Paragraph(heading, "subheading", together=True), _grid(own)]
    if given:
        blocks.append(Paragraph("以上分数和理由由本人独立作出，与上述机构没有应当回避的关系。", "body", together=True))
    blocks.append(SealPlace(SIGNATURE, height=26))
    return Document(f"{title}专家{kind}（{assessor.id} {assessor.name}）", dated, tuple(blocks), landscape=True)


def marks_sheet(title: str, assessor: Assessor, asked: Sequence[Asked]) -> FormSheet:
    """The sheet to work with offline; only marks, coefficients and reasons can be written in."""
    coefficients = any(one.judge.coefficient is not None for one in asked)
    columns = tuple(_columns(coefficients=coefficients))
    at = {column.label: index for index, column in enumerate(columns)}
    rows, rules = [], []
    for number, one in enumerate(asked):
        rows.append(_row(one, assessor, coefficients=coefficients))
        hint = f"{one.scored.title}：{scale(one.judge)}"
        rules.append(CellRule(number, at[MARK], tuple(_allowed(one.judge)), one.judge.max, hint))
    above = (
        Above(f"{title}专家评分表", "title"),
        Above(f"专家编号：{assessor.id}　　姓名：{assessor.name}　　评分项：{len(asked)} 项"),
        *(Above(text) for text in instructions(asked)),
    )
    below = (Above("　　　　".join(SIGNATURE), "line"),)
    return FormSheet("评分表", above, columns, tuple(rows), below, tuple(rules), locked=True)


def instructions(asked: Sequence[Asked]) -> tuple[str, ...]:
    """How the sheet is filled in, from the rules of what is asked."""
    lows = sorted({short_text_of(one.judge.comment_below) for one in asked if one.judge.comment_below is not None})
    highs = sorted({short_text_of(one.judge.comment_above) for one in asked if one.judge.comment_above is not None})
    bounds = [f"低于 {'、'.join(lows)} 分"] if lows else []
    bounds += [f"高于 {'、'.join(highs)} 分"] if highs else []
    reason = f"{'或'.join(bounds)}的须写理由；" if bounds else ""
    return (f"填表说明：每项在“评分范围”内打分；{reason}与机构有利害关系的，请不要打分，并告知测评机构。",)


def scale(judge: Judge) -> str:
    """The allowed marks in words."""
    band = judge.coefficient
    told = f"0–{short_text_of(judge.max)} 分，每档 {short_text_of(judge.step)} 分"
    return told if band is None else f"{told}；系数 {short_text_of(band.least)}–{short_text_of(band.most)}"


def points_to_see(scored: ScoredItem) -> str:
    """What nothing, half and full marks look like; empty when the scheme does not say."""
    anchors = scored.item.anchors
    if anchors is None:
        return ""
    return f"0分：{anchors.zero}\n一半：{anchors.half}\n满分：{anchors.full}"


def _grid(asked: Sequence[Asked]) -> Grid:
    coefficients = any(one.judge.coefficient is not None for one in asked)
    labels = ["指标", "指标说明、评分要点", "评分范围", MARK, *([COEFFICIENT] if coefficients else []), REASON]
    widths = [width for width, label in zip(_WIDTHS, labels_all(), strict=True) if label in labels]
    rows = [tuple(Cell(label, "label") for label in labels)]
    for one in asked:
        described = "\n".join(text for text in (_described(one.scored), points_to_see(one.scored)) if text)
        cells = [Cell(one.scored.title), Cell(described), Cell(scale(one.judge)), Cell(one.mark, "number")]
        cells += [Cell(one.coefficient, "number")] if coefficients else []
        rows.append((*cells, Cell(one.reason)))
    return Grid(tuple(widths), tuple(rows), header=1, row_height=12)


def _confirmed(asked: Sequence[Asked]) -> Grid:
    """Everything that was given in one table."""
    coefficients = any(one.judge.coefficient is not None for one in asked)
    rows = [
        (
            one.name,
            one.uscc,
            one.scored.title,
            one.mark,
            *((one.coefficient,) if coefficients else ()),
            one.reason,
        )
        for one in asked
    ]
    labels = ("机构名称", "统一社会信用代码", "指标", MARK, *((COEFFICIENT,) if coefficients else ()), REASON)
    return table(labels, rows, middle=range(3, len(labels) - 1), line=LYING)


def labels_all() -> tuple[str, ...]:
    """Every column of the printed table, in order."""
    return "指标", "指标说明、评分要点", "评分范围", MARK, COEFFICIENT, REASON


def _columns(*, coefficients: bool) -> Iterator[FormColumn]:
    yield FormColumn("统一社会信用代码", 21)
    yield FormColumn("机构名称", 26)
    yield FormColumn("指标编号", 14)
    yield FormColumn("指标名称", 14)
    yield FormColumn("指标说明", 28)
    yield FormColumn("评分要点", 40)
    yield FormColumn("评分范围", 15, "center")
    yield FormColumn("专家编号", 9, "center")
    yield FormColumn(MARK, 9, "center", open=True, number=True)
    if coefficients:
        yield FormColumn(COEFFICIENT, 9, "center", open=True, number=True)
    yield FormColumn(REASON, 40, open=True)


def _row(one: Asked, assessor: Assessor, *, coefficients: bool) -> tuple[Value, ...]:
    told = (one.uscc, one.name, one.scored.key, one.scored.title, _described(one.scored))
    values: tuple[Value, ...] = (*told, points_to_see(one.scored), scale(one.judge), assessor.id)
    mark = Decimal(one.mark) if one.mark else None
    coefficient = Decimal(one.coefficient) if one.coefficient else None
    return (*values, mark, *((coefficient,) if coefficients else ()), one.reason)


def _described(scored: ScoredItem) -> str:
    """The official words, which the source breaks where its column ended."""
    return scored.leaf.description.replace("\n", "")


def _allowed(judge: Judge) -> list[str]:
    """The marks one by one, none when they are too many to choose from."""
    count = int(CONTEXT.divide_int(judge.max, judge.step))
    if count + 1 > _MOST_CHOICES:
        return []
    return [short_text_of(CONTEXT.multiply(judge.step, Decimal(number))) for number in range(count + 1)]
