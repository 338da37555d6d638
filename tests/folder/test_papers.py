"""The papers of a season as one command makes them: all or none, the same bytes, kept, taken back, refused in time."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ceping.cli.main import main
from ceping.core.scheme.loading import load
from ceping.documents.forms.calls import Phones
from ceping.documents.sheet import Grid, texts_in
from ceping.folder.demo import write_demo
from ceping.folder.evaluation import evaluate_folder
from ceping.folder.manifest import files_in
from ceping.folder.papers import read_sources
from ceping.folder.papers_batch import Paper
from ceping.folder.papers_made import Wanted, papers_of
from ceping.folder.papers_marks import COLUMNS, marks_from_sheet
from ceping.folder.papers_texts import Texts
from tests.factories.pdf import pages_of

pytestmark = pytest.mark.slow

TEXTS = """
[certificate]
issuer = "某某测评机构"
issued_on = 2022-06-01
url = "https://ceping.example.cn/c/"

[notice]
issuer = "某某委员会"
issued_on = 2022-05-20
from = 2022-05-23
to = 2022-05-29
channel = "电话 021-12345678"

[work_report]
agency = "某某测评机构"
issued_on = 2022-06-10
"""
Told = Callable[[], str]
SHOWN: tuple[Phones, ...] = ("masked", "full", "none")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `season`, its results `out`, and `texts.toml`; never changed by a test."""
    place = tmp_path_factory.mktemp("papers")
    write_demo(place / "season", institutions=3, seed=7, events=300)
    assert evaluate_folder(place / "season", place / "out").done
    (place / "texts.toml").write_text(TEXTS, encoding="utf-8")
    return place


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    def said() -> str:
        read = capsys.readouterr()
        return read.out + read.err

    return said


def hashes(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in files_in(out)}


def papers(made: Path, out: Path, *options: str, season: str = "season", result: str = "out") -> int:
    """What `ceping papers` answers; one worker unless another number is given: to start a second takes the longest."""
    given = [str(made / season), *([str(made / result)] if result else [])]
    return main(["papers", *given, "--out", str(out), "--texts", str(made / "texts.toml"), "--workers", "1", *options])


def papers_in(made: Path, kind: str, phones: Phones = "masked") -> list[Paper]:
    """What would be written, as it is handed to the writers."""
    sources, _ = read_sources(made / "season", made / "out")
    assert sources is not None
    found, findings = papers_of(sources, (kind,), Wanted(Texts(), {}, phones))
    assert findings == []
    return found


def copied(made: Path, place: Path) -> Path:
    for name in ("season", "out"):
        shutil.copytree(made / name, place / name)
    shutil.copy(made / "texts.toml", place)
    return place


def test_every_kind_is_made_kept_and_the_same_again(made: Path, tmp_path: Path, told: Told) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert papers(made, one, "--workers", "0") == 0
    assert "专家评分表 6 份" in told()
    folders = {Path(name).parts[0] for name in files_in(one)}
    assert folders >= {"专家评分表", "专家打分确认表", "回访记录表", "证书", "反馈报告", "公示.pdf", "公示.docx"}
    assert folders >= {"测评结果名单.xlsx", "测评结果名单.pdf", "测评工作报告.docx", "测评工作报告.pdf"}
    first = hashes(one)
    assert papers(made, one) == 0
    assert "先前已做好" in told()
    assert papers(made, two) == 0
    assert first == hashes(one) == hashes(two)


def test_a_kind_is_made_alone_and_others_stay(made: Path, tmp_path: Path, told: Told) -> None:
    out = tmp_path / "out"
    assert papers(made, out, "--kind", "calls", "--kind", "mark-sheets", result="") == 0
    assert papers(made, out, "--kind", "results") == 0
    assert {Path(name).parts[0] for name in files_in(out)} > {"回访记录表", "专家评分表", "测评结果名单.pdf"}
    assert "撤去" not in told()


def test_papers_of_another_result_do_not_stay(made: Path, tmp_path: Path, told: Told) -> None:
    place, out = copied(made, tmp_path), tmp_path / "papers"
    assert papers(place, out, "--kind", "results", "--kind", "calls") == 0
    verified = place / "season" / "verified.csv"
    verified.write_text(verified.read_text(encoding="utf-8").replace("distinct_clients,", "distinct_clients,1", 1))
    assert evaluate_folder(place / "season", place / "out").done
    assert papers(place, out, "--kind", "notice") == 0
    assert "原有 1 份文书属于另一个年度或另一次结果" in told()
    assert {Path(name).parts[0] for name in files_in(out)} >= {"公示.pdf", "回访记录表"}
    assert not (out / "测评结果名单.pdf").exists()


def test_phones_are_masked_unless_asked_for(made: Path) -> None:
    with (made / "season" / "clients.csv").open(encoding="utf-8") as stream:
        phones = {row["phone"] for row in csv.DictReader(stream) if row["phone"]}
    every = {shown: set[str]() for shown in SHOWN}
    for shown, seen in every.items():
        for paper in papers_in(made, "calls", shown):
            column = [one.label for one in paper.sheets[0].columns].index("联系电话")
            seen |= {str(row[column]) for row in paper.sheets[0].rows}
            if shown != "full":
                assert not any(phone in text for phone in phones for text in texts_in(paper.document))
    assert every["full"] == phones
    assert all("****" in text for text in every["masked"])
    assert every["none"] == {""}


def test_call_sheets_follow_the_draw(made: Path) -> None:
    sources, _ = read_sources(made / "season", None)
    assert sources is not None
    sheets = {paper.of: paper.sheets[0].rows for paper in papers_in(made, "calls")}
    for entry in sources.season.entries:
        assert entry.draw is not None
        rows = sheets[entry.uscc]
        assert [row[3] for row in rows if row[8] == 1] == list(entry.draw.order)
        assert sum(row[2] == "样本" for row in rows) == 3 * len(entry.draw.sample)


@pytest.fixture(scope="module")
def sheets(made: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The mark sheets as they are given out; a test copies what it fills in."""
    out = tmp_path_factory.mktemp("sheets") / "out"
    assert papers(made, out, "--kind", "mark-sheets", result="") == 0
    return sorted((out / "专家评分表").glob("*.xlsx"))


def filled(path: Path, marks: dict[tuple[str, str, str], dict[str, str]], change: Callable[[object], None]) -> bytes:
    """The sheet with the marks typed in; `change` does what else somebody did to it."""
    book = openpyxl.load_workbook(path)
    page = book.active
    header = next(row for row in page.iter_rows() if row[0].value == "统一社会信用代码")
    at = {cell.value: cell.column for cell in header}
    for number in range(header[0].row + 1, page.max_row):
        key = tuple(str(page.cell(number, at[name]).value) for name in ("统一社会信用代码", "指标编号", "专家编号"))
        if key in marks:
            page.cell(number, at["打分"]).value = float(marks[key]["mark"])
            page.cell(number, at["理由"]).value = marks[key]["reason"]
    change(page)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def marks_in(season: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    with (season / "marks.csv").open(encoding="utf-8") as stream:
        return {(row["uscc"], row["indicator_id"], row["assessor_id"]): row for row in csv.DictReader(stream)}


def test_filled_sheets_come_back_as_the_marks_they_hold(
    made: Path, sheets: list[Path], tmp_path: Path, told: Told
) -> None:
    marks, out = marks_in(made / "season"), tmp_path / "marks.csv"
    for path in sheets:
        (tmp_path / path.name).write_bytes(filled(path, marks, lambda _page: None))
    full = [str(tmp_path / path.name) for path in sheets]
    assert main(["marks", "intake", str(made / "season"), *full, "--out", str(out)]) == 0, told()
    with out.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {tuple(row[name] for name in COLUMNS) for row in rows} == {
        (*key, row["mark"], "", row["reason"]) for key, row in marks.items()
    }
    assert main(["marks", "intake", str(made / "season"), full[0], full[0], "--out", str(tmp_path / "no.csv")]) == 1
    assert "已经收过一份" in told()
    assert not (tmp_path / "no.csv").exists()
    # One sheet alone leaves the marks of the others; what it no longer holds is not lost in silence.
    first, kept = sheets[0].name.partition("_")[0], out.read_bytes()
    (tmp_path / sheets[0].name).write_bytes(filled(sheets[0], dict(list(marks.items())[:1]), lambda _page: None))
    assert main(["marks", "intake", str(made / "season"), full[0], "--out", str(out)]) == 1
    assert "在这份表里没有了" in told()
    assert out.read_bytes() == kept
    assert main(["marks", "intake", str(made / "season"), full[0], "--out", str(out), "--replace"]) == 0
    with out.open(encoding="utf-8") as stream:
        assert {row["assessor_id"] for row in csv.DictReader(stream)} >= {key[2] for key in marks} - {first}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("打分", 11, "mark_out_of_range"),
        ("打分", 7.25, "mark_off_step"),
        ("打分", 1, "reason_missing"),
        ("打分", "很好", "cell_not_number"),
        ("指标编号", "people", "mark_sheet_unassigned"),
        ("专家编号", "A99", "mark_sheet_of_two"),
        ("打分", None, "mark_sheet_blank"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_told_with_its_cell(
    made: Path, sheets: list[Path], tmp_path: Path, column: str, value: object, code: str
) -> None:
    sources, _ = read_sources(made / "season", None)
    assert sources is not None
    path = tmp_path / sheets[0].name

    def change(page: object) -> None:
        header = next(row for row in page.iter_rows() if row[0].value == "统一社会信用代码")  # type: ignore[attr-defined]
        at = {cell.value: cell.column for cell in header}
        page.cell(header[0].row + 1, at["理由"]).value = None  # type: ignore[attr-defined]
        page.cell(header[0].row + 1, at[column]).value = value  # type: ignore[attr-defined]

    path.write_bytes(filled(sheets[0], marks_in(made / "season"), change))
    taken = marks_from_sheet(path, sources)
    assert code in {one.code for one in taken.findings}
    assert (taken.rows == ()) is (code != "mark_sheet_blank")
    assert all("第 " in one.place for one in taken.findings if one.code == code and not code.endswith(("two", "blank")))


def test_the_signed_sheet_holds_the_marks_given(made: Path) -> None:
    given = papers_in(made, "marks")
    rows = {
        (paper.of, *(cell.text for cell in row[1:]))
        for paper in given
        for block in paper.document.blocks
        if isinstance(block, Grid)
        for row in block.rows[1:]
    }
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    titles = {item.key: item.title for item in scheme.scored}
    marks = marks_in(made / "season")
    assert rows == {(who, uscc, titles[key], row["mark"], row["reason"]) for (uscc, key, who), row in marks.items()}
    assert all("专家签名：" in texts_in(paper.document) for paper in given)


def test_what_cannot_be_made_is_said_and_nothing_written(made: Path, tmp_path: Path, told: Told) -> None:
    out = tmp_path / "out"
    season, result = str(made / "season"), str(made / "out")
    tries = (
        (["papers", season, result, "--kind", "diploma"], 2, "没有“diploma”这一种文书"),
        (["papers", season, "--kind", "results"], 1, "出测评结果名单要有测评结果"),
        (["papers", season, result, "--kind", "notice"], 1, "[notice]"),
        (["papers", season, str(tmp_path)], 1, "results.json"),
        (["papers", str(tmp_path / "none"), result], 2, "none"),
    )
    for command, code, words in tries:
        assert main([*command, "--out", str(out)]) == code
        assert words in told()
        assert not out.exists()


def test_a_changed_season_gives_no_certificate(made: Path, tmp_path: Path, told: Told) -> None:
    place = copied(made, tmp_path)
    verified = place / "season" / "verified.csv"
    verified.write_bytes(verified.read_bytes() + b"\n")
    assert papers(place, place / "papers", "--kind", "certificates") == 1
    assert "又改过" in told()
    assert papers(place, place / "papers", "--kind", "results") == 0
    assert "又改过" in told()


def test_results_of_another_scheme_or_season_are_refused(made: Path, tmp_path: Path, told: Told) -> None:
    place = copied(made, tmp_path)
    results = place / "out" / "results.json"
    text = results.read_text(encoding="utf-8")
    results.write_text(text.replace('"version":1', '"version":2', 1).replace('"version": 1', '"version": 2', 1))
    assert papers(place, place / "papers") == 1
    assert "算出，这个测评年度用的是" in told()
    uscc = next(iter(sorted(path.name for path in (place / "season" / "institutions").iterdir())))
    results.write_text(text.replace(f'"{uscc}"', '"91310199MADE009999"'), encoding="utf-8")
    assert papers(place, place / "papers") == 1
    assert "与这个测评年度的机构不同，有 2 家对不上" in told()
    assert not (place / "papers").exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('url = "https://', 'url = "ftp://', "https"),
        ("to = 2022-05-29", "to = 2022-05-19", "早于第一天 2022-05-23"),
        ('channel = "电话 021-12345678"', 'channel = "手机 13800000001"', "像个人手机"),
        ("[notice]", '[notice]\ngrades = ["特优"]', "没有“特优”这个等次"),
        ("[notice]", '[notice]\ncolumns = ["order", "phone"]', "columns"),
        ('agency = "某某测评机构"', "", "agency"),
    ],
)
def test_texts_that_are_wrong_are_told(made: Path, tmp_path: Path, told: Told, old: str, new: str, words: str) -> None:
    texts = tmp_path / "texts.toml"
    texts.write_text(TEXTS.replace(old, new), encoding="utf-8")
    assert papers(made, tmp_path / "out", "--texts", str(texts)) == 1
    assert words in told()
    assert not (tmp_path / "out").exists()


def test_opinions_stand_in_the_feedback_and_strangers_are_refused(made: Path, tmp_path: Path, told: Told) -> None:
    uscc = min(path.name for path in (made / "season" / "institutions").iterdir())
    opinions = tmp_path / "意见.csv"
    opinions.write_text(f"统一社会信用代码,优势,不足,建议\n{uscc},服务面广,,多办活动\n", encoding="utf-8")
    assert papers(made, tmp_path / "out", "--kind", "feedback", "--opinions", str(opinions)) == 0
    text = "".join(pages_of(next((tmp_path / "out" / "反馈报告").glob(f"{uscc}_*.pdf")).read_bytes()))
    assert "服务面广" in text
    assert "多办活动" in text
    opinions.write_text("uscc,优势\n91310199MADE00999X,好\n", encoding="utf-8")
    assert papers(made, tmp_path / "again", "--kind", "feedback", "--opinions", str(opinions)) == 1
    assert "意见.csv" in told()


def test_the_former_season_stands_in_the_work_report(made: Path, tmp_path: Path) -> None:
    assert papers(made, tmp_path / "out", "--kind", "work-report", "--former", str(made / "out")) == 0
    text = "".join(pages_of((tmp_path / "out" / "测评工作报告.pdf").read_bytes()))
    assert "两年都参评3家，新参评0家，未再参评0家" in text


def test_a_season_without_assessors_or_clients_says_so(made: Path, tmp_path: Path, told: Told) -> None:
    place = copied(made, tmp_path)
    for name in ("assignments.csv", "marks.csv", "clients.csv", "calls.csv", "adjudications.csv"):
        (place / "season" / name).unlink()
    assert papers(place, place / "papers", "--kind", "mark-sheets", "--kind", "calls", result="") == 0
    said = told()
    assert "专家评分表一份也没有" in said
    assert "回访记录表一份也没有" in said
