"""A filled summary table (附件3): which institutions a recommender puts forward, from when, each row checked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.names import normalised
from ceping.core.phone import faults_in_phone
from ceping.core.report.values import faults_in_value
from ceping.core.scheme.entry import FormField, Option
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.summary import SummaryColumn, SummaryFile
from ceping.core.uscc import faults_in_code
from ceping.core.uscc import normalised as normalised_code
from ceping.documents.intake.headers import Wanted, others_of, wanted_entry
from ceping.documents.intake.tables import Located, Row, Table, read_table

# The columns of a season's institutions.csv that such a table may tell; a shop is no matter of a recommender.
ROSTER = ("uscc", "name", "category", "recommender", "rank")
FILLED_ON = "filled_on"
_LABELS = {"uscc": "统一社会信用代码", "rank": "推荐排名", "recommender": "推荐单位"}
_RANKS = ("推荐顺序", "排名", "推荐名次")
# Pilot codes exist whose check characters fail: a season warns of them, and so does this.
_MAY_BE_SO = frozenset({"uscc_check_digit", "uscc_check_digit_pilot", "uscc_organisation"})
_HEADER_FAULTS = frozenset({"intake_header_missing", "intake_header_doubled"})
_SEAL = r"(?:[（(][^（）()]{0,8}[）)])?"
_RECOMMENDER = re.compile(rf"推荐单位{_SEAL}[\s　]*[:：]?[\s　]*([^\n]*?)[\s　]*(?=填报日期|\n|$)")
_DATED = re.compile(r"填报日期[\s　]*[:：]?[\s　]*([^\n]*)")
_DAY = re.compile(r"([0-9]{4})[\s　]*[-/.年][\s　]*([0-9]{1,2})[\s　]*[-/.月][\s　]*([0-9]{1,2})", re.ASCII)
_WHOLE = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SummaryIntake:
    """The table with everything found; the entries by column, none when anything is wrong.

    `columns` are those of the roster, then those of the table that the roster does not have, then the date.
    """

    table: Table
    columns: tuple[str, ...]
    recommender: str = ""
    filled_on: str = ""
    entries: tuple[Mapping[str, str], ...] = ()

    @property
    def taken(self) -> bool:
        """Whether the entries may be used."""
        return bool(self.entries) and not errors_in(self.table.findings)


def take_in_summary(
    path: Path,
    scheme: Scheme,
    summary: SummaryFile,
    *,
    recommender: str = "",
    sheet: str = "",
    encoding: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> SummaryIntake:
    """The entries of a filled table; `recommender` is who it is from when its line does not say so."""
    wanted = _wanted(scheme, summary)
    table = read_table(path, [one for one, _ in wanted], sheet=sheet, encoding=encoding, confirmed=confirmed)
    columns = (*ROSTER, *(one.id for one, _ in wanted if one.id not in ROSTER), FILLED_ON)
    if not table.header:
        return SummaryIntake(table, columns)
    around = "\n".join((*table.above, *(one.text for one in table.ignored)))
    who, day = recommender or _recommender(around, table), _day(around)
    located = [*table.located, *(Located(one) for one in _line_faults(table, scheme, who, around, day))]
    if not {one.code for one in table.findings} & _HEADER_FAULTS:
        known = {(one.row, one.column) for one in located if one.column}
        found = list(_row_faults(table, [pair for pair in wanted if pair[0].id in table.columns], scheme))
        located += [one for one in found if (one.row, one.column) not in known]
    table = replace(table, located=tuple(located))
    if errors_in(table.findings):
        return SummaryIntake(table, columns, who, day)
    return SummaryIntake(table, columns, who, day, tuple(_entry(row, who, day) for row in table.rows))


def _wanted(scheme: Scheme, summary: SummaryFile) -> list[tuple[Wanted, FormField | None]]:
    """The table's columns, and what a recommender may add to them; each with the field that checks it."""
    pairs = [_column(scheme, column) for column in summary.columns if column.kind != "order"]
    named = {wanted.id for wanted, _ in pairs}
    extra = [
        Wanted("uscc", _LABELS["uscc"], others_of(_LABELS["uscc"]), "uscc", needed=False),
        Wanted("rank", _LABELS["rank"], _RANKS, "integer", needed=False),
        Wanted("recommender", _LABELS["recommender"], (), needed=False),
    ]
    return [*pairs, *((one, None) for one in extra if one.id not in named)]


def _column(scheme: Scheme, column: SummaryColumn) -> tuple[Wanted, FormField | None]:
    field = scheme.form.field_by_id.get(column.key) if column.kind == "field" else None
    if field is not None:
        own = wanted_entry(field, needed=False)
        return replace(own, id=column.id, label=column.label, others=others_of(column.label, own.label)), field
    needed = column.kind == "entry"
    if column.key == "category":
        titles = [
            (one.id, label) for one in scheme.header.categories for label in (one.title, one.title.removesuffix("类"))
        ]
        words = tuple(Option(id=key, label=label) for key, label in titles)
        return Wanted(column.id, column.label, others_of(column.label), "choice", needed, options=words), None
    return Wanted(column.id, column.label, others_of(column.label), "text", needed), None


def _recommender(around: str, table: Table) -> str:
    found = _RECOMMENDER.search(around)
    who = found[1].strip() if found else ""
    if not who and found:
        # Its value may stand in a cell of its own, the next one.
        after = around[found.end() :].strip("\n").partition("\n")[0].strip()
        who = "" if after.startswith("填报日期") or after in table.labels.values() else after
    return who


def _day(around: str) -> str:
    found = _DATED.search(around)
    day = _DAY.search(around[found.start() :]) if found else None
    if day is None:
        return ""
    try:
        return date(int(day[1]), int(day[2]), int(day[3])).isoformat()
    except ValueError:
        return ""


def _line_faults(table: Table, scheme: Scheme, who: str, around: str, day: str) -> Iterator[Finding]:
    each = "recommender" in table.columns and all("recommender" in row.cells for row in table.rows)
    known = scheme.header.recommenders
    if not who and not each:
        yield fault("intake_recommender_missing", file=table.file)
    elif who and known and not _is_known(who, known):
        names = "、".join(known)[:200]
        yield fault("intake_recommender_unknown", file=table.file, level=Level.WARNING, given=who[:40], known=names)
    if not day:
        found = _DATED.search(around)
        given = found[1].strip()[:30] if found else ""
        yield fault("intake_filled_on_missing", file=table.file, level=Level.WARNING, given=given or "（空）")


def _is_known(who: str, known: Iterable[str]) -> bool:
    # The scheme lists districts; their offices and the associations sign with their own names.
    names = [normalised(one) for one in known]
    return any(name in normalised(who) for name in names) or (
        who.endswith(("协会", "商会", "学会", "联合会")) and any("协会" in name for name in names)
    )


def _row_faults(table: Table, wanted: Iterable[tuple[Wanted, FormField | None]], scheme: Scheme) -> Iterator[Located]:
    pairs = list(wanted)
    names: dict[str, int] = {}
    for row in table.rows:
        for one, field in pairs:
            place = table.place(row.number, one.id)
            for finding in _cell_faults(table, scheme, one, field, row, place):
                yield Located(finding, row.number, table.columns[one.id])
        name = row.cells.get("name", "")
        first = names.setdefault(normalised(name), row.number) if name else row.number
        if first != row.number:
            place = table.place(row.number, "name")
            finding = fault("intake_institution_twice", file=table.file, place=place, given=name[:60], first=first)
            yield Located(finding, row.number, table.columns["name"])


def _cell_faults(
    table: Table, scheme: Scheme, one: Wanted, field: FormField | None, row: Row, place: str
) -> Iterator[Finding]:
    text = row.cells.get(one.id, "")
    if not text:
        if one.needed or (field is not None and field.required):
            yield fault("report_unanswered", file=table.file, place=place, name=one.label)
    elif field is not None:
        yield from faults_in_value(
            field,
            text,
            options=field.options,
            rule=field.dates,
            period=scheme.header.period,
            file=table.file,
            place=place,
        )
    elif one.type == "choice" and text not in {option.id for option in one.options}:
        known = "、".join(category.title for category in scheme.header.categories)
        yield fault("intake_category_unknown", file=table.file, place=place, given=text[:40], known=known)
    elif one.id == "uscc":
        codes = faults_in_code(text, file=table.file, place=place)
        yield from (replace(told, level=Level.WARNING) if told.code in _MAY_BE_SO else told for told in codes)
    elif one.id == "rank" and _WHOLE.fullmatch(text) is None:
        yield fault("intake_rank", file=table.file, place=place, given=text[:20])
    elif one.id == "office_phone":
        found = faults_in_phone(text, mobile_wanted=False, file=table.file, place=place)
        # It comes from the profile, where it may be left out: nobody is turned away for it.
        yield from (replace(finding, level=Level.WARNING) for finding in found)


def _entry(row: Row, who: str, day: str) -> dict[str, str]:
    entry = {**row.cells, "recommender": row.cells.get("recommender", who)}
    if "uscc" in entry:
        entry["uscc"] = normalised_code(entry["uscc"])
    return entry | ({FILLED_ON: day} if day else {})
