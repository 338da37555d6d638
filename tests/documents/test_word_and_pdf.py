"""The Word file and the PDF of one document say the same, text by text, in the same order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import shipped_folders
from ceping.documents.forms.report import State, report_form
from ceping.documents.pdf import to_pdf
from ceping.documents.sheet import Cell, Document, Grid
from ceping.documents.word import to_word
from tests.factories.report_document import report_document
from tests.factories.word import texts_of

# Points that the header and the page number keep at top and bottom of the sheet.
TOP, BOTTOM = 32 * 72 / 25.4 - 4, 30 * 72 / 25.4 - 4


def squeezed(text: str) -> str:
    # Blanks, and hyphens at the end of a line, are the reader's guess in a PDF.
    return re.sub(r"[\s\u0002\ufffe\u200b-]+", "", text)


def in_the_pdf(document: Document) -> str:
    """What stands between header and footer of its pages, without blanks and without the watermark behind the text."""
    pdf = pypdfium2.PdfDocument(to_pdf(document))
    texts = []
    for page in pdf:
        width, height = page.get_size()
        reader = page.get_textpage()
        texts.append(squeezed(reader.get_text_bounded(0, BOTTOM, width, height - TOP)).removeprefix(document.watermark))
        reader.close()
        page.close()
    pdf.close()
    return "".join(texts)


def in_the_word_file(document: Document) -> str:
    return squeezed("".join(texts_of(to_word(document))))


def without_headings(document: Document, text: str) -> str:
    """The text without what a table repeats on every page it reaches: its first rows."""
    for block in document.blocks:
        if isinstance(block, Grid) and block.header:
            text = text.replace(squeezed("".join(cell.text for row in block.rows[: block.header] for cell in row)), "")
    return text


def unspanned(document: Document) -> Document:
    """The document with every cell on its first row alone: a PDF draws one over several rows after the last of them."""
    blocks = (replace(one, rows=tuple(rows_of(one))) if isinstance(one, Grid) else one for one in document.blocks)
    return replace(document, blocks=tuple(blocks))


def rows_of(grid: Grid) -> Iterator[tuple[Cell, ...]]:
    below: dict[int, int] = {}
    for row in grid.rows:
        waiting, cells, column = list(row), [], 0
        while column < len(grid.widths):
            if below.get(column, 0):
                below[column] -= 1
                cells.append(Cell(""))
                column += 1
                continue
            cell = waiting.pop(0)
            below |= dict.fromkeys(range(column, column + cell.columns), cell.rows - 1)
            cells.append(replace(cell, rows=1))
            column += cell.columns
        yield tuple(cells)


def assert_alike(document: Document) -> None:
    document = unspanned(document)
    word, pdf = (without_headings(document, text(document)) for text in (in_the_word_file, in_the_pdf))
    # Compared in pieces, so that a difference is shown where it is.
    assert [pdf[place : place + 40] for place in range(0, len(pdf), 40)] == [
        word[place : place + 40] for place in range(0, len(word), 40)
    ]


@pytest.mark.parametrize("name", sorted(shipped_folders()))
def test_an_empty_form_is_the_same_in_both(name: str) -> None:
    scheme, _ = load(name)
    assert scheme is not None
    assert_alike(report_form(scheme, None, state="empty", dated=date(2022, 1, 15)))


@pytest.mark.parametrize("state", ["draft", "final"])
def test_a_report_is_the_same_in_both(state: State) -> None:
    assert_alike(report_document(state, client_count=120))


def test_a_difference_would_be_seen() -> None:
    here, there = (report_document("final", answers={"address": address}) for address in ("甲路1号", "乙路1号"))
    assert without_headings(here, in_the_pdf(here)) != without_headings(there, in_the_word_file(there))
    assert in_the_pdf(here).count("企业名称联系人手机") > 1


def test_a_cell_over_several_rows_is_in_both() -> None:
    document = report_document("final")
    assert any(
        cell.rows > 1 for block in document.blocks if isinstance(block, Grid) for row in block.rows for cell in row
    )
    assert sorted(in_the_pdf(document)) == sorted(in_the_pdf(unspanned(document)))
    assert sorted(in_the_word_file(document)) == sorted(in_the_word_file(unspanned(document)))
