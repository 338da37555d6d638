"""The parts of a Word package as XML trees: found by their relations, bounded in size, without any DOCTYPE."""

import posixpath
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from ceping.documents.refusal import Refused

MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
# Word's strict form of the same file names its parts otherwise.
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_LARGEST_PART = 48 * 1024 * 1024
_DEEPEST = 400
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Package:
    """The parts of one Word file. Raises `Refused` with the code of a finding when the bytes are no such file."""

    def __init__(self, content: bytes) -> None:
        _check_kind(content)
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
            self._names = {name.casefold().lstrip("/"): name for name in self._archive.namelist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("file_broken") from error
        documents = [path for kind, path in self.related("") if kind == "officeDocument"]
        if len(documents) != 1 or documents[0].casefold() not in self._names:
            raise Refused("file_unknown")
        self.main = documents[0]

    def tree(self, path: str) -> Element | None:
        """The part as a tree; None when the package has no such part."""
        name = self._names.get(path.casefold())
        if name is None:
            return None
        parser = XMLParser(target=_Builder(path))  # noqa: S314 -- the builder refuses every DOCTYPE, so no entities
        try:
            with self._archive.open(name) as stream:
                size = 0
                while chunk := stream.read(1 << 16):
                    size += len(chunk)
                    if size > _LARGEST_PART:
                        raise Refused("office_part_large", {"part": path, "most": f"{_LARGEST_PART >> 20} MB"})
                    parser.feed(chunk)
            root: Element = parser.close()
        except (ParseError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Refused("office_part_broken", {"part": path}) from error
        return root

    def related(self, path: str) -> Iterator[tuple[str, str]]:
        """The parts a part refers to inside the package, each with the last word of its relation's kind."""
        folder, name = posixpath.split(path)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in () if root is None else root.iter(_RELATION):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External" and target:
                joined = target if target.startswith("/") else posixpath.join(folder, target)
                yield relation.get("Type", "").rpartition("/")[2], posixpath.normpath(joined).lstrip("/")

    def trees(self, *kinds: str) -> Iterator[Element]:
        """The parts of these kinds that the main document refers to, each once, in order of their names."""
        paths = {path for kind, path in self.related(self.main) if kind in kinds}
        for path in sorted(paths):
            root = self.tree(path)
            if root is not None:
                yield root


class _Builder(TreeBuilder):
    """Builds a tree of bounded depth; strict names become the usual ones."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused("file_too_deep")
        if tag.startswith(_STRICT):
            tag = W + tag.removeprefix(_STRICT)
        if any(name.startswith(_STRICT) for name in attrs):
            attrs = {name.replace(_STRICT, W): value for name, value in attrs.items()}
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(W + tag.removeprefix(_STRICT) if tag.startswith(_STRICT) else tag)

    def doctype(self, *_: object) -> None:
        raise Refused("office_doctype", {"part": self._part})


def on(element: Element | None, name: str) -> bool:
    """Whether a property such as `w:vanish` is there and not switched off."""
    found = None if element is None else element.find(W + name)
    return found is not None and found.get(W + "val", "true") not in ("0", "false", "off", "none")


def value(element: Element | None, *path: str) -> str:
    """The `w:val` at the end of the path of properties; empty when there is none."""
    for name in path:
        element = None if element is None else element.find(W + name)
    return "" if element is None else element.get(W + "val", "")


def _check_kind(content: bytes) -> None:
    if content.startswith(_OLD_OFFICE):
        # A package under a password is a box of the old kind with one stream of this name.
        raise Refused("file_password" if _ENCRYPTED in content[: 1 << 16] else "file_old_word")
    if content.startswith(b"%PDF-"):
        raise Refused("word_is_pdf")
    if content.lstrip()[:5] in (b"{\\rtf", b"<?xml", b"<html", b"<HTML", b"<!DOC"):
        raise Refused("word_is_text")
    if not content.startswith(b"PK"):
        raise Refused("file_unknown")
