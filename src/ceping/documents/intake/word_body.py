"""A Word package into its flow: text boxes, content controls, fields and symbols told as the text people see."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from ceping.documents.intake.word_field import PAGE_FIELDS, Fields, answer_of
from ceping.documents.intake.word_flow import Block, Box, Change, Comment, Flow, Grid, Line, Span, lines_in
from ceping.documents.intake.word_number import Numbering
from ceping.documents.intake.word_style import EMPTY, TICKED, Styles, font_of, signs
from ceping.documents.intake.word_xml import MARKUP, W14, Package, W, value

_ADDED = {W + "ins": "inserted", W + "moveTo": "moved"}
_GONE = {W + "del": "deleted", W + "moveFrom": "moved"}
_REFORMED = {W + f"{name}PrChange" for name in ("r", "p", "tbl", "tr", "tc", "sect", "tblEx")}
_CELLS = {W + "cellIns": "inserted", W + "cellDel": "deleted", W + "cellMerge": "moved"}
_AROUND = {W + name for name in ("hyperlink", "smartTag", "fldSimple", "bdo", "dir", "customXml", "sdtContent")}
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_SHOWN_TEXT = 60


def flow_of(content: bytes) -> Flow:
    """Everything the file says, in reading order. Raises `Refused` when the bytes are no Word file."""
    package = Package(content)
    root = package.tree(package.main)
    styles = Styles(next(package.trees("styles"), None))
    body = _Body(styles, Numbering(next(package.trees("numbering"), None), styles))
    found = None if root is None else root.find(W + "body")
    blocks = [] if found is None else list(body.blocks(found))
    outside = _Body(styles, Numbering(None, styles), fields=body.fields)
    lines: list[Line] = []
    for part in package.trees("header", "footer", "footnotes", "endnotes"):
        for note in (part, *part):
            # Separators between text and notes are no text; a header holds its paragraphs itself.
            if note.get(W + "type", "normal") == "normal":
                lines += lines_in(list(outside.blocks(note)))
    texts = [(one, _plain(one)) for part in package.trees("comments") for one in part.iter(W + "comment")]
    return Flow(
        blocks=tuple(blocks),
        changes=tuple(_merged([*body.changes, *outside.changes])),
        comments=tuple(
            Comment(
                one.get(W + "author", ""),
                one.get(W + "date", "")[:10],
                text,
                body.anchors.get(one.get(W + "id", ""), ""),
            )
            for one, text in texts
        ),
        hidden=tuple(text for text in (*body.hidden, *outside.hidden) if text.strip()),
        outside=tuple(line for line in lines if not line.blank),
        nested=tuple(body.nested),
        pictures=body.pictures,
        reformatted=body.reformatted + outside.reformatted,
    )


@dataclass(slots=True)
class _Paragraph:
    """What a paragraph is being read into; text boxes hung on it follow it as blocks of their own."""

    style: str
    spans: list[Span] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Body:
    def __init__(self, styles: Styles, numbering: Numbering, fields: Fields | None = None) -> None:
        self.styles, self.numbering = styles, numbering
        self.fields = fields or Fields()
        self.changes: list[Change] = []
        self.anchors: dict[str, str] = {}
        self.hidden: list[str] = []
        self.nested: list[str] = []
        self.pictures = 0
        self.reformatted = 0

    def blocks(self, parent: Element, *, contents: bool = False) -> Iterator[Block]:
        """The blocks of a body, a cell, a text box or a content control; a table of one cell is only a frame."""
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child, contents=contents)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag in _ADDED or child.tag in _GONE:
                self._changed(child)
                if child.tag in _ADDED:
                    yield from self.blocks(child, contents=contents)
            elif child.tag == W + "sdt":
                listed = child.find(f"{W}sdtPr/{W}docPartObj") is not None
                inner = child.find(W + "sdtContent")
                if inner is not None and child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    yield from self.blocks(inner, contents=contents or listed)
            elif child.tag == MARKUP + "AlternateContent":
                yield from self.blocks(_branch(child), contents=contents)
            elif child.tag == W + "customXml":
                yield from self.blocks(child, contents=contents)

    def _paragraph(self, element: Element, *, contents: bool) -> Iterator[Block]:
        properties = element.find(W + "pPr")
        style = value(properties, "pStyle")
        into = _Paragraph(style)
        number = self.numbering.next(properties, style)
        listed = contents or self.fields.contents or self.styles.is_contents(style)
        if properties is not None:
            self._mark_changes(properties)
        for child in element:
            self._inline(child, into)
        listed = listed or self.fields.contents
        said = "".join(span.text for span in into.spans).strip()
        for note in into.notes:
            self.anchors[note] = said[:_SHOWN_TEXT]
        for place, spans in enumerate(_broken(into.spans)):
            yield Line(spans, number if spans and not place else "", contents=listed)
        yield from into.boxes

    def _inline(self, element: Element, into: _Paragraph) -> None:
        tag = element.tag
        if tag == W + "r":
            self._run(element, into)
        elif tag in _GONE:
            self._changed(element)
        elif tag in _ADDED or tag in _AROUND:
            if tag in _ADDED:
                self._changed(element)
            field_name = element.get(W + "instr", "").strip().upper()
            if tag != W + "fldSimple" or not field_name.startswith(PAGE_FIELDS):
                for child in element:
                    self._inline(child, into)
        elif tag == W + "sdt":
            self._control(element, into)
        elif tag == MARKUP + "AlternateContent":
            for child in _branch(element):
                self._inline(child, into)
        elif tag.endswith(("}oMath", "}oMathPara")):
            into.spans.append(Span("".join(one.text or "" for one in element.iter(_MATH))))

    def _control(self, element: Element, into: _Paragraph) -> None:
        properties, inner = element.find(W + "sdtPr"), element.find(W + "sdtContent")
        box = None if properties is None else properties.find(W14 + "checkbox")
        if box is not None:
            checked = box.find(W14 + "checked")
            ticked = checked is not None and checked.get(W14 + "val", "1") not in ("0", "false")
            into.spans.append(Span(TICKED if ticked else EMPTY))
        elif inner is not None and (properties is None or properties.find(W + "showingPlcHdr") is None):
            for child in inner:
                self._inline(child, into)

    def _run(self, element: Element, into: _Paragraph) -> None:
        properties = element.find(W + "rPr")
        if properties is not None:
            self.reformatted += sum(child.tag in _REFORMED for child in properties)
        text = "".join(self._texts(element, properties, into))
        if not text:
            return
        if self.styles.flag("vanish", properties, into.style):
            self.hidden.append(text)
            return
        struck = any(self.styles.flag(name, properties, into.style) for name in ("strike", "dstrike"))
        into.spans.append(Span(text, self.styles.flag("u", properties, into.style), struck))

    def _texts(self, run: Element, properties: Element | None, into: _Paragraph) -> Iterator[str]:
        for child in run:
            name = child.tag.rpartition("}")[2]
            if name == "fldChar":
                self.fields.step(child.get(W + "fldCharType", ""))
                yield answer_of(child)
            elif name == "instrText":
                self.fields.instruct(child.text or "")
            elif name == "commentReference":
                into.notes.append(child.get(W + "id", ""))
            elif name == "AlternateContent":
                yield from self._texts(_branch(child), properties, into)
            elif name in ("drawing", "pict", "object"):
                self._drawing(child, into)
            elif self.fields.silent:
                continue
            elif name == "t":
                yield signs(child.text or "", font_of(properties))
            elif name == "sym":
                yield signs(_char(child.get(W + "char", "")), child.get(W + "font", ""))
            elif name in ("tab", "ptab"):
                yield "\t"
            elif name == "cr" or (name == "br" and child.get(W + "type", "textWrapping") == "textWrapping"):
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "ruby":
                yield "".join(one.text or "" for one in child.findall(f"{W}rubyBase/{W}r/{W}t"))

    def _drawing(self, element: Element, into: _Paragraph) -> None:
        for box in _text_boxes(element):
            into.boxes += self.blocks(box)
        self.pictures += sum(1 for one in element.iter() if one.tag in _PICTURES)

    def _table(self, element: Element) -> Iterator[Block]:
        rows = list(_under(element, W + "tr"))
        if len(rows) == 1 and len(cells := list(_under(rows[0], W + "tc"))) == 1:
            yield from self.blocks(cells[0])
            return
        yield self._grid(rows)

    def _grid(self, rows: list[Element]) -> Grid:
        above: dict[int, Box] = {}
        grid: list[tuple[Box, ...]] = []
        for row in rows:
            properties = row.find(W + "trPr")
            self._mark_changes(properties)
            left = _count(value(properties, "gridBefore"), 0)
            boxes: list[Box] = []
            for cell in _under(row, W + "tc"):
                settings = cell.find(W + "tcPr")
                self._mark_changes(settings)
                right = left + _count(value(settings, "gridSpan"), 1)
                merge = None if settings is None else settings.find(W + "vMerge")
                origin = (
                    above.get(left) if merge is not None and merge.get(W + "val", "continue") != "restart" else None
                )
                box = Box(tuple(self._cell(cell)), left, right, origin)
                above[left] = origin or box
                boxes.append(box)
                left = right
            grid.append(tuple(boxes))
        return Grid(tuple(grid))

    def _cell(self, cell: Element) -> Iterator[Line]:
        for block in self.blocks(cell):
            if isinstance(block, Line):
                yield block
                continue
            for row in block.rows:
                told = "　".join(box.text.strip() for box in row if box.origin is None and not box.blank)
                self.nested.append(told)
                yield Line((Span(told),))

    def _mark_changes(self, properties: Element | None) -> None:
        for one in () if properties is None else properties.iter():
            if one.tag in _REFORMED or one.tag == W + "numberingChange":
                self.reformatted += 1
            elif one.tag in _ADDED or one.tag in _GONE or one.tag in _CELLS:
                self._changed(one)

    def _changed(self, element: Element) -> None:
        kind = {**_ADDED, **_GONE, **_CELLS}[element.tag]
        text = "".join(one.text or "" for one in element.iter() if one.tag in (W + "t", W + "delText"))
        self.changes.append(Change(kind, element.get(W + "author", ""), element.get(W + "date", "")[:10], text))


def _under(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins"):
            yield from _under(child, tag)


def _text_boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag == MARKUP + "AlternateContent":
            yield from _text_boxes(_branch(child))
        else:
            yield from _text_boxes(child)


def _branch(alternates: Element) -> Element:
    """The one branch of alternate content that is read: both say the same, in the words of two generations of Word."""
    branches = list(alternates)
    with_text = [one for one in branches if next(one.iter(W + "txbxContent"), None) is not None]
    return next(iter(with_text or branches), alternates)


def _broken(spans: list[Span]) -> Iterator[tuple[Span, ...]]:
    """The spans line by line: a line broken inside a paragraph is a line like any other."""
    line: list[Span] = []
    for span in spans:
        first, *others = span.text.split("\n")
        line.append(replace(span, text=first))
        for text in others:
            yield tuple(one for one in line if one.text)
            line = [replace(span, text=text)]
    yield tuple(one for one in line if one.text)


def _merged(changes: list[Change]) -> Iterator[Change]:
    """Neighbouring changes of one person and kind as one, since Word cuts them at every run."""
    last: Change | None = None
    for one in changes:
        if last is not None and (last.kind, last.author, last.on) == (one.kind, one.author, one.on):
            last = Change(one.kind, one.author, one.on, last.text + one.text)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _plain(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter(W + "t"))


def _char(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _count(text: str, least: int) -> int:
    return max(int(text), least) if text.isascii() and text.isdigit() and len(text) < 4 else least
