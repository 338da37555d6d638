"""A Word file as a reader takes it in: every text in order, merged cells once."""

import io
from collections.abc import Iterator

import docx
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def texts_of(data: bytes) -> list[str]:
    """The texts of paragraphs and cells that are not blank, in the order of reading."""
    return [text for text in _texts(opened(data)) if text.strip()]


def _texts(document: docx.document.Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        else:
            for row in cells_of(block):
                yield from (cell.text for cell in row)


def cells_of(table: Table) -> Iterator[list[_Cell]]:
    """The cells of each row that begin in it; what continues a cell above is left out."""
    for row in table.rows:
        yield [_Cell(tc, table) for tc in row._tr.tc_lst if tc.vMerge != "continue"]
