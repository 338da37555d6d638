"""The notice (公示): who has which grade, from when to when, and where objections go; nothing about persons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ceping.core.finding import Finding, fault
from ceping.documents.check_code import check_code
from ceping.documents.forms.caution import caution_of, chinese_day, specimen_of
from ceping.documents.forms.results import place
from ceping.documents.forms.table import table
from ceping.documents.page_content import Institution, PageValues
from ceping.documents.sheet import Block, Document, Marks, Paragraph, SealPlace, texts_in

# The only columns there are: no phone, no mail, no person, no credit code can be asked for.
NoticeColumn = Literal["order", "name", "category", "recommender", "rank", "total", "grade"]
COLUMNS: dict[NoticeColumn, str] = {
    "order": "序号",
    "name": "机构名称",
    "category": "申报类别",
    "recommender": "推荐单位",
    "rank": "名次",
    "total": "总分",
    "grade": "等次",
}
USUAL: tuple[NoticeColumn, ...] = ("order", "name", "category", "grade")
# An eleven-digit number is a mobile, one of eighteen characters an identity card or a credit code.
_ELEVEN = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])", re.ASCII)
# Grouped as people write it, a mobile is still one; an office telephone with its area code is meant to be read.
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", re.ASCII)
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])", re.ASCII)
_DIGITS = 8
_MAIL = re.compile(r"[^\s@，。；：（）]+@[^\s@，。；：（）]+")
_HOLDING = str.maketrans(dict.fromkeys(" -　‐‑–—－", ""))


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """What the issuer says of a notice: who, on which day, over which days, and where objections go."""

    issuer: str
    issued_on: date
    start: date
    end: date
    channel: str
    number: str = ""
    url: str = ""
    columns: Sequence[NoticeColumn] = USUAL
    grades: Sequence[str] = ()
    # Counted by the calendar of the State Council; without it the days are told as they lie between the two.
    working_days: int = 0


def notice_document(
    values: PageValues, listed: Sequence[Institution], texts: NoticeTexts, *, recommenders: dict[str, str], sha256: str
) -> Document:
    """The notice with a red head; `recommenders` by uscc are asked for only when the column is."""
    code = check_code(values.heading.title, "", sha256)
    return Document(
        f"关于{values.heading.title}结果的公示",
        texts.issued_on,
        tuple(_blocks(values, listed, texts, recommenders, code)),
        watermark=specimen_of(values),
        marks=Marks(code, sha256, f"{texts.url}{code}") if texts.url else None,
    )


def persons_in(document: Document, channel: str) -> list[Finding]:
    """An error for each text of the notice that holds what may be a person's number or mail.

    The mailbox that the objection channel names is meant to be read; a mobile number there is refused all the same.
    """
    findings = []
    for text in dict.fromkeys((document.title, *texts_in(document))):
        found = _number_in(text) or ("" if channel in text else _first(_MAIL, text))
        if found:
            findings.append(fault("notice_person", text=text[:60], given=f"{found[:3]}…{found[-2:]}"))
    return findings


def _number_in(text: str) -> str:
    if found := _first(_ELEVEN, text) or _first(_MOBILE, text.translate(_HOLDING)):
        return found
    shown = (match[0] for match in _EIGHTEEN.finditer(text))
    return next((found for found in shown if sum(char.isdigit() for char in found) >= _DIGITS), "")


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _blocks(
    values: PageValues, listed: Sequence[Institution], texts: NoticeTexts, recommenders: dict[str, str], code: str
) -> Iterator[Block]:
    heading = values.heading
    yield Paragraph(texts.issuer, "red_head", "center")
    if texts.number:
        yield Paragraph(texts.number, "plain", "center")
    yield Paragraph(f"关于{heading.title}结果的公示", "title", "center")
    days = f"{texts.working_days} 个工作日" if texts.working_days else f"{(texts.end - texts.start).days + 1} 天"
    yield Paragraph(
        f"根据{heading.authority}关于{heading.scheme_title}的工作安排，现将测评结果予以公示，共 {len(listed)} 家。"
        f"公示时间为{chinese_day(texts.start)}至{chinese_day(texts.end)}，共 {days}。"
    )
    yield Paragraph(
        "公示期内，如对公示内容有异议，请以书面形式反映，并提供相关证明材料。以单位名义反映的，须加盖单位公章；"
        "以个人名义反映的，须署真实姓名。"
    )
    yield Paragraph(f"受理方式：{texts.channel}")
    caution = caution_of(values)
    if caution:
        yield Paragraph(f"{caution}。", "small")
    headers = tuple(COLUMNS[name] for name in texts.columns)
    rows = [tuple(cells_of(texts.columns, number, one, recommenders)) for number, one in enumerate(listed, 1)]
    middle = [index for index, name in enumerate(texts.columns) if name not in ("name", "recommender")]
    yield table(headers, rows, middle=middle)
    if texts.url:
        yield Paragraph(f"核验码：{code}　　核验网址：{texts.url}{code}", "small")
    yield SealPlace((texts.issuer, chinese_day(texts.issued_on)), height=30)


def cells_of(
    columns: Sequence[NoticeColumn], number: int, one: Institution, recommenders: Mapping[str, str]
) -> list[str]:
    """The row of an institution, the `number`th of the notice, in these columns."""
    return [_text(name, number, one, recommenders) for name in columns]


def _text(name: NoticeColumn, number: int, one: Institution, recommenders: Mapping[str, str]) -> str:
    match name:
        case "order":
            return str(number)
        case "name":
            return one.name
        case "category":
            return one.category_title
        case "recommender":
            return recommenders.get(one.uscc, "")
        case "rank":
            return place(one.rank)
        case "total":
            return one.total or ""
        case _:
            return one.grade
