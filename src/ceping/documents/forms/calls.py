"""Call sheets (回访记录表): whom to call of an institution, in which order, what to ask, lines for each attempt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ceping.core.phone import masked
from ceping.core.scheme.verification import VerificationFile
from ceping.documents.excel_form import Above, FormColumn, FormSheet, Value
from ceping.documents.forms.table import LYING, table
from ceping.documents.sheet import Block, Cell, Document, Grid, PageBreak, Paragraph, SealPlace

Phones = Literal["masked", "full", "none"]
ATTEMPTS = 3
# What the workbook calls the columns of calls.csv, and the line that says whose sheet it is.
LABELS = {
    "uscc": "统一社会信用代码",
    "client_key": "服务对象编号",
    "attempt": "第几次",
    "at": "呼叫时间",
    "mode": "方式",
    "disposition": "结果代码",
}
CLIENT_NAME = "服务对象名称"
PRINTED = ("顺序", "样本或备选", "联系人", "联系电话", "服务内容")
TITLE = "服务对象回访记录表"
_ROLES = {"sample": "样本", "reserve": "备选"}
_MODES = ("phone", "online")
_SIGNATURE = ("访问员签名：", "日期：    年  月  日")
_HOW = (
    "填表说明：按顺序呼叫样本；样本不能完成的，从备选第一家起依次启用，不得跳号。每次呼叫写一行：时间、结果代码；"
    "完访的写各题答案代码。不提示答案，不透露其他机构和其他企业。"
)


@dataclass(frozen=True, slots=True)
class Client:
    """One client of the draw; `position` counts from 1 over sample and reserves."""

    position: int
    role: Literal["sample", "reserve"]
    key: str
    name: str
    contact: str
    phone: str
    service: str


@dataclass(frozen=True, slots=True)
class Called:
    """Whose clients are called."""

    uscc: str
    name: str
    clients: tuple[Client, ...]


def calls_document(
    title: str, called: Called, verification: VerificationFile, *, phones: Phones, dated: date
) -> Document:
    """Questions, codes, the sample, and on pages of their own the reserves."""
    blocks: list[Block] = [
        Paragraph(f"{title}{TITLE}", "title", "center"),
        Paragraph(f"服务机构：{called.name}（{called.uscc}）", "plain"),
        Paragraph(_HOW, "small"),
        Paragraph("一、问卷", "heading", together=True),
    ]
    for number, question in enumerate(verification.questions, 1):
        options = "　".join(f"{option.code}＝{option.title}" for option in question.options)
        blocks.append(Paragraph(f"第{number}题　{question.text}\n{options}".rstrip(), "plain"))
    blocks.append(Paragraph("二、结果代码", "heading", together=True))
    blocks.append(_codes(verification))
    for numeral, role in zip("三四", ("sample", "reserve"), strict=True):
        found = [client for client in called.clients if client.role == role]
        if found:
            blocks += [
                PageBreak(),
                Paragraph(f"{numeral}、{_ROLES[role]}（{len(found)} 家）", "heading", together=True),
            ]
            blocks.append(_grid(found, verification, phones))
    blocks.append(SealPlace(_SIGNATURE, height=26))
    return Document(f"{title}{TITLE}（{called.name}）", dated, tuple(blocks), landscape=True)


def calls_sheets(
    title: str, called: Called, verification: VerificationFile, *, phones: Phones
) -> tuple[FormSheet, FormSheet]:
    """A line for each attempt under the headers of calls.csv, and the questions and codes on a sheet of their own."""
    above = (
        Above(f"{title}{TITLE}", "title"),
        Above(f"服务机构：{called.name}（{called.uscc}）"),
        Above(_HOW),
    )
    rows = tuple(
        _row(called, client, attempt, phones, len(verification.questions))
        for client in called.clients
        for attempt in range(1, ATTEMPTS + 1)
    )
    below = (Above("　　　　".join(_SIGNATURE), "line"),)
    record = FormSheet("回访记录", above, tuple(_columns(verification)), rows, below, locked=True)
    lines: list[tuple[Value, ...]] = []
    for question in verification.questions:
        lines += [(question.id, question.text, one.code, one.title) for one in question.options]
    lines += [("disposition", "呼叫结果", one.code, one.title) for one in verification.dispositions]
    named = (FormColumn("列", 16), FormColumn("问题", 50), FormColumn("代码", 10, "center"), FormColumn("含义", 30))
    return record, FormSheet("问卷和代码", (Above("问卷和结果代码", "title"),), named, tuple(lines), landscape=False)


def shown_phone(phone: str, phones: Phones) -> str:
    """The number as this sheet may hold it."""
    return {"full": phone, "masked": masked(phone), "none": ""}[phones]


def _codes(verification: VerificationFile) -> Grid:
    cells = [f"{one.code}　{one.title}" for one in verification.dispositions]
    cells += [""] * (-len(cells) % 3)
    rows = [tuple(cells[start : start + 3]) for start in range(0, len(cells), 3)]
    return table(("结果代码", "结果代码", "结果代码"), rows, line=LYING)


def _grid(clients: Sequence[Client], verification: VerificationFile, phones: Phones) -> Grid:
    questions = [f"第{number}题" for number in range(1, len(verification.questions) + 1)]
    labels = ["序号", "编号", "服务对象", "联系人、电话", "服务内容", "次", "时间", "结果", *questions, "备注"]
    widths = (6, 9, 26, 18, 18, 5, 18, 8, *(8 for _ in questions), 16)
    rows = [tuple(Cell(label, "label") for label in labels)]
    for client in clients:
        contact = "\n".join(text for text in (client.contact, shown_phone(client.phone, phones)) if text)
        for attempt in range(1, ATTEMPTS + 1):
            blank = tuple(Cell("") for _ in range(3 + len(questions)))
            cells: tuple[Cell, ...] = (Cell(str(attempt), "number"), *blank)
            if attempt == 1:
                who = (client.name, contact, client.service)
                first = (str(client.position), client.key)
                cells = (
                    *(Cell(text, "number", rows=ATTEMPTS) for text in first),
                    *(Cell(text, rows=ATTEMPTS) for text in who),
                    *cells,
                )
            rows.append(cells)
    return Grid(widths, tuple(rows), header=1, row_height=7)


def _columns(verification: VerificationFile) -> Iterator[FormColumn]:
    codes = tuple(one.code for one in verification.dispositions)
    position, role, contact, phone, service = PRINTED
    yield FormColumn(LABELS["uscc"], 21)
    yield FormColumn(position, 6, "center")
    yield FormColumn(role, 8, "center")
    yield FormColumn(LABELS["client_key"], 10, "center")
    yield FormColumn(CLIENT_NAME, 28)
    yield FormColumn(contact, 10)
    yield FormColumn(phone, 15)
    yield FormColumn(service, 16)
    yield FormColumn(LABELS["attempt"], 7, "center")
    yield FormColumn(LABELS["at"], 20, "center", open=True, hint="如 2022-02-09 09:30，日期和时间都要有")
    yield FormColumn(LABELS["mode"], 8, "center", open=True, choices=_MODES, hint="phone 电话，online 在线")
    yield FormColumn(LABELS["disposition"], 9, "center", open=True, choices=codes, hint="见“问卷和代码”")
    for question in verification.questions:
        choices = tuple(option.code for option in question.options)
        yield FormColumn(question.id, 14, "center", open=True, choices=choices, hint=question.text)


def _row(called: Called, client: Client, attempt: int, phones: Phones, questions: int) -> tuple[Value, ...]:
    told = (client.key, client.name, client.contact, shown_phone(client.phone, phones), client.service)
    return (called.uscc, client.position, _ROLES[client.role], *told, attempt, *("",) * (3 + questions))
