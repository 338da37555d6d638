"""Packages of Word and Excel: which they are, and whether a part of them reaches out, runs something or overflows.

The parts are unpacked piece by piece and looked at as streams (ECMA-376 part 2 says how parts and relations are found);
no tree is built and nothing is resolved.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from ceping.core.finding import Finding, Level, fault
from ceping.documents.inspection.archive import Archive, is_archive, short
from ceping.documents.inspection.kind import Kind
from ceping.documents.inspection.xml_scan import Attributes, Elements, Prolog, Sheet, Strings

_TYPES = "[Content_Types].xml"
_MAIN = (
    (".macroenabled.", Kind.MACRO),
    ("wordprocessingml.document.main+xml", Kind.DOCX),
    ("spreadsheetml.sheet.main+xml", Kind.XLSX),
    (".template.main+xml", Kind.TEMPLATE),
    ("presentationml", Kind.SLIDES),
)
# Kinds of relations by the last word of their address (ECMA-376 part 1, annex F, and Microsoft's own).
_HARMLESS_OUTSIDE = frozenset({"hyperlink"})
_OBJECTS = frozenset({"oleObject", "control", "activeXControlBinary"})
_ENCLOSED = frozenset({"package", "aFChunk"})
_REMOTE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:|//|file:(?://[^/]|/{4,})")


def package_kind(archive: Archive) -> Kind:
    """What a ZIP is by the parts it must have; `ZIP` when it is no package of an office program."""
    by_name = {entry.filename: entry for entry in archive.entries}
    if _TYPES in by_name:
        types = _types_in(archive, by_name[_TYPES])
        found = [_main_kind(kind) for kind in types.values()]
        return next((kind for kind in _RANKED if kind in found), Kind.ZIP)
    if "OFD.xml" in by_name:
        return Kind.OFD
    if "mimetype" in by_name:
        start = next(archive.pieces(by_name["mimetype"]), b"")
        if start.startswith(b"application/vnd.oasis.opendocument"):
            return Kind.OPEN_DOCUMENT
    return Kind.ZIP


_RANKED = (Kind.BINARY_EXCEL, Kind.MACRO, Kind.DOCX, Kind.XLSX, Kind.TEMPLATE, Kind.SLIDES)


def package_findings(archive: Archive) -> list[Finding]:
    """All that is wrong with a docx or xlsx; raises `Refused` where reading on would do harm."""
    return list(_Look(archive).findings())


class _Look:
    """One walk over the parts of a package."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.entries}
        self._types = _types_in(archive, self._entries[_TYPES])
        self._sheet_names: dict[str, str] = {}
        self._sheet_parts: dict[str, str] = {}
        self._found: list[Finding] = []

    def findings(self) -> Iterator[Finding]:
        """Relations first, because they name the sheets; then every part to its end."""
        yield from self._part_findings()
        for name in sorted(self._entries, key=lambda name: (not name.endswith(".rels"), name != "xl/workbook.xml")):
            if name != _TYPES and not name.endswith("/"):
                yield from self._read(name)
        yield from self._found

    def _part_findings(self) -> Iterator[Finding]:
        names = [name.lower() for name in self._entries]
        if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
            yield fault("office_macro")
        if any(name.startswith("xl/externallinks/") and name.endswith(".xml") for name in names):
            yield fault("office_external_book")
        if any(name == "xl/connections.xml" or name.startswith("xl/querytables/") for name in names):
            yield fault("office_connection")

    def _read(self, name: str) -> Iterator[Finding]:
        scan = self._scan(name)
        head = b""
        for piece in self._archive.pieces(self._entries[name]):
            head = head or piece[:8]
            if scan is not None:
                scan.feed(piece)
        if scan is not None:
            scan.close()
            if isinstance(scan, Sheet | Strings):
                yield from scan.findings()
        elif "/embeddings/" not in name and is_archive(name, head):
            yield fault("zip_nested", place=short(name))

    def _scan(self, name: str) -> Prolog | None:
        kind = self._types.get(f"/{name}".lower(), "")
        if name.endswith(".rels"):
            return Elements(name, lambda element, given: self._relation(name, element, given))
        if name == "xl/workbook.xml":
            return Elements(name, self._sheet)
        if kind.endswith("worksheet+xml") or name.startswith("xl/worksheets/sheet"):
            return Sheet(name, lambda: self._title(name))
        if kind.endswith("sharedstrings+xml") or name == "xl/sharedStrings.xml":
            return Strings(name)
        if kind.endswith("xml") or name.lower().endswith((".xml", ".vml")):
            return Prolog(name)
        return None

    def _relation(self, part: str, element: str, given: Attributes) -> None:
        if element != "Relationship":
            return
        kind, target = given.get("Type", "").rpartition("/")[2], given.get("Target", "")
        if given.get("TargetMode", "").lower() == "external":
            if kind not in _HARMLESS_OUTSIDE and not part.startswith("xl/externalLinks/"):
                self._found.append(_outside(kind, target))
        elif kind in _OBJECTS:
            self._found.append(fault("office_object", place=short(target)))
        elif kind in _ENCLOSED:
            self._found.append(fault("office_enclosed", place=short(target), level=Level.WARNING))
        if part == "xl/_rels/workbook.xml.rels":
            self._sheet_parts[posixpath.normpath(posixpath.join("/xl", target))[1:]] = given.get("Id", "")

    def _sheet(self, element: str, given: Attributes) -> None:
        if element == "sheet":
            self._sheet_names[given.get("id", "")] = given.get("name", "")

    def _title(self, part: str) -> str:
        return short(self._sheet_names.get(self._sheet_parts.get(part, ""), "") or part)


def _outside(kind: str, target: str) -> Finding:
    # Two slashes are a server, four or more a share, three a disk of one's own; `C:` is a disk, not a scheme.
    remote = _REMOTE.match(unquote(target).strip().lower().replace("\\", "/"))
    shown = short(target)
    if not remote:
        return fault("office_local_link", level=Level.WARNING, target=shown)
    if kind == "attachedTemplate":
        return fault("office_remote_template", target=shown)
    if kind == "image":
        return fault("office_remote_picture", target=shown)
    return fault("office_remote", target=shown)


def _types_in(archive: Archive, entry: zipfile.ZipInfo) -> dict[str, str]:
    """The content type of each part (`/word/document.xml`) and of each suffix (`.xml`), all in small letters."""
    types: dict[str, str] = {}

    def take(element: str, given: Attributes) -> None:
        kind = given.get("ContentType", "").lower()
        if element == "Override":
            types[given.get("PartName", "").lower()] = kind
        elif element == "Default":
            types[f".{given.get('Extension', '').lower()}"] = kind

    scan = Elements(_TYPES, take)
    for piece in archive.pieces(entry):
        scan.feed(piece)
    scan.close()
    return types


def _main_kind(content_type: str) -> Kind | None:
    if "sheet.binary.macroenabled.main" in content_type:
        return Kind.BINARY_EXCEL
    if not content_type.endswith(("main+xml", "main")):
        return None
    return next((kind for mark, kind in _MAIN if mark in content_type), None)
