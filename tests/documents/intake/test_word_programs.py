"""One form out of Word, WPS and LibreOffice; what was printed here is read back; nothing typed anywhere is lost."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.report import read_report
from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import shipped_folders
from ceping.core.scheme.whole import Scheme
from ceping.documents.forms.report import report_form
from ceping.documents.forms.report_marks import marks_of
from ceping.documents.intake.word_body import flow_of
from ceping.documents.intake.word_reading import Reading, read
from ceping.documents.intake.word_value import says_nothing, typed
from ceping.documents.word import to_word
from tests.factories.report import complete_report
from tests.factories.word_form import (
    Block,
    C,
    Form,
    P,
    T,
    box,
    official,
    paragraph,
    run,
    saved_by_word,
    saved_by_wps,
    word,
)

FILES = Path(__file__).parent / "files"
STRANGE = "鼍"


def intake(content: bytes, scheme: Scheme) -> Reading:
    return read(flow_of(content), scheme, file="form.docx")


def bare(report: Any) -> Any:
    """What can be read back of a report: no attachments, no acceptance, no empty cells."""
    tables = {
        name: [{column: text for column, text in row.items() if text} for row in rows]
        for name, rows in report["tables"].items()
    }
    return {**report, "tables": tables, "attachments": [], "commitment": {}}


def printed(scheme: Scheme, data: dict[str, Any]) -> bytes:
    report, _ = read_report(data)
    assert report is not None
    form = report_form(scheme, report, state="draft", dated=date(2022, 1, 10), marks=marks_of(scheme, report))
    return to_word(form)


# ── programs ─────────────────────────────────────────────────────────────


def test_one_form_saved_by_word_and_by_wps_is_read_alike(scheme: Scheme, form: Form, whole: Reading) -> None:
    """Word keeps the cover as lines, WPS in text boxes; each ticks boxes in its own way."""
    by_word, by_wps = form, official(scheme.form)
    lines = [one for one in by_wps["cover"] if isinstance(one, str) and one]
    by_wps["cover"] = [P(xml=run("") + box("".join(paragraph(P(line)) for line in lines)))]
    yes = {
        "word": '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>'
        f"{run('☒')}</w:sdtContent></w:sdt>{run('是      ')}{run('□否')}",
        "wps": run("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>') + run("是      □否"),
    }
    for which, piece in (("word", by_word), ("wps", by_wps)):
        table = piece["overview"][1]
        assert isinstance(table, T)
        rows: list[list[Any]] = [list(row) for row in table.rows]
        rows[4][1] = C(P(xml=yes[which]), 2)
        piece["overview"][1] = T(rows)
    assert intake(word(by_word, saved_by_word()), scheme) == whole
    assert intake(word(by_wps, saved_by_wps()), scheme) == whole


def test_what_libreoffice_saved_is_read_without_loss(scheme: Scheme) -> None:
    """Printed here, opened and saved as .odt, then as .docx again by LibreOffice."""
    found = intake((FILES / "filled-by-libreoffice.docx").read_bytes(), scheme)
    assert found.findings == ()
    assert found.report == bare(complete_report())


def test_the_empty_form_filled_in_libreoffice_is_read(scheme: Scheme) -> None:
    content = (FILES / "empty-by-libreoffice.docx").read_bytes()
    empty = intake(content, scheme)
    assert (empty.findings, empty.report and empty.report["answers"]) == ((), {})
    document = docx.Document(io.BytesIO(content))
    typed_in = {"服务机构名称": "上海示例企业服务有限公司", "办公地址": "示例路1号", "机构成立时间": "2012年3月1日"}
    for table in document.tables:
        for row in table.rows:
            cells = row.cells
            if cells[0].text in typed_in:
                cells[1].paragraphs[0].add_run(typed_in[cells[0].text])
            elif cells[0].text == "企业名称":
                for cell, text in zip(table.rows[1].cells, ("甲公司", "王一", "13800000001", "咨询"), strict=True):
                    cell.paragraphs[0].add_run(text)
    out = io.BytesIO()
    document.save(out)
    found = intake(out.getvalue(), scheme)
    assert found.findings == ()
    assert found.report is not None
    assert found.report["answers"] == {
        "name": "上海示例企业服务有限公司",
        "address": "示例路1号",
        "founded_on": "2012-03-01",
    }
    assert found.report["tables"] == {
        "clients": [{"name": "甲公司", "contact": "王一", "phone": "13800000001", "service": "咨询"}]
    }


# ── printed here, read back ──────────────────────────────────────────────

ALPHABET = "甲乙丙丁喆堃abcAB019，。、；：:()（）/-·& 　%“”"
short = st.text(ALPHABET, min_size=1, max_size=12).map(typed).filter(lambda text: text and not says_nothing(text))
long = st.text(ALPHABET + "\n", min_size=1, max_size=80).map(typed).filter(bool)
days = st.dates(date(1950, 1, 1), date(2021, 12, 31)).map(date.isoformat)
counts = st.integers(0, 10_000).map(str)


@st.composite
def reports(draw: st.DrawFn, scheme: Scheme) -> dict[str, Any]:
    """A report with any of its answers and rows left out."""
    form = scheme.form
    by_type: dict[str, st.SearchStrategy[str]] = {
        **dict.fromkeys(("integer", "decimal"), counts),
        "text": short,
        "long_text": long,
        "date": days,
        "email": st.just("a@b.cn"),
        "phone": st.just("021-58881234"),
        "uscc": st.just("91310199MA0000A197"),
    }
    answers: dict[str, Any] = {}
    for entry in form.fields:
        if draw(st.booleans()):
            ids = [option.id for option in entry.options]
            if entry.type == "multi_choice":
                picks = draw(st.sets(st.sampled_from(ids), min_size=1))
                answers[entry.id] = [one for one in ids if one in picks]
            else:
                answers[entry.id] = draw(st.sampled_from(ids) if ids else by_type[entry.type])
    names = draw(st.lists(short, max_size=2, unique=True))
    tables: dict[str, Any] = {"departments": [{"department": name} for name in names]}
    for table in form.tables:
        if table.id == "departments" or (table.repeated_by and not names):
            continue
        rows = []
        for _ in range(draw(st.integers(0, 2))):
            row = {one.id: draw(by_type[one.type]) for one in table.columns if one.type in by_type}
            row |= {
                one.id: draw(st.sampled_from([option.id for option in one.options]))
                for one in table.columns
                if one.options
            }
            if table.group_column:
                row[table.group_column] = draw(st.sampled_from([group.id for group in table.groups]))
            if table.repeated_by:
                row["department"] = draw(st.sampled_from(names))
            rows.append(row)
        order = [group.id for group in table.groups] or names
        key = table.group_column or ("department" if table.repeated_by else "")
        tables[table.id] = sorted(rows, key=lambda row: order.index(row[key])) if key else rows
    uscc, name = (answers.get(key, "") for key in ("uscc", "name"))
    return {
        "scheme": scheme.id,
        "institution": {"uscc": uscc, "name": name},
        "answers": answers,
        "tables": {name: rows for name, rows in tables.items() if rows},
        "attachments": [],
        "commitment": {},
    }


@settings(max_examples=30)
@given(st.data())
def test_a_report_printed_as_word_is_read_back_whole(scheme: Scheme, data: st.DataObject) -> None:
    report = data.draw(reports(scheme))
    found = intake(printed(scheme, report), scheme)
    assert [(one.code, one.place, one.values) for one in found.findings] == []
    assert found.report == report


@pytest.mark.parametrize("name", [label for label in shipped_folders() if not label.startswith("shanghai-2021")])
def test_the_form_of_every_shipped_scheme_is_read_back(name: str) -> None:
    """Nothing knows the form of one scheme: fields side by side, choices without boxes, tables of any kind."""
    scheme, _ = load(name)
    assert scheme is not None
    values = {
        "integer": "5",
        "decimal": "1",
        "date": "2016-03-04",
        "uscc": "91310199MA0000A197",
        "phone": "13800000001",
    }
    answers = {one.id: one.options[0].id if one.options else values.get(one.type, "甲乙") for one in scheme.form.fields}
    report = {
        "scheme": scheme.id,
        "institution": {"uscc": answers.get("uscc", ""), "name": answers.get("name", "")},
        "answers": answers,
        "tables": {},
        "attachments": [],
        "commitment": {},
    }
    assert intake(printed(scheme, report), scheme) == Reading(report, ())


# ── nothing is lost ──────────────────────────────────────────────────────


def places(form: Form) -> Iterator[tuple[str, list[Block]]]:
    """The form with a strange word at every place where somebody could type it."""
    blocks = [one for piece in form.values() for one in piece]
    for at, block in enumerate(blocks):
        before, behind = blocks[:at], blocks[at + 1 :]
        yield "a line", [*before, STRANGE, block, *behind]
        yield "a table", [*before, T([[STRANGE, "x"], ["y", "z"]]), block, *behind]
        if isinstance(block, str):
            for text in (block + STRANGE, STRANGE + block, f"{block}：{STRANGE}"):
                yield f"beside {block[:20]}", [*before, text, *behind]
        elif isinstance(block, T):
            for down, row in enumerate(block.rows[:20]):
                above, below = block.rows[:down], block.rows[down + 1 :]
                yield f"a cell more in row {down}", [*before, T([*above, [*row, C(STRANGE)], *below]), *behind]
                yield f"a row after {down}", [*before, T([*above, row, [C(STRANGE, 8)], *below]), *behind]
                for right, one in enumerate(row):
                    cell = one if isinstance(one, C) else C(one)
                    for text in (f"{cell.text}{STRANGE}", f"{STRANGE}{cell.text}", f"{cell.text}\n{STRANGE}"):
                        new = [*row[:right], C(text, cell.span), *row[right + 1 :]]
                        yield f"in cell {down} {right}", [*before, T([*above, new, *below]), *behind]


@settings(max_examples=60)
@given(st.data())
def test_every_word_ends_as_an_answer_or_in_a_finding(scheme: Scheme, data: st.DataObject) -> None:
    form = official(scheme.form)
    clients = form["clients"][1]
    assert isinstance(clients, T)
    form["clients"][1] = T(clients.rows[:4])
    where, blocks = data.draw(st.sampled_from(list(places(form))))
    found = intake(word(blocks), scheme)
    told = json.dumps(found.report, ensure_ascii=False) + str([one.values for one in found.findings])
    assert STRANGE in told or (found.report is None and found.findings), where


@pytest.mark.parametrize("times", [200])
def test_ten_times_the_rows_cost_ten_times_the_work(scheme: Scheme, times: int) -> None:
    form = official(scheme.form)
    clients = form["clients"][1]
    assert isinstance(clients, T)
    head, *rows = clients.rows
    form["clients"][1] = T([head, *(list(rows) * (times // 10))])
    found = intake(word(form), scheme)
    assert found.report is not None
    assert len(found.report["tables"]["clients"]) == 52 * times // 10
