"""What a file is, told by its bytes: honest files pass, each wrong kind has its advice, broken ones no traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ceping.core.finding import Level, texts
from ceping.documents import confined
from ceping.documents.inspection import entrance
from ceping.documents.inspection.content import look
from ceping.documents.inspection.entrance import inspect
from ceping.documents.inspection.kind import SUFFIXES, USABLE, Kind, kind_of
from tests.factories import hostile_form, hostile_office, hostile_pdf, hostile_picture, hostile_zip
from tests.factories.raw_zip import entry, write

HONEST = {
    Kind.DOCX: hostile_office.plain_report,
    Kind.XLSX: hostile_office.plain_workbook,
    Kind.PDF: hostile_pdf.plain,
    Kind.JPEG: hostile_picture.plain_jpeg,
    Kind.PNG: hostile_picture.plain_png,
    Kind.ZIP: hostile_zip.plain,
}


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_file_passes(kind: Kind, tmp_path: Path) -> None:
    path = HONEST[kind](tmp_path, "")
    seen = inspect(path, wanted={kind})
    assert (seen.kind, seen.findings, seen.accepted) == (kind, (), True)
    assert (seen.size, seen.name) == (path.stat().st_size, path.name)


def test_our_own_form_passes(tmp_path: Path) -> None:
    assert inspect(hostile_form.honest(tmp_path, ""), wanted={Kind.DOCX}).findings == ()


def test_what_is_not_taken_here_is_told_with_what_is(tmp_path: Path) -> None:
    path = hostile_picture.plain_png(tmp_path, "")
    (finding,) = inspect(path, wanted={Kind.XLSX, Kind.CSV}).findings
    assert finding.message() == "文件的内容是 png 格式，这里只收：csv、xlsx"


def test_the_same_bytes_get_the_same_answer(tmp_path: Path) -> None:
    """B076: who brings a file, where it lies and when changes nothing that is said of it."""
    one = hostile_pdf.script(tmp_path, "")
    other = tmp_path / "elsewhere.pdf"
    other.write_bytes(one.read_bytes())
    first, second = (inspect(path, name="材料.pdf", wanted={Kind.PDF}) for path in (one, other))
    assert first == second
    other.write_bytes(one.read_bytes() + b"\n")
    assert inspect(other, name="材料.pdf", wanted={Kind.PDF}).sha256 != first.sha256


@pytest.mark.parametrize("kind", sorted(set(Kind) - USABLE - {Kind.EMPTY}))
def test_a_kind_that_is_used_nowhere_has_its_advice(kind: Kind) -> None:
    (finding,) = entrance._fitness(kind, "a.docx", USABLE, whole=True)
    assert finding.level is Level.ERROR
    assert "{" not in finding.message() + finding.remedy()


@pytest.mark.parametrize("kind", sorted(USABLE))
def test_a_usable_kind_passes_under_its_suffixes_alone(kind: Kind) -> None:
    for suffix in SUFFIXES[kind]:
        assert list(entrance._fitness(kind, f"a.{suffix}", {kind}, whole=True)) == []
    assert [one.code for one in entrance._fitness(kind, "a.xyz", {kind}, whole=True)] == ["file_suffix"]


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("自评报告.docx", "file_text", "内容却是一段纯文本"),
        ("名单.xlsx", "file_text_table", "不是工作簿"),
        ("名单.xls", "file_text_table", "另存为 .xlsx"),
        ("名单.csv", "file_unwanted", "csv 格式"),
        ("report.json", "file_unwanted", "txt 格式"),
    ],
)
def test_a_text_under_another_name_is_called_a_text(tmp_path: Path, name: str, code: str, words: str) -> None:
    path = tmp_path / name
    path.write_text("你好，世界\n", encoding="utf-8")
    (finding,) = inspect(path, wanted={Kind.DOCX}).findings
    assert finding.code == code
    assert words in finding.message() + finding.remedy()


def test_a_file_may_be_too_large_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(entrance.MOST_BYTES, Kind.PNG, 8)
    (finding,) = inspect(hostile_picture.plain_png(tmp_path, ""), wanted={Kind.PNG}).findings
    assert finding.code == "file_bytes"


def test_a_missing_file_is_the_callers_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspect(tmp_path / "absent", wanted={Kind.PDF})


def test_a_child_that_dies_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A nursery's child has loaded what it needs and asks for no memory that it might not get.
    monkeypatch.setattr(confined, "_nurseries", [])
    path = hostile_pdf.plain(tmp_path, "")
    starved = confined.Limits(memory_bytes=24 * 1024 * 1024)
    seen = inspect(path, wanted={Kind.PDF}, limits=starved)
    assert [finding.code for finding in seen.findings] in (
        ["file_too_much_memory"],
        ["file_broken"],
        ["file_parser_died"],
    )
    assert not seen.accepted


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("序号,名称\n1,甲\n".encode(), Kind.CSV),
        ("序号,名称\n".encode("gb18030"), Kind.CSV),
        ("序号\t名称\n".encode("utf-16"), Kind.CSV),
        (b"a,b\n1,\x00\n", Kind.CSV),
        (b"\x01\x02\x03", Kind.OTHER),
        (b"Rar!\x1a\x07\x01\x00", Kind.ARCHIVE),
        (b"\x00\x00\x00\x18ftypheic", Kind.HEIF),
        (b"\x00\x00\x00\x18ftypmp42", Kind.VIDEO),
        (b"\x7fELF", Kind.PROGRAM),
        (b"", Kind.EMPTY),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(data: bytes, kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    assert kind_of(path) is kind


def test_three_of_a_kind_are_told_and_how_many_more(tmp_path: Path) -> None:
    seen = inspect(hostile_zip.a_thousand_faults(tmp_path, ""), wanted={Kind.ZIP})
    assert [(finding.code, finding.place) for finding in seen.findings] == [
        *(("zip_name_unsafe", f"../{number}") for number in range(3)),
        ("more_of_a_kind", ""),
    ]
    assert dict(seen.findings[-1].values)["count"] == "997"


def test_the_furthest_cell_is_told_with_its_sheet(tmp_path: Path) -> None:
    (finding,) = inspect(hostile_office.far_cell(tmp_path, ""), wanted={Kind.XLSX}).findings
    assert (finding.place, dict(finding.values)) == ("名单", {"cell": "XFD1048576"})


def _bytes_of(make: Callable[[Path, str], Path], folder: Path) -> bytes:
    return make(folder, "").read_bytes()


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("honest")
    Image.new("RGB", (20, 20)).save(folder / "x.tif")
    made = [_bytes_of(make, folder) for kind, make in HONEST.items() if kind is not Kind.PDF]
    return [*made, (folder / "x.tif").read_bytes()]


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_the_bytes_say_there_is_an_answer(
    honest: list[bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut anywhere, turned over anywhere: a kind and findings, never an exception."""
    content = bytearray(data.draw(st.sampled_from(honest)))
    places = st.integers(0, len(content) - 1)
    for place, mask in data.draw(st.lists(st.tuples(places, st.integers(1, 255)), max_size=8)):
        content[place] ^= mask
    content = content[: data.draw(st.one_of(st.just(len(content)), places))]
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(content)
    told = look(path)
    assert Kind(told["kind"])
    assert all(code in texts() for code, *_ in told["findings"])


@settings(max_examples=100)
@given(names=st.lists(st.text(max_size=12), max_size=5), contents=st.lists(st.binary(max_size=64), min_size=5))
def test_whatever_an_archive_holds_there_is_an_answer(
    names: list[str], contents: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    entries = [
        entry(name.encode("utf-8", "surrogatepass"), content) for name, content in zip(names, contents, strict=False)
    ]
    told = look(write(tmp_path_factory.getbasetemp() / "named.zip", entries))
    assert told["kind"] in ("zip", "docx", "xlsx")


@pytest.mark.slow
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_done_to_a_pdf_there_is_an_answer(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """In a child, as it is read: a crash there would be no crash here, but must not take long."""
    folder = tmp_path_factory.mktemp("pdf")
    content = bytearray(
        _bytes_of(data.draw(st.sampled_from([hostile_pdf.script_by_name, hostile_pdf.embedded_file])), folder)
    )
    for _ in range(data.draw(st.integers(0, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = folder / "材料.pdf"
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    seen = inspect(path, wanted={Kind.PDF})
    assert all(finding.message() for finding in seen.findings)
