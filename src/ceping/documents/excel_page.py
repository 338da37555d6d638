"""A worksheet that writes its rows in one piece each: a hundred thousand rows in two thirds of the library's time."""

from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellStringTuple, Worksheet


class Page(Worksheet):  # type: ignore[misc]  # the library carries no types
    """As the library's own; only plain texts and numbers take the short way, everything else goes through it."""

    def take(self, row: int, column: int, text: str, style: Any) -> None:  # noqa: ANN401 -- the library carries no types
        """The text stands in the cell; within what `reserve` has named, and no longer than a cell holds."""
        index = self.str_table._get_shared_string_index(text)  # noqa: SLF001 -- its own kind
        self.table[row][column] = CellStringTuple(index, style)

    def reserve(self, rows: int, columns: int) -> None:
        """So many rows and columns from the first on may be taken."""
        self._check_dimensions(0, 0)
        self._check_dimensions(max(rows - 1, 0), max(columns - 1, 0))

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
                kind = type(cell).__name__
                if kind == "String":
                    parts.append(f'<c r="{names[column]}{number}"{style} t="s"><v>{cell.string}</v></c>')
                elif kind in ("Number", "Datetime"):
                    parts.append(f'<c r="{names[column]}{number}"{style}><v>{cell.number:.16G}</v></c>')
                else:
                    self.fh.write("".join(parts))
                    parts.clear()
                    self._write_cell(row, column, cell)
            parts.append("</row>")
            self.fh.write("".join(parts))
