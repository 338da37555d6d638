"""The marked-up copy of a workbook, made in the child process: openpyxl parses the file as it came."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ceping.documents.intake.markup_sheet import Mark, cleared, mark, packed, put


def copy(
    path: Path,
    *,
    out: str,
    sheet: str,
    marks: Sequence[dict[str, Any]],
    first_column: int,
    notice: Sequence[str],
    formulas: bool,
) -> int:
    """The copy stands at `out`; answers its bytes. Formulas stand as their values: a copy runs nothing.

    With `formulas` one without a value stands as its own text.
    """
    # It warns of what it leaves out of the copy: drawings, slicers, extensions.
    warnings.simplefilter("ignore")
    found = [Mark(**one) for one in marks]
    book = load_workbook(path, data_only=True)
    page = book[sheet]
    cleared(book)
    if formulas:
        _show_formulas(path, book)
    mark(book, page, found, first_column=first_column, notice=notice)
    done = packed(book)
    Path(out).write_bytes(done)
    return len(done)


def _show_formulas(path: Path, book: Any) -> None:  # noqa: ANN401 -- a workbook
    formulas = load_workbook(path, data_only=False)
    for page in book.worksheets:
        for row in formulas[page.title].iter_rows():
            for cell in row:
                if cell.data_type == "f" and page.cell(cell.row, cell.column).value is None:
                    put(page.cell(cell.row, cell.column), str(getattr(cell.value, "text", cell.value)))
