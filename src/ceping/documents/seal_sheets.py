"""The pages of a report that are sealed, taken out of its PDF: with their numbers and marks they fit back into it."""

import io
import unicodedata

# What leads from the document to pages that are taken out would keep all that stands on them.
_LEADING = ("/StructTreeRoot", "/Outlines", "/Names", "/Dests", "/PageLabels", "/OpenAction", "/MarkInfo")


def seal_sheets(pdf: bytes, promise: str, after: str = "") -> bytes:
    """The cover with its back, and the pages from the one that holds the text `promise` to before that of `after`.

    Nothing of the other pages is left in the file. The same bytes for the same PDF. Raises LookupError when no page
    holds `promise`.
    """
    import pikepdf  # noqa: PLC0415 -- as below

    texts = _texts(pdf)
    first = next((number for number, text in enumerate(texts) if _squeezed(promise) in text), None)
    if first is None:
        raise LookupError(promise)
    ends = (number for number in range(first + 1, len(texts)) if not after or _squeezed(after) in texts[number])
    wanted = {*range(min(2, first)), *range(first, next(ends, len(texts)) if after else len(texts))}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number in reversed(range(len(texts))):
            if number not in wanted:
                del document.pages[number]
        for key in _LEADING:
            if key in document.Root:
                del document.Root[key]
        for page in document.pages:
            if "/StructParents" in page.obj:
                del page.obj["/StructParents"]
        document.remove_unreferenced_resources()
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _texts(pdf: bytes) -> list[str]:
    import pypdfium2 as pdfium  # noqa: PLC0415 -- what makes reports without seals need not load it

    document = pdfium.PdfDocument(pdf)
    try:
        return [_squeezed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
