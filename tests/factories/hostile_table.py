"""Lists as CSV and Excel that are broken, mangled or ambiguous; each maker makes one file.

The columns are 企业名称, 统一社会信用代码, 手机, 金额, 日期; a date in Excel has the style 1.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from tests.factories.hostile_office import excel_parts, package

HEADERS = ("企业名称", "统一社会信用代码", "手机", "金额", "日期")
ROW = ("甲公司", "91310199MA0000A197", "13800000001", "12.5", "2021-05-01")
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/></fonts>'
    "<fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


# ── CSV ──────────────────────────────────────────────────────────────────


def _csv(folder: Path, *lines: str, header: str = ",".join(HEADERS), encoding: str = "utf-8") -> Path:
    path = folder / "名单.csv"
    path.write_bytes("".join(f"{line}\n" for line in (header, *lines)).encode(encoding))
    return path


def plain_csv(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(ROW))


def rare_names(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(("𠮷堃镕玥珺公司", *ROW[1:])))


def gb18030(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(ROW), encoding="gb18030")


def nul(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(ROW), ",".join(("甲\x00公司", *ROW[1:])))


def long_cell(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(("甲" * 131_073, *ROW[1:])))


def open_quote(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(ROW), '"' + ",".join(ROW), *[",".join(ROW)] * 20)


def ragged(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(ROW), ",".join((*ROW, "多出的一格", "又一格")))


def header_missing(folder: Path, _: str) -> Path:
    return _csv(folder, "甲公司,13800000001", header="企业名称,手机")


def header_doubled(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(("乙公司", *ROW)), header=",".join(("企业名称", *HEADERS)))


def header_moved(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(reversed(ROW)), header=",".join(reversed(HEADERS)))


def no_header(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(ROW), header=",".join(ROW))


def semicolons(folder: Path, _: str) -> Path:
    return _csv(folder, ";".join(ROW), header=";".join(HEADERS))


def decimal_comma(folder: Path, _: str) -> Path:
    return _csv(folder, ";".join((*ROW[:3], "12,5", ROW[4])), header=";".join(HEADERS))


def million_rows(folder: Path, _: str) -> Path:
    path = folder / "名单.csv"
    line = ",".join(ROW).encode() + b"\n"
    path.write_bytes(",".join(HEADERS).encode() + b"\n" + line * 1_000_001)
    return path


def code_as_number(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join((ROW[0], "9.13E+17", *ROW[2:])))


def formula_as_text(folder: Path, _: str) -> Path:
    return _csv(folder, ",".join(("<script>alert(1)</script>", "=cmd|' /C calc'!A0", *ROW[2:])))


# ── Excel ────────────────────────────────────────────────────────────────


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _row(number: int, texts: tuple[str, ...], given: str = "", **cells: str) -> str:
    """A row of texts; `cells` are columns given as XML instead."""
    made = [cells.get(column, _cell(f"{column}{number}", text)) for column, text in zip("ABCDE", texts, strict=True)]
    return f'<row r="{number}"{given}>{"".join(made)}</row>'


def _book(folder: Path, *rows: str, after: str = "", **parts: str) -> Path:
    made = excel_parts(_row(1, HEADERS) + "".join(rows)) | {"xl/styles.xml": _STYLES}
    sheet = str(made["xl/worksheets/sheet1.xml"]).replace("</sheetData>", f"</sheetData>{after}")
    related = str(made["xl/_rels/workbook.xml.rels"])
    style = '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"'
    related = related.replace("</Relationships>", f'{style} Target="styles.xml"/></Relationships>')
    changed = {"xl/worksheets/sheet1.xml": sheet, "xl/_rels/workbook.xml.rels": related, **parts}
    return package(folder / "名单.xlsx", {**made, **changed})


def plain_book(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW))


def formula_without_value(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW, D='<c r="D2"><f>1+1</f></c>'))


def formula_with_old_value(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW, D='<c r="D2"><f>1+1</f><v>3</v></c>'))


def error_cell(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW, D='<c r="D2" t="e"><v>#REF!</v></c>'))


def impossible_date(folder: Path, _: str) -> Path:
    """A day that never was, as a date cell of the strict form, in the form's own table of 重点活动."""
    header = ("重点活动内容", "活动模式", "实际完成日期", "活动地点", "实际服务对象/数量")
    row = ("讲座", "线下", "", "上海", "中小企业/20家")
    parts = excel_parts(_row(1, header) + _row(2, row, C='<c r="C2" t="d"><v>1900-02-29</v></c>'))
    return package(folder / "活动.xlsx", parts)


def day_sixty(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW, E='<c r="E2" s="1"><v>60</v></c>'))


def since_1904(folder: Path, _: str) -> Path:
    book = str(excel_parts()["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    return _book(folder, _row(2, ROW, E='<c r="E2" s="1"><v>42855</v></c>'), **{"xl/workbook.xml": book})


def code_as_number_in_book(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW, B='<c r="B2"><v>9.13101990000001E+17</v></c>'))


def merged(folder: Path, _: str) -> Path:
    after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    return _book(folder, _row(2, ROW), _row(3, ROW, A='<c r="A3"/>'), after=after)


def hidden_row(folder: Path, _: str) -> Path:
    return _book(folder, _row(2, ROW), _row(3, ROW, ' hidden="1"'))


def filtered(folder: Path, _: str) -> Path:
    kept = '<filterColumn colId="0"><filters><filter val="甲"/></filters></filterColumn>'
    after = f'<autoFilter ref="A1:E3">{kept}</autoFilter>'
    return _book(folder, _row(2, ROW), _row(3, ROW, ' hidden="1"'), after=after)


def cells_without_places(folder: Path, _: str) -> Path:
    """No cell says where it is, as some programs write it: they stand one after another."""
    text = _row(2, ROW)
    for column in "ABCDE":
        text = text.replace(f' r="{column}2"', "")
    return _book(folder, text)
