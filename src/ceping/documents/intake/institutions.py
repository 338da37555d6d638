"""A list of institutions to begin a season with, such as last year's: by header meaning, every row checked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.names import hidden_in, is_blank, normalised
from ceping.core.phone import faults_in_phone
from ceping.core.phone import normalised as normalised_phone
from ceping.core.uscc import faults_in_code
from ceping.core.uscc import normalised as normalised_code
from ceping.documents.intake.headers import Wanted, others_of
from ceping.documents.intake.tables import Located, Row, Table, read_table

_AREAS = ("推荐范围", "推荐单位名称", "所属区", "所在区", "区", "区县", "所属区县", "地区")
COLUMNS = (
    Wanted("uscc", "统一社会信用代码", others_of("统一社会信用代码"), "uscc"),
    Wanted("name", "机构名称", others_of("机构名称", "企业名称", "公司名称")),
    Wanted("recommender", "推荐单位", _AREAS),
    Wanted("contact", "联系人", others_of("联系人"), needed=False),
    Wanted("phone", "手机", others_of("手机"), "phone", needed=False),
    Wanted("email", "电子邮箱", others_of("电子邮箱"), needed=False),
)
# Pilot codes exist whose check characters fail: they are asked about, and taken.
_MAY_BE_SO = frozenset({"uscc_check_digit", "uscc_check_digit_pilot", "uscc_organisation"})
_HEADER_FAULTS = frozenset({"intake_header_missing", "intake_header_doubled"})
_EMAIL = re.compile(
    r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LONGEST = {"name": 200, "contact": 64, "phone": 32, "email": 254}


@dataclass(frozen=True, slots=True)
class Line:
    """One institution of the list: its row in the file, whose it is, and who is to be invited for it."""

    number: int
    uscc: str
    name: str
    area: str
    contact: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class ListIntake:
    """The table with everything found, and its lines, none when anything is wrong."""

    table: Table
    lines: tuple[Line, ...] = ()

    @property
    def taken(self) -> bool:
        """Whether the lines may be used."""
        return bool(self.lines) and not errors_in(self.table.findings)


def take_in_institutions(
    path: Path,
    areas: Sequence[str],
    *,
    sheet: str = "",
    encoding: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> ListIntake:
    """The lines of the file; `areas` are the names of those who recommend."""
    table = read_table(path, COLUMNS, sheet=sheet, encoding=encoding, confirmed=confirmed)
    known = {normalised(name): name for name in areas}
    if table.rows and not {one.code for one in table.findings} & _HEADER_FAULTS:
        told = {(one.row, one.column) for one in table.located if one.column}
        found = [one for one in _faults(table, known) if (one.row, one.column) not in told]
        table = replace(table, located=(*table.located, *found))
    if errors_in(table.findings):
        return ListIntake(table)
    return ListIntake(table, tuple(_line(row, known) for row in table.rows))


def _line(row: Row, known: Mapping[str, str]) -> Line:
    cells = row.cells
    return Line(
        number=row.number,
        uscc=normalised_code(cells["uscc"]),
        name=cells["name"].strip(),
        area=known[normalised(cells["recommender"])],
        contact=cells.get("contact", "").strip(),
        phone=normalised_phone(cells.get("phone", "")),
        email=cells.get("email", "").strip(),
    )


def _faults(table: Table, known: Mapping[str, str]) -> Iterator[Located]:
    first: dict[str, int] = {}
    for row in table.rows:
        for key in (one.id for one in COLUMNS):
            text, place = row.cells.get(key, ""), table.place(row.number, key)
            for finding in _cell(table, key, text, place, known):
                yield Located(finding, row.number, table.columns.get(key, 0))
        if not row.cells.get("phone") and not row.cells.get("email"):
            place = table.place(row.number)
            yield Located(fault("intake_contact_wanted", file=table.file, place=place), row.number)
        code = normalised_code(row.cells.get("uscc", ""))
        if code and first.setdefault(code, row.number) != row.number:
            place = table.place(row.number, "uscc")
            finding = fault("intake_code_twice", file=table.file, place=place, given=code[:40], first=first[code])
            yield Located(finding, row.number, table.columns["uscc"])


def _cell(table: Table, key: str, text: str, place: str, known: Mapping[str, str]) -> Iterator[Finding]:
    file = table.file
    if is_blank(text):
        if key in ("uscc", "name", "recommender"):
            yield fault("report_unanswered", file=file, place=place, name=table.labels[key])
        return
    if len(text) > _LONGEST.get(key, len(text)):
        yield fault("report_too_long", file=file, place=place, count=len(text), limit=_LONGEST[key])
    elif key == "uscc":
        codes = faults_in_code(text, file=file, place=place)
        yield from (replace(one, level=Level.WARNING) if one.code in _MAY_BE_SO else one for one in codes)
    elif key == "recommender" and normalised(text) not in known:
        names = "、".join(known.values())[:200] or "（还没有）"
        yield fault("intake_area_unknown", file=file, place=place, given=text[:40], known=names)
    elif key == "phone":
        yield from faults_in_phone(text, mobile_wanted=True, file=file, place=place)
    elif key == "email" and _EMAIL.fullmatch(text.strip()) is None:
        yield fault("report_email_malformed", file=file, place=place, given=text[:60])
    elif key in ("name", "contact") and (hidden := hidden_in(text)):
        yield fault("report_hidden_characters", file=file, place=place, hidden=hidden)
