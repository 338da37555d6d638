"""The official form as people spoil it in an office program; each maker changes one thing in a filled, honest copy."""

import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from ceping.documents.word import to_word
from tests.factories.hostile_office import package, relations
from tests.factories.report_document import report_document

_BODY = "word/document.xml"
_ROW = "<w:r><w:t>{text}</w:t></w:r>"


@cache
def _filled() -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(to_word(report_document("final")))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _saved(folder: Path, *, body: str | None = None, **more: str) -> Path:
    changed = more if body is None else {_BODY: body, **more}
    return package(folder / "测评表.docx", {**_filled(), **changed})


def _text() -> str:
    return _filled()[_BODY].decode()


def _in_last_paragraph(addition: str) -> str:
    head, end, tail = _text().rpartition("</w:p>")
    return head + addition + end + tail


def _heading(text: str) -> str:
    """The whole paragraph of a printed heading."""
    found = [one for one in re.findall(r"<w:p[ >](?:(?!<w:p[ >]).)*?</w:p>", _text(), re.DOTALL) if text in one]
    return str(found[0])


def honest(folder: Path, _: str) -> Path:
    return _saved(folder)


def by_another_program(folder: Path, _: str) -> Path:
    """The same form by WPS: its own properties, no styles, every run cut in two, and its mark in the settings."""
    body = re.sub(r"<w:pStyle [^>]*/>", "", _text())
    halves = r"<w:t\1>\2</w:t></w:r><w:r><w:t\1>\3</w:t></w:r>"
    body = re.sub(r"<w:t( [^>]*)?>([^<]{2})([^<]+)</w:t></w:r>", halves, body)
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
        '<vt:lpwstr xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">2052-12.1.0</vt:lpwstr>'
        "</property></Properties>"
    )
    return _saved(folder, body=body, **{"docProps/custom.xml": custom})


def tracked_insertion(folder: Path, _: str) -> Path:
    addition = (
        '<w:ins w:id="1" w:author="王" w:date="2022-01-01T00:00:00Z">' + _ROW.format(text="后加的字") + "</w:ins>"
    )
    return _saved(folder, body=_in_last_paragraph(addition))


def tracked_deletion(folder: Path, _: str) -> Path:
    deleted = '<w:del w:id="1" w:author="王"><w:r><w:delText>删去的字</w:delText></w:r></w:del>'
    return _saved(folder, body=_in_last_paragraph(deleted))


def comment(folder: Path, _: str) -> Path:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    said = f'<w:comment w:id="0" w:author="王"><w:p>{_ROW.format(text="请核对")}</w:p></w:comment>'
    body = f"<w:comments {space}>{said}</w:comments>"
    related = _filled()["word/_rels/document.xml.rels"].decode()
    added = relations(("comments", "comments.xml")).replace("rId1", "rId900")
    one = re.search(r"<Relationship .*?/>", added)
    assert one is not None
    related = related.replace("</Relationships>", f"{one[0]}</Relationships>")
    types = _filled()["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    types = types.replace("</Types>", f'<Override PartName="/word/comments.xml" ContentType="{kind}"/></Types>')
    marked = _in_last_paragraph('<w:r><w:commentReference w:id="0"/></w:r>')
    more = {"word/comments.xml": body, "word/_rels/document.xml.rels": related, "[Content_Types].xml": types}
    return _saved(folder, body=marked, **more)


def hidden_text(folder: Path, _: str) -> Path:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见的字</w:t></w:r>"
    return _saved(folder, body=_in_last_paragraph(hidden))


def heading_missing(folder: Path, _: str) -> Path:
    return _saved(folder, body=_text().replace(_heading("运营管理情况"), ""))


def heading_doubled(folder: Path, _: str) -> Path:
    heading = _heading("运营管理情况")
    return _saved(folder, body=_text().replace(heading, heading + heading))


def table_missing(folder: Path, _: str) -> Path:
    """The table under 服务机构概述 is gone, as when somebody pressed delete on a marked page."""
    before, heading, after = _text().partition(_heading("服务机构概述"))
    start, end = after.index("<w:tbl>"), after.index("</w:tbl>") + len("</w:tbl>")
    return _saved(folder, body=before + heading + after[:start] + after[end:])


def table_doubled(folder: Path, _: str) -> Path:
    before, heading, after = _text().partition(_heading("服务机构概述"))
    start, end = after.index("<w:tbl>"), after.index("</w:tbl>") + len("</w:tbl>")
    return _saved(folder, body=before + heading + after[:end] + "<w:p/>" + after[start:end] + after[end:])


def other_letter(folder: Path, _: str) -> Path:
    """A Word file that is no form at all."""
    start = _text().partition("<w:body>")[0]
    end = f"<w:body><w:p>{_ROW.format(text='一封信')}</w:p></w:body></w:document>"
    return _saved(folder, body=start + end)
