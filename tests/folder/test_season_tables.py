"""The one door for CSV files: bytes, quotes, lengths, headers and cells that people and spreadsheets really produce."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ceping.folder import records
from ceping.folder.columns import FILES, INSTITUTIONS, MARKS
from ceping.folder.faults import Faults
from ceping.folder.tables import Sheet, read_table
from tests.factories.season import JIA, Trial

HEAD = "uscc,indicator_id,assessor_id,mark,coefficient,reason\n"
ROW = f"{JIA},quality,A1,8,,好\n"
Found = list[tuple[str, str]]


def read(folder: Path, data: bytes | str, *, encoding: str = records.UTF8) -> tuple[Sheet, Found]:
    (folder / "marks.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    faults = Faults()
    sheet = read_table(folder, MARKS, faults, encoding=encoding)
    return sheet, [(finding.code, finding.place) for finding in faults.findings]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", [("header_absent", "")]),
        (b"\n\n", [("header_absent", "")]),
        (HEAD.encode() + ROW.encode("gb18030"), [("file_gb18030", "第 2 行")]),
        (HEAD.encode() + ROW.encode() + b"\xff\xff,\n", [("file_not_utf8", "第 3 行")]),
        ((HEAD + ROW).encode("utf-16"), [("file_utf16", "")]),
        ((HEAD + ROW + ROW).encode().replace(b"A1,8", b"A1,\x008", 1), [("file_nul", "第 2 行")]),
        (HEAD + ROW + f'{JIA},quality,A2,8,,"好\n' + ROW, [("quote_open", "第 3 行")]),
        (HEAD + f'{JIA},quality,A2,8,,"好"的\n' + ROW, [("quote_stray", "第 2 行")]),
        (HEAD + f'{JIA},quality,A2,8,,5" 屏\n' + ROW, [("quote_open", "第 2 行")]),
        (HEAD + f"{JIA},quality,A1,8,\n", [("row_ragged", "第 2 行")]),
        (HEAD + f"{JIA},quality,A1,8,,好,坏\n", [("row_ragged", "第 2 行")]),
        (HEAD + f"{JIA},quality,A1,7,5,好,\n", [("row_ragged", "第 2 行")]),
        (HEAD.replace(",", ";") + ROW.replace(",", ";"), [("separator_wrong", "第 1 行")]),
        (HEAD.replace(",", "\t") + ROW.replace(",", "\t"), [("separator_wrong", "第 1 行")]),
        (HEAD.replace("mark,", "marc,"), [("header_missing", "第 1 行"), ("header_unknown", "第 1 行第 4 列")]),
        (HEAD.replace("reason", "打分"), [("header_doubled", "第 1 行第 6 列")]),
        (HEAD.replace("\n", ",\n") + ROW.replace("\n", ",x\n"), [("header_blank", "第 2 行")]),
        (HEAD + f"9.13E+17,quality,A1,8,,{ROW[-2:]}", [("code_mangled", "第 2 行 uscc")]),
        (HEAD + f"{JIA},quality,1E+02,8,,\n", [("code_mangled", "第 2 行 assessor_id")]),
        (HEAD + f"{JIA},quality,A1,1e1,,\n", [("cell_not_number", "第 2 行 mark")]),
        (HEAD + f'{JIA},quality,A1,"8,5",,\n', [("cell_not_number", "第 2 行 mark")]),
        (HEAD + f"{JIA},quality,A 1,8,,\n", [("code_malformed", "第 2 行 assessor_id")]),
        (HEAD + f"{JIA},,A1,8,,\n", [("cell_empty", "第 2 行 indicator_id")]),
        (HEAD + f"{JIA},quality,A1,8,,好\u202e坏\n", [("cell_hidden", "第 2 行 reason")]),
        (HEAD + f"{JIA},quality,A1,8,,{'长' * 32_768}\n", [("cell_too_long", "第 2 行第 6 列")]),
        (HEAD + ROW + ROW, [("row_doubled", "第 3 行")]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, data: bytes | str, found: Found) -> None:
    assert sorted(read(tmp_path, data)[1]) == found


@pytest.mark.parametrize(
    "data",
    [
        HEAD + ROW,
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace("\n", "\r\n"),
        (HEAD + ROW).removesuffix("\n"),
        HEAD.replace("\n", ",,\n") + ROW.replace("\n", ",,\n"),
        "reason,mark,coefficient,assessor_id,indicator_id,uscc\n" + f"好,8,,A1,quality,{JIA}\n",
        "统一社会信用代码,指标,专家编号,打分,系数,理由\n" + ROW,
        "uscc,indicator_id,assessor_id,mark,reason\n" + f"{JIA},quality,A1,8,好\n",
        HEAD + f'"{JIA}","quality","A1","8","","好"\n',
        HEAD + f" {JIA.lower()} , quality,A1 ,8,, 好\n",
    ],
    ids=["plain", "bom", "crlf", "no end", "trailing", "reordered", "chinese", "optional", "quoted", "spaces"],
)
def test_every_usual_form_of_one_table_reads_the_same(tmp_path: Path, data: str) -> None:
    sheet, found = read(tmp_path, data)
    assert found == []
    assert [row.cells for row in sheet] == [
        {"uscc": JIA, "indicator_id": "quality", "assessor_id": "A1", "mark": "8", "reason": "好"}
    ]


def test_blank_rows_are_passed_over_and_still_counted(tmp_path: Path) -> None:
    sheet, found = read(tmp_path, HEAD + "\n,,,,,\n" + ROW + "  \n" + f"{JIA},quality,A2,x,,\n")
    assert [row.number for row in sheet] == [4]
    assert found == [("cell_not_number", "第 6 行 mark")]


def test_a_cell_of_several_lines_is_one_row(tmp_path: Path) -> None:
    sheet, found = read(tmp_path, HEAD + f'{JIA},quality,A1,8,,"一""二""\n三"\n' + f"{JIA},quality,A2,x,,\n")
    assert [row.get("reason") for row in sheet] == ['一"二"\n三']
    assert found == [("cell_not_number", "第 3 行 mark")]


def test_gb18030_is_read_when_said_and_both_encodings_may_meet(tmp_path: Path) -> None:
    # U+20BB7 has no place in the older GBK.
    named = ROW.replace("好", "𠮷好")
    sheet, found = read(tmp_path, (HEAD + named).encode("gb18030"), encoding=records.GB18030)
    assert ([row.get("reason") for row in sheet], found) == (["𠮷好"], [])
    sheet, found = read(tmp_path, (HEAD + named).encode(), encoding=records.GB18030)
    assert ([row.get("reason") for row in sheet], found) == (["𠮷好"], [])


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    lines = [f"{JIA},quality,A1,x,,", "short", f"{JIA},quality,A2,8,y,", "9.13E+17,quality,A1,8,,"]
    _, found = read(tmp_path, HEAD + "\n".join(lines))
    assert found == [
        ("cell_not_number", "第 2 行 mark"),
        ("row_ragged", "第 3 行"),
        ("cell_not_number", "第 4 行 coefficient"),
        ("code_mangled", "第 5 行 uscc"),
    ]


def test_one_fault_in_every_row_is_told_a_hundred_times_and_counted(tmp_path: Path) -> None:
    faults = Faults()
    rows = "".join(f"{JIA},quality,A{number},x,,\n" for number in range(150))
    (tmp_path / "marks.csv").write_text(HEAD + rows, encoding="utf-8")
    read_table(tmp_path, MARKS, faults)
    assert [finding.code for finding in faults.findings] == ["cell_not_number"] * 100 + ["more_of_a_kind"]
    assert "50" in faults.findings[-1].message()


def test_too_many_rows_are_refused_quickly(tmp_path: Path) -> None:
    with (tmp_path / "marks.csv").open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        stream.writelines(ROW for _ in range(records.MOST_LINES))
    started = time.monotonic()
    faults = Faults()
    assert read_table(tmp_path, MARKS, faults).blind
    assert [finding.code for finding in faults.findings] == ["file_too_long"]
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
def test_a_cell_of_100_mb_is_a_finding_in_bounded_memory(tmp_path: Path, quote: str) -> None:
    with (tmp_path / "marks.csv").open("wb") as stream:
        stream.write(f"{HEAD}{JIA},quality,A1,8,,{quote}".encode())
        for _ in range(100):
            stream.write(b"x" * (1 << 20))
        stream.write(f"{quote}\n{JIA},quality,A2,x,,\n".encode())
    code = (
        "import sys\nfrom pathlib import Path\nfrom ceping.folder.columns import MARKS\n"
        "from ceping.folder.faults import Faults\nfrom ceping.folder.tables import read_table\n"
        "faults = Faults()\nread_table(Path(sys.argv[1]), MARKS, faults)\n"
        "print([(one.code, one.place) for one in faults.findings])\n"
    )
    # 400 MB of addresses hold the interpreter and its libraries many times over, and no copy of the cell four times.
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20)),
    )
    assert ran.stdout == "[('cell_too_long', '第 2 行'), ('cell_not_number', '第 3 行 mark')]\n"


def test_a_quote_that_swallows_everything_names_the_line_it_began_on(tmp_path: Path) -> None:
    rows = "".join(f"{JIA},quality,B{number},8,,\n" for number in range(20_000))
    _, found = read(tmp_path, HEAD + ROW + f'{JIA},quality,A2,8,,"啊\n' + rows)
    assert found == [("quote_open", "第 3 行")]


def test_every_column_has_a_chinese_header_of_its_own() -> None:
    for file in FILES:
        names = [name for column in file.columns for name in (column.name, *column.chinese)]
        assert len(names) == len(set(names)), file.name
        assert all(column.chinese for column in file.columns), file.name
        assert {file.named(name) for name in names} == {column.name for column in file.columns}


def test_a_season_of_chinese_headers_and_words_gives_the_same_results(trial: Trial) -> None:
    assert trial.evaluate() == 0
    before = trial.results()
    for file in FILES:
        if not (trial.folder / file.name).is_file():
            continue
        rows = trial.rows(file.name)
        columns = [file.column(name) for name in rows[0]]
        rows[0] = [column.chinese[0] if column else name for column, name in zip(columns, rows[0], strict=True)]
        for row in rows[1:]:
            for place, column in enumerate(columns):
                if column is not None and column.words and row[place]:
                    row[place] = column.words[row[place]]
        trial.write_rows(file.name, rows)
    assert trial.rows(INSTITUTIONS.name)[0][:3] == ["统一社会信用代码", "机构名称", "申报类别"]
    assert trial.evaluate() == 0
    assert trial.results() == before


def test_a_season_in_gb18030_needs_the_option(trial: Trial) -> None:
    assert trial.evaluate() == 0
    before = trial.results()
    for file in FILES:
        path = trial.folder / file.name
        if path.is_file():
            path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    code, found = trial.findings()
    assert code == 1
    assert {one for one, _, _ in found if one.startswith("file")} == {"file_gb18030"}
    assert trial.findings("--encoding", "gb18030") == (0, [])
    assert trial.results() == before
