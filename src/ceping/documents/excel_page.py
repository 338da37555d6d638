"""A worksheet that writes its rows in one piece each: a hundred thousand rows in half of the library's time.

Texts stand in their cells and not in a table of the workbook: the library would take one that begins with <r> and ends
with </r> for markup, and write it as such.
"""

import re
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

# What would be read as an escaped character is escaped itself (ECMA-376 part 1, 22.9.2.19).
_ESCAPED = re.compile(r"(_x[0-9a-fA-F]{4}_)")


class Text(NamedTuple):
    """A cell that is a text."""

    text: str
    format: Any


class Page(Worksheet):  # type: ignore[misc]  # the library carries no types
    """As the library's own; only texts and numbers take the short way, everything else goes through it."""

    def take(self, row: int, column: int, text: str, style: Any) -> None:  # noqa: ANN401 -- the library carries no types
        """The text stands in the cell; within what `reserve` has named, no longer than a cell holds and storable."""
        self.table[row][column] = Text(text, style)

    def reserve(self, rows: int, columns: int) -> None:
        """So many rows and columns from the first on may be taken."""
        self._check_dimensions(0, 0)
        self._check_dimensions(max(rows - 1, 0), max(columns - 1, 0))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:  # noqa: ANN401 -- as above
        if isinstance(cell, Text):
            style = "" if cell.format is None else f' s="{cell.format._get_xf_index()}"'  # noqa: SLF001 -- its own kind
            self.fh.write(f'<c r="{xl_col_to_name(col)}{row + 1}"{style} t="inlineStr">{inline(cell.text)}</c>')
        else:
            super()._write_cell(row, col, cell)

    def _write_rows(self) -> None:
        if self.row_info or self.comments:
            super()._write_rows()
            return
        names = [xl_col_to_name(column) for column in range((self.dim_colmax or 0) + 1)]
        styles: dict[Any, str] = {None: ""}
        for row in sorted(self.table):
            number = row + 1
            parts = [f'<row r="{number}">']
            for column, cell in sorted(self.table[row].items()):
                style = styles.get(cell.format)
                if style is None:
                    style = styles[cell.format] = f' s="{cell.format._get_xf_index()}"'  # noqa: SLF001 -- its own kind
                if type(cell) is Text:
                    parts.append(f'<c r="{names[column]}{number}"{style} t="inlineStr">{inline(cell.text)}</c>')
                elif type(cell).__name__ in ("Number", "Datetime"):
                    parts.append(f'<c r="{names[column]}{number}"{style}><v>{cell.number:.16G}</v></c>')
                else:
                    self.fh.write("".join(parts))
                    parts.clear()
                    self._write_cell(row, column, cell)
            parts.append("</row>")
            self.fh.write("".join(parts))


def inline(text: str) -> str:
    """The text as the content of a cell, whatever it looks like."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "_x" in plain:
        plain = _ESCAPED.sub(r"_x005F\1", plain)
    if "\r" in plain:
        plain = plain.replace("\r", "_x000D_")
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<is><t{space}>{plain}</t></is>"
