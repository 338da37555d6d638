"""The fixed dictionary of a scheme: every name an organiser's own Word template may use, and what it stands for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ceping.core.report.answers import Report, Row
from ceping.core.scheme.entry import Column, FormTable
from ceping.core.scheme.whole import Scheme
from ceping.documents.forms.report_answer import plain, printed, tidy
from ceping.documents.sheet import Marks

BOXES = "_boxes"
_CHOICES = ("choice", "multi_choice", "yes_no")
_ABOUT = {
    "report_title": "报告标题",
    "report_period": "测评时间",
    "report_dated": "填写日期，没有填写的为测评时间的最后一天",
    "report_number": "编号",
    "report_hash": "内容校验值（SHA-256）",
    "report_state": "草稿时为“草稿”，否则为空",
    "report_commitment": "真实性承诺全文",
}
_CHECKLIST = {"number": "附件序号", "text": "资料清单内容", "files": "已附文件，每行一个"}
_ATTACHMENTS = {"item": "附件序号", "file": "文件名", "valid_until": "有效期至"}


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Titles by name of what stands alone, and by table and column of what stands in rows."""

    names: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one report under the names of the dictionary; each row by column."""

    names: Mapping[str, str]
    tables: Mapping[str, tuple[Mapping[str, str], ...]]


def dictionary_of(scheme: Scheme) -> Dictionary:
    """All names of a scheme. A choice has a second one, `…_boxes`, that prints every option with its box."""
    form = scheme.form
    tables = {table.id: {column.id: column.name for column in table.columns} for table in form.tables}
    tables |= {"checklist": dict(_CHECKLIST), "attachments": dict(_ATTACHMENTS)}
    names = dict(_ABOUT)
    for field in form.fields:
        names.setdefault(field.id, field.name)
        if field.type in _CHOICES:
            names.setdefault(field.id + BOXES, f"{field.name}（全部选项，选中的为■）")
    return Dictionary({name: title for name, title in names.items() if name not in tables}, tables)


def words_of(scheme: Scheme, report: Report, *, dated: date, marks: Marks, draft: bool) -> Words:
    """What each name of the dictionary stands for in this report; empty where nothing was answered."""
    form, period = scheme.form, scheme.header.period
    names = {
        "report_title": form.title,
        "report_period": f"{_day(period.start)}至{_day(period.end)}",
        "report_dated": _day(dated),
        "report_number": marks.number,
        "report_hash": marks.sha256,
        "report_state": "草稿" if draft else "",
        "report_commitment": form.commitment.text,
    }
    for field in form.fields:
        answer = report.answer(form, field.id)
        names.setdefault(field.id, plain(field, answer))
        if field.type in _CHOICES:
            names.setdefault(field.id + BOXES, printed(field, answer))
    known = dictionary_of(scheme).names
    tables = {table.id: tuple(_rows(table, report)) for table in form.tables}
    tables |= {"checklist": tuple(_checklist(scheme, report)), "attachments": tuple(_attachments(report))}
    return Words({name: names[name] for name in known}, tables)


def _rows(table: FormTable, report: Report) -> Iterator[Mapping[str, str]]:
    for _, row in report.filled_rows(table):
        yield {column.id: _value(table, column, row) for column in table.columns}


def _value(table: FormTable, column: Column, row: Row) -> str:
    key = row.get(column.id, "")
    group = table.group(key) if column.id == table.group_column else None
    return plain(column, key) if group is None else group.label


def _checklist(scheme: Scheme, report: Report) -> Iterator[Mapping[str, str]]:
    for item in scheme.form.checklist.items:
        files = (_name(one.file) for one in report.attachments if one.item == item.number)
        yield {"number": str(item.number), "text": item.text, "files": "\n".join(files)}


def _attachments(report: Report) -> Iterator[Mapping[str, str]]:
    day = Column(id="day", label="", type="date")
    for one in report.attachments:
        item = "" if one.item is None else str(one.item)
        yield {"item": item, "file": _name(one.file), "valid_until": plain(day, one.valid_until)}


def _name(path: str) -> str:
    return tidy(path.rpartition("/")[2])


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
