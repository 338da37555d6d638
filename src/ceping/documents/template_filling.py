"""Fills one template, inside a child with limits: the tags are checked one by one before the library sees them."""

import base64
import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from ceping.documents.template_tag import Tag, faults_in, tags_in
from ceping.documents.word_archive import undated

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SHOWN = 40
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
Fault = tuple[str, str, dict[str, str]]


def fill(path: Path, *, known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """`{"faults": [[code, place, values]], "docx": base64}`: faults and no file, or a file and no faults.

    `known` has `names` and `tables` (columns by table), `told` their texts; both as JSON holds them.
    """
    template = DocxTemplate(str(path))
    template.render_init()
    tags, faults = _checked(template, known)
    if not faults and not tags:
        faults = [("template_without_names", "", {})]
    if faults:
        return {"faults": faults, "docx": ""}
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        template.render({**told["names"], **told["tables"]}, environment)
    except (TemplateError, SyntaxError):  # the second is what a parser of XML raises
        return {"faults": [("template_broken", "", {})], "docx": ""}
    filled = io.BytesIO()
    template.save(filled)
    return {"faults": [], "docx": base64.b64encode(undated(filled.getvalue())).decode()}


def _checked(template: DocxTemplate, known: Mapping[str, Any]) -> tuple[list[Tag], list[Fault]]:
    """Every tag of the template, and every fault of its tags."""
    tags: list[Tag] = []
    faults: list[Fault] = []
    for part in _parts(template):
        seen = [
            tag for paragraph in part.iter(f"{_W}p") for tag in tags_in(_text_of(paragraph), place=_shown(paragraph))
        ]
        tags += seen
        wrong = list(faults_in(seen, known["names"], known["tables"]))
        faults += wrong
        if not wrong:
            faults += _misplaced(template, part, seen)
    about = template.get_docx().core_properties
    for name in _PROPERTIES:
        for tag in tags_in(getattr(about, name) or "", place=""):
            faults.append(("template_tag_misplaced", "", {"given": tag.text}))
    return tags, faults


def _misplaced(template: DocxTemplate, part: Any, seen: list[Tag]) -> list[Fault]:  # noqa: ANN401 -- untyped elements
    """Tags the library would see elsewhere than a reader does, or would drop with the row they stand in."""
    patched = template.patch_xml(template.xml_to_string(part))
    left = Counter(tag.meaning for tag in seen)
    left.subtract(tag.meaning for tag in tags_in(patched, place=""))
    shown = {tag.meaning: tag for tag in reversed(seen)}
    return [
        ("template_tag_misplaced", shown[meaning].place if meaning in shown else "", {"given": _as_written(meaning)})
        for meaning, count in left.items()
        if count
    ]


def _as_written(meaning: tuple[str, ...]) -> str:
    return " ".join(part for part in meaning if part)[:_SHOWN]


def _parts(template: DocxTemplate) -> list[Any]:
    """The elements that the library fills: body, headers, footers, footnotes."""
    from docx.oxml import parse_xml  # noqa: PLC0415 -- only here

    document = template.get_docx()
    parts = [document._element.body]  # noqa: SLF001 -- the library itself goes this way
    for uri in (DocxTemplate.HEADER_URI, DocxTemplate.FOOTER_URI):
        parts += [parse_xml(part.blob) for _, part in template.get_headers_footers(uri)]
    package = document.part.package
    parts += [parse_xml(part.blob) for part in package.parts if part.content_type == _NOTES] if package else []
    return parts


def _text_of(paragraph: Any) -> str:  # noqa: ANN401 -- untyped elements
    """The text of a paragraph without that of a text box that hangs on it."""
    own = (one for one in paragraph.iter(f"{_W}t") if next(one.iterancestors(f"{_W}p")) is paragraph)
    return "".join(one.text or "" for one in own)


def _shown(paragraph: Any) -> str:  # noqa: ANN401 -- untyped elements
    text = " ".join(_text_of(paragraph).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
