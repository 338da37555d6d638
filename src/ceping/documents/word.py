"""A document as a Word file that Word, WPS and LibreOffice lay out alike, the same bytes every time."""

import io
from datetime import datetime, time
from functools import cache
from pathlib import Path

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from ceping.documents.sheet import Document
from ceping.documents.word_archive import undated
from ceping.documents.word_block import Body
from ceping.documents.word_frame import footer_xml, header_xml, section_of
from ceping.documents.word_markup import NAMESPACES, PROLOGUE
from ceping.documents.word_page import page_of

_TEMPLATES = Path(__file__).parent / "templates" / "word"
_CREATOR = "测评"


def to_word(document: Document) -> bytes:
    """The document as a .docx: same text, same order, named styles, an office's fonts by name, its own date."""
    return _packed(_package(document))


class _XmlPart(Part):
    """A part whose text is known only after what it refers to."""

    xml = ""

    @property
    def blob(self) -> bytes:
        """The text as it stands now."""
        return self.xml.encode()


class _Package:
    """The parts of one file while they are made; pictures are numbered as they come."""

    def __init__(self) -> None:
        self.package = OpcPackage()
        self.main = self.xml_part("/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN)
        self.package.relate_to(self.main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        self._pictures = 0

    def xml_part(self, name: str, content_type: str, xml: str = "") -> _XmlPart:
        part = _XmlPart(PackURI(name), content_type, None, None)
        part.xml = xml
        return part

    def related(self, name: str, content_type: str, reltype: str, xml: str) -> str:
        """The relation by which the document knows a new part of its own."""
        return self.main.relate_to(self.xml_part(name, content_type, xml), reltype)

    def picture(self, data: bytes, owner: Part | None = None) -> str:
        """The relation by which a part, the document itself by default, knows a new picture."""
        self._pictures += 1
        kind, content_type = ("png", "image/png") if data.startswith(b"\x89PNG") else ("jpg", "image/jpeg")
        part = Part(PackURI(f"/word/media/image{self._pictures}.{kind}"), content_type, data, None)
        return (owner or self.main).relate_to(part, RELATIONSHIP_TYPE.IMAGE)


def _package(document: Document) -> OpcPackage:
    page, made = page_of(document), _Package()
    settings = _template("settings.xml").format(
        mirrored="<w:mirrorMargins/>" if document.bound else "",
        even="<w:evenAndOddHeaders/>" if document.bound else "",
    )
    made.related("/word/styles.xml", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, _template("styles.xml"))
    made.related("/word/settings.xml", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS, settings)
    sides = ("default", "even") if document.bound else ("default",)
    headers = {side: _header(made, document, side) for side in sides} if document.marks or document.watermark else {}
    footers = {side: _footer(made, side) for side in sides} if document.numbered else {}
    body = Body(page, made.picture)

    def section(kind: str, *, cover: bool, first: bool) -> str:
        return section_of(page, headers, {} if cover else footers, kind, first=first)

    blocks = body.xml(document, section)
    made.main.xml = f"{PROLOGUE}<w:document {NAMESPACES}><w:body>{blocks}</w:body></w:document>"
    _describe(made.package, document)
    return made.package


def _header(made: _Package, document: Document, side: str) -> str:
    part = made.xml_part(f"/word/header_{side}.xml", CONTENT_TYPE.WML_HEADER)
    part.xml = header_xml(document, side, lambda data: made.picture(data, part))
    return made.main.relate_to(part, RELATIONSHIP_TYPE.HEADER)


def _footer(made: _Package, side: str) -> str:
    return made.related(f"/word/footer_{side}.xml", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER, footer_xml())


def _describe(package: OpcPackage, document: Document) -> None:
    about, moment = package.core_properties, datetime.combine(document.dated, time())
    about.title, about.language, about.revision = document.title[:255], "zh-CN", 1
    about.author = about.last_modified_by = _CREATOR
    about.created = about.modified = moment


def _packed(package: OpcPackage) -> bytes:
    loose = io.BytesIO()
    package.save(loose)
    return undated(loose.getvalue())


@cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
