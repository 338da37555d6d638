"""Filled call sheets on their way back: the calls they hold, what earlier ones keep, and everything that is refused."""

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ceping.cli.main import main
from ceping.documents.excel_form import form_book
from ceping.folder.demo import write_demo
from ceping.folder.papers import Sources, read_sources
from ceping.folder.papers_calls import calls_from_sheet
from ceping.folder.papers_made import Wanted, papers_of
from ceping.folder.papers_texts import Texts
from ceping.folder.season import read_season

pytestmark = pytest.mark.slow

Cells = dict[str, str]
Change = Callable[[Any, dict[str, int], int], None]
Told = Callable[[], str]
WRITTEN = {"at": "呼叫时间", "mode": "方式", "disposition": "结果代码"}
KILLED = """
import os, signal, sys
from pathlib import Path
def half(path, text, **_):
    path.write_bytes(text.encode()[: len(text) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
Path.write_text = half
from ceping.cli.main import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season with its calls; never changed by a test."""
    place = tmp_path_factory.mktemp("calls") / "season"
    write_demo(place, institutions=3, seed=7, events=200)
    return place


@pytest.fixture(scope="module")
def sources(season: Path) -> Sources:
    """The season as it is read."""
    found, _ = read_sources(season, None)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def blank(sources: Sources) -> dict[str, bytes]:
    """By institution its call sheet as it is given out."""
    papers, _ = papers_of(sources, ("calls",), Wanted(Texts(), {}))
    return {one.of: form_book(one.sheets, title=one.document.title, dated=one.document.dated) for one in papers}


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    def said() -> str:
        read = capsys.readouterr()
        return read.out + read.err

    return said


def calls_in(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def filled(sheet: bytes, calls: list[Cells], change: Change = lambda _page, _at, _first: None) -> bytes:
    """The sheet with these calls typed in, every second time as a cell with a date; `change` does what else is done."""
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    page = book["回访记录"]
    header = next(row for row in page.iter_rows() if row[0].value == "统一社会信用代码")
    at = {str(cell.value): cell.column for cell in header}
    rows = {
        (str(page.cell(number, at["服务对象编号"]).value), str(page.cell(number, at["第几次"]).value)): number
        for number in range(header[0].row + 1, page.max_row)
    }
    for count, call in enumerate(calls):
        number = rows[call["client_key"], call["attempt"]]
        moment = datetime.fromisoformat(call["at"]).replace(tzinfo=None)
        page.cell(number, at["呼叫时间"]).value = moment if count % 2 else f"{moment:%Y/%-m/%-d %-H:%M}"
        for name in ("mode", "disposition"):
            page.cell(number, at[WRITTEN[name]]).value = call[name]
        for name in (name for name in call if name.startswith("q_") and call[name]):
            page.cell(number, at[name]).value = int(call[name]) if call[name].isdigit() else call[name]
    change(page, at, min(rows[call["client_key"], call["attempt"]] for call in calls))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def plain(calls: list[Cells]) -> list[Cells]:
    """The calls with their times as the sheets give them: without the zone of this country."""
    cut = [{**call, "at": call["at"].removesuffix("+08:00").removesuffix(":00")} for call in calls]
    return sorted(cut, key=lambda call: (call["uscc"], call["client_key"], int(call["attempt"])))


def given(season: Path, blank: dict[str, bytes], place: Path) -> dict[str, Path]:
    """By institution the sheet that comes back with all its calls."""
    calls = calls_in(season / "calls.csv")
    paths = {uscc: place / f"{uscc}.xlsx" for uscc in blank}
    for uscc, path in paths.items():
        path.write_bytes(filled(blank[uscc], [call for call in calls if call["uscc"] == uscc]))
    return paths


def intake(season: Path, *given: object) -> int:
    return main(["calls", "intake", str(season), *(str(one) for one in given)])


def test_filled_sheets_come_back_as_the_calls_they_hold(
    season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told
) -> None:
    paths, out = given(season, blank, tmp_path), tmp_path / "calls.csv"
    assert intake(season, *paths.values(), "--out", out) == 0, told()
    assert calls_in(out) == plain(calls_in(season / "calls.csv"))
    first = out.read_bytes()
    assert intake(season, *paths.values(), "--out", out) == 0, told()
    assert out.read_bytes() == first
    # What a season already holds is in the sheets: nothing is lost by taking them once more.
    out.write_bytes((season / "calls.csv").read_bytes())
    assert intake(season, *paths.values(), "--out", out) == 0, told()
    assert out.read_bytes() == first


def test_sheets_come_back_one_by_one_and_earlier_ones_stay(
    season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told
) -> None:
    paths, out = given(season, blank, tmp_path), tmp_path / "calls.csv"
    for path in paths.values():
        assert intake(season, path, "--out", out) == 0, told()
    assert calls_in(out) == plain(calls_in(season / "calls.csv"))
    uscc = min(blank)
    kept, calls = out.read_bytes(), [call for call in calls_in(out) if call["uscc"] == uscc]
    paths[uscc].write_bytes(filled(blank[uscc], calls[:-1]))
    told()
    assert intake(season, paths[uscc], "--out", out) == 1
    said = told()
    assert f"{uscc}：先前收过的记录中，有 1 行在这份表里没有了" in said
    assert out.read_bytes() == kept
    assert intake(season, paths[uscc], "--out", out, "--replace") == 0
    assert calls_in(out) == [call for call in plain(calls_in(season / "calls.csv")) if call != calls[-1]]
    paths[uscc].write_bytes(blank[uscc])
    assert intake(season, paths[uscc], "--out", out) == 1
    assert intake(season, paths[uscc]) == 0
    assert "一次呼叫也没有填" in told()


def typed(name: str, value: object) -> Change:
    def change(page: Any, at: dict[str, int], first: int) -> None:
        page.cell(first, at[name]).value = value

    return change


def moved_back(page: Any, at: dict[str, int], first: int) -> None:
    for name in ("呼叫时间", "方式", "结果代码", "q_served", "q_service", "q_satisfaction"):
        page.cell(first + 2, at[name]).value, page.cell(first, at[name]).value = page.cell(first, at[name]).value, None


def doubled(page: Any, at: dict[str, int], first: int) -> None:
    for column in range(1, max(at.values()) + 1):
        page.cell(first + 1, column).value = page.cell(first, column).value


def titled(page: Any, _at: dict[str, int], _first: int) -> None:
    page.cell(1, 1).value = "2020年上海市中小企业服务质量第三方测评服务对象回访记录表"


def headless(page: Any, at: dict[str, int], first: int) -> None:
    header = next(row for row in range(1, first) if page.cell(row, 1).value == "统一社会信用代码")
    page.cell(header, at["结果代码"]).value = None


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (typed("服务对象编号", "C9999"), "client_unknown", "C9999"),
        (typed("服务对象名称", "别家企业有限公司"), "call_sheet_client", "别家企业有限公司"),
        (typed("统一社会信用代码", "91310199MADE00999X"), "call_sheet_of_several", "91310199MADE00999X"),
        (typed("结果代码", "99"), "disposition_unknown", "没有代码为 99 的呼叫结果"),
        (typed("方式", "信函"), "cell_choice", "信函"),
        (typed("q_satisfaction", "很好"), "answer_unknown", "很好"),
        (typed("呼叫时间", date(2022, 2, 9)), "call_sheet_time", "2022-02-09 看不出是哪一天几点"),
        (typed("呼叫时间", "上午"), "call_sheet_time", "上午"),
        (typed("呼叫时间", None), "cell_empty", "必填的 呼叫时间 是空的"),
        (typed("呼叫时间", "2099-01-01 09:00"), "attempt_order", "2099-01-01T09:00"),
        (typed("第几次", "一"), "cell_not_whole", "一"),
        (typed("结果代码", "=1+1"), "intake_formula_blank", "公式"),
        (moved_back, "attempt_numbering", "应为第 1 次"),
        (doubled, "call_sheet_twice", "重复"),
        (titled, "call_sheet_of_another", "2020年上海市"),
        (headless, "intake_header_missing", "结果代码"),
    ],
)
def test_what_is_wrong_is_told_with_its_cell_and_nothing_is_taken(
    sources: Sources, blank: dict[str, bytes], tmp_path: Path, change: Change, code: str, words: str
) -> None:
    uscc = min(blank)
    calls = [call for call in calls_in(sources.season.folder / "calls.csv") if call["uscc"] == uscc]
    # A client called twice: each of the faults can be made of these rows.
    key = min(call["client_key"] for call in calls if call["attempt"] == "2")
    path = tmp_path / "回来的.xlsx"
    path.write_bytes(filled(blank[uscc], [call for call in calls if call["client_key"] == key], change))
    taken = calls_from_sheet(path, sources)
    told = [one for one in taken.findings if one.code == code]
    assert told, taken.findings
    assert words in told[0].message()
    assert {one.file for one in taken.findings} == {path.name}
    assert taken.refused
    assert taken.rows == ()
    # What the whole sheet is wrong in has no cell.
    placed = "工作表“回访记录” 第 " in told[0].place and any(one.row for one in taken.table.located)
    assert placed != code.startswith("call_sheet_of")


def test_a_refused_sheet_goes_back_with_a_comment_on_the_cell(
    season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told
) -> None:
    uscc = min(blank)
    calls = [call for call in calls_in(season / "calls.csv") if call["uscc"] == uscc]
    path = tmp_path / "回来的.xlsx"
    path.write_bytes(filled(blank[uscc], calls, typed("结果代码", "99")))
    out = tmp_path / "calls.csv"
    out.write_bytes((season / "calls.csv").read_bytes())
    assert intake(season, path, "--out", out, "--replace") == 1
    assert out.read_bytes() == (season / "calls.csv").read_bytes()
    copy = tmp_path / "回来的-问题清单.xlsx"
    assert str(copy) in told()
    page = openpyxl.load_workbook(copy)["回访记录"]
    noted = [cell for row in page.iter_rows() for cell in row if cell.comment]
    assert [(cell.value, "可用的代码" in cell.comment.text) for cell in noted] == [("99", True)]


def test_calls_outside_the_draw_are_refused(
    season: Path, sources: Sources, blank: dict[str, bytes], tmp_path: Path, told: Told
) -> None:
    entry = next(one for one in sources.season.entries if one.draw is not None and one.draw.reserves)
    assert entry.draw is not None
    call = next(
        call for call in calls_in(season / "calls.csv") if call["uscc"] == entry.uscc and call["attempt"] == "1"
    )
    path = tmp_path / "回来的.xlsx"
    path.write_bytes(filled(blank[entry.uscc], [{**call, "client_key": entry.draw.reserves[-1]}]))
    assert intake(season, path) == 1
    said = told()
    assert "不在可呼叫之列" in said
    assert "工作表“回访记录” 第 " in said


def test_what_is_no_call_sheet_is_said(season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told) -> None:
    word, text, ragged = tmp_path / "a.docx", tmp_path / "b.xlsx", tmp_path / "c.csv"
    word.write_bytes(b"\xd0\xcf\x11\xe0" * 600)
    text.write_text("不是表格\n", encoding="utf-8")
    uscc = min(blank)
    header = "统一社会信用代码,服务对象编号,第几次,呼叫时间,方式,结果代码,q_served,q_service,q_satisfaction\n"
    row = f"{uscc},C0001,1,2022-02-09 09:30,电话,40,,,\n"
    ragged.write_text(f"{header}{row.rstrip()},多出一格\n", encoding="utf-8")
    for path in (word, text, ragged, tmp_path / "none.xlsx", tmp_path):
        assert intake(season, path) == 1
        assert "一行也没有收" in told()
    ragged.write_bytes(f"{header}{row.replace('电话', '座机')}".encode("gb18030"))
    assert intake(season, ragged) == 1
    assert "--encoding gb18030" in told()
    assert intake(season, ragged, "--encoding", "gb18030") == 1
    assert "座机" in told()
    assert intake(season, ragged, ragged) == 1
    assert intake(season, ragged, "--out", ragged) == 2
    assert "Traceback" not in told()


def test_a_table_that_cannot_be_read_is_not_written_over(
    season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told
) -> None:
    paths, out = given(season, blank, tmp_path), tmp_path / "calls.csv"
    out.write_text("别的表\n1\n", encoding="utf-8")
    assert intake(season, *paths.values(), "--out", out, "--replace") == 1
    assert "别的表" in told()
    assert out.read_text(encoding="utf-8") == "别的表\n1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_killed_run_leaves_what_stood_there(
    season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told
) -> None:
    paths, out = given(season, blank, tmp_path), tmp_path / "calls.csv"
    out.write_bytes((season / "calls.csv").read_bytes())
    command = ["calls", "intake", str(season), *map(str, paths.values()), "--out", str(out)]
    run = subprocess.run([sys.executable, "-c", KILLED, *command], check=False, env=os.environ, capture_output=True)
    assert run.returncode == -signal.SIGKILL
    assert out.read_bytes() == (season / "calls.csv").read_bytes()
    assert main(command) == 0, told()
    assert calls_in(out) == plain(calls_in(season / "calls.csv"))


def test_what_was_taken_back_evaluates(season: Path, blank: dict[str, bytes], tmp_path: Path, told: Told) -> None:
    out = tmp_path / "calls.csv"
    assert intake(season, *given(season, blank, tmp_path).values(), "--out", out) == 0, told()
    fresh = tmp_path / "season"
    write_demo(fresh, institutions=3, seed=7, events=200)
    (fresh / "calls.csv").write_bytes(out.read_bytes())
    found, faults = read_season(fresh)
    before, _ = read_season(season)
    assert found is not None
    assert before is not None
    assert not faults.stops
    assert [one.draw for one in found.entries] == [one.draw for one in before.entries]
    assert [{key: len(calls) for key, calls in one.calls.items()} for one in found.entries] == [
        {key: len(calls) for key, calls in one.calls.items()} for one in before.entries
    ]
