"""The few elements of WordprocessingML that everything is written with: paragraphs, runs, lengths, safe text."""

import re
from xml.sax.saxutils import escape, quoteattr

PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PIECES = re.compile("([\n\t])")
_MARKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}
_TWIPS_OF_TEN_INCHES, _MM_OF_TEN_INCHES = 14400, 254
# A lone paragraph of no height: two tables are apart with it, and a table never ends a page, a cell or a file.
GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'


def twips(millimetres: int) -> int:
    """A length in twentieths of a point, the unit of the format."""
    return millimetres * _TWIPS_OF_TEN_INCHES // _MM_OF_TEN_INCHES


def text_run(text: str) -> str:
    """A run of the text; characters the format forbids become a replacement character, never markup."""
    clean = _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    pieces = (
        _MARKS.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in _PIECES.split(clean)
        if piece
    )
    told = "".join(pieces)
    return f"<w:r>{told}</w:r>" if told else ""


def attribute(text: str) -> str:
    """The text as a quoted attribute."""
    return quoteattr(_ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph in a named style; `properties` are what it has beside the style, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def field(instruction: str, shown: str) -> str:
    """A field that the reader's program works out, PAGE or NUMPAGES; `shown` until then."""
    kinds = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{escape(shown)}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{kind}</w:r>" for kind in kinds)
