"""What the reader of values does not tell of a sheet: formulas, error cells, what is hidden, merged or filtered.

Looked for in the XML of the sheet as bytes: a tree of a hundred thousand rows would take a gigabyte.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from ceping.documents.refusal import Refused

MOST_ROWS = 200_000
# Rows above the table do not count against it.
_TITLES = 200
_CHUNK = 4 * 1024 * 1024
_SMALL_PART = 8 * 1024 * 1024
_SHEET_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT_SPACE = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_LINK = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_PERCENT_FORMATS = frozenset({"9", "10"})
_TRUE = rb"(?:1|true)"
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_STYLE = re.compile(rb'\ss="([0-9]{1,6})"')
_CELL = re.compile(rb"<(?:\w+:)?c(\s[^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_OPEN = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)/?>")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</", re.DOTALL)
_INLINE = re.compile(rb"<(?:\w+:)?is\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ROW = re.compile(rb"<(?:\w+:)?row(\s[^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col(\s[^>]*)>")
_NUMBER = re.compile(rb'\sr="([0-9]{1,7})"')
_HIDDEN = re.compile(rb'\shidden="' + _TRUE + rb'"')
_RANGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})"')


@dataclass(slots=True)
class Marks:
    """What is odd in one sheet; rows and columns are counted from 0.

    `formulas` say whether a value was saved with each; `errors` what each shows; `percents` are cells shown as such.
    """

    name: str
    hidden: bool = False
    formulas: list[tuple[int, int, bool]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    percents: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    filtered: bool = False

    def as_json(self) -> dict[str, Any]:
        """The same as the child hands it over."""
        return asdict(self)


def marks_of(archive: zipfile.ZipFile) -> tuple[list[Marks], bool]:
    """The marks of every worksheet in workbook order, and whether days are counted from 1904.

    Raises Refused when a sheet has more rows than are read.
    """
    book = _tree(archive, "xl/workbook.xml")
    targets = _targets(archive)
    percents = _percent_styles(archive)
    sheets = []
    for sheet in (*book.iter(f"{_SHEET_SPACE}sheet"), *book.iter(f"{_STRICT_SPACE}sheet")):
        name = sheet.get("name", "")
        marks = Marks(name, hidden=sheet.get("state", "visible") != "visible")
        part = targets.get(sheet.get(_LINK) or sheet.get(_STRICT_LINK) or "", "")
        if part.startswith("xl/worksheets/"):
            _mark(marks, _sheet_bytes(archive, part), percents)
        sheets.append(marks)
    settings = (*book.iter(f"{_SHEET_SPACE}workbookPr"), *book.iter(f"{_STRICT_SPACE}workbookPr"))
    return sheets, any(one.get("date1904", "") in ("1", "true", "on") for one in settings)


def column_number(letters: bytes) -> int:
    """`A` as 0, `AA` as 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _mark(marks: Marks, xml: bytes, percents: frozenset[bytes]) -> None:
    if b't="e"' in xml:
        errors = _cells(xml, lambda given, _: b' t="e"' in given)
        marks.errors = [(row, column, _shown(inner)) for row, column, inner in errors]
    if (b"<f" in xml or b":f" in xml) and _FORMULA.search(xml):
        formulas = _cells(xml, lambda _, inner: _FORMULA.search(inner) is not None)
        marks.formulas = [(row, column, _has_value(inner)) for row, column, inner in formulas]
    if percents:
        marks.percents = list(_percent_cells(xml, percents))
    if b"hidden=" in xml:
        marks.hidden_rows = [
            int(number[1]) - 1
            for row in _ROW.finditer(xml)
            if _HIDDEN.search(row[1]) and (number := _NUMBER.search(row[1]))
        ]
        marks.hidden_columns = list(_hidden_columns(xml))
    marks.filtered = b"filterColumn" in xml
    merged = _RANGE.finditer(xml) if b"mergeCell " in xml else ()
    marks.merges = [(int(one[2]) - 1, column_number(one[1]), int(one[4]) - 1, column_number(one[3])) for one in merged]


def count_rows(archive: zipfile.ZipFile) -> None:
    """Nothing, when no sheet has more rows than are read; else raises Refused, after unpacking no more than needed."""
    for entry in archive.infolist():
        if entry.filename.startswith("xl/worksheets/sheet"):
            for _ in _pieces(archive, entry.filename):
                pass


def _sheet_bytes(archive: zipfile.ZipFile, part: str) -> bytes:
    return b"".join(_pieces(archive, part))


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    rows = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            # What the edge of a chunk cuts in two is not counted; there are few edges.
            rows += chunk.count(b"row>")
            if rows > MOST_ROWS + _TITLES:
                raise Refused("intake_too_many_rows", {"most": f"{MOST_ROWS:,}"})
            yield chunk


def _cells(xml: bytes, odd: Callable[[bytes, bytes], bool]) -> Iterator[tuple[int, int, bytes]]:
    """Where the odd cells are and what is inside; `odd` is asked with the attributes and the inside of each cell."""
    for cell in _CELL.finditer(xml):
        if odd(cell[1], cell[2]):
            at = _REFERENCE.search(cell[1])
            if at is None:
                # A writer may leave places out; then which cell is meant would have to be counted.
                raise Refused("intake_unplaced")
            yield int(at[2]) - 1, column_number(at[1]), cell[2]


def _has_value(inner: bytes) -> bool:
    value = _VALUE.search(inner)
    return (value is not None and value[1] != b"") or _INLINE.search(inner) is not None


def _shown(inner: bytes) -> str:
    value = _VALUE.search(inner)
    return value[1].decode("utf-8", "replace")[:20] if value else "#"


def _percent_cells(xml: bytes, percents: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    for cell in _OPEN.finditer(xml):
        style = _STYLE.search(cell[1])
        if style and style[1] in percents and (at := _REFERENCE.search(cell[1])):
            yield int(at[2]) - 1, column_number(at[1])


def _hidden_columns(xml: bytes) -> Iterator[tuple[int, int]]:
    for column in _COLUMN.finditer(xml):
        if _HIDDEN.search(column[1]):
            ends = [re.search(rb"\s" + name + rb'="([0-9]{1,6})"', column[1]) for name in (b"min", b"max")]
            if ends[0] and ends[1]:
                yield int(ends[0][1]) - 1, int(ends[1][1]) - 1


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _tree(archive, "xl/styles.xml")
    for space in (_SHEET_SPACE, _STRICT_SPACE):
        own = {one.get("numFmtId", "") for one in styles.iter(f"{space}numFmt") if "%" in one.get("formatCode", "")}
        formats = _PERCENT_FORMATS | own
        for table in styles.iter(f"{space}cellXfs"):
            found = (index for index, xf in enumerate(table) if xf.get("numFmtId", "0") in formats)
            return frozenset(str(index).encode() for index in found)
    return frozenset()


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    links = {}
    for link in _tree(archive, "xl/_rels/workbook.xml.rels"):
        target = link.get("Target", "")
        links[link.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target.removeprefix('./')}"
    return links


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    with archive.open(part) as stream:
        xml = stream.read(_SMALL_PART + 1)
    if len(xml) > _SMALL_PART or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise Refused("file_broken")
    return ET.fromstring(xml)  # noqa: S314 -- without DOCTYPE there are no entities to grow
