"""A grid as a Word table of fixed widths: cells merged over columns and rows, headings repeated, rows kept whole."""

from collections.abc import Iterator, Sequence

from ceping.documents.sheet import Align, Cell, CellRole, Grid, UnevenGrid
from ceping.documents.width import room
from ceping.documents.word_markup import paragraph, text_run, twips
from ceping.documents.word_page import Page

_STYLES: dict[CellRole, str] = {
    "label": "CellLabel",
    "value": "CellValue",
    "hint": "CellValue",
    "number": "CellValue",
}
_OWN_ALIGN = {"CellLabel": "center", "CellValue": "left"}
_ALIGN: dict[CellRole, Align] = {"label": "center", "value": "left", "hint": "left", "number": "center"}
_PADDING = 85
# Said again beside the style, as the borders are: some programs draw a table by its own properties alone.
_MARGINS = (
    f'<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="{_PADDING}" w:type="dxa"/>'
    f'<w:bottom w:w="28" w:type="dxa"/><w:right w:w="{_PADDING}" w:type="dxa"/></w:tblCellMar>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
# A half letter of 小四 and a line of a cell, in twentieths of a point.
_HALF, _LINE = 120, 340


def grid_xml(grid: Grid, page: Page) -> str:
    """The table over the whole width of the text; nothing for a grid without rows, which the format does not know.

    Raises `UnevenGrid`.
    """
    if not grid.rows:
        return ""
    widths = _widths(grid.widths, twips(page.text))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_rows(grid, widths, twips(page.tall)))
    properties = (
        f'<w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}<w:tblLook w:val="0000"/>'
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _widths(parts: Sequence[int], whole: int) -> list[int]:
    widths = [part * whole // sum(parts) for part in parts]
    widths[-1] += whole - sum(widths)
    return widths


def _rows(grid: Grid, widths: Sequence[int], tall: int) -> Iterator[str]:
    # By column: how many rows below still belong to the cell above, and how many columns that cell covers.
    down: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(grid.rows):
        cells, column, waiting, high = [], 0, list(row), 0
        while column < len(widths):
            left, covered = down.get(column, (0, 1))
            if left:
                cells.append(_cell(Cell(""), widths[column : column + covered], covered, "<w:vMerge/>"))
                down[column] = (left - 1, covered)
                column += covered
                continue
            cell = waiting.pop(0) if waiting else Cell("", columns=0)
            reached = range(column, column + cell.columns)
            if not cell.columns or reached.stop > len(widths) or any(down.get(one, (0, 1))[0] for one in reached):
                raise UnevenGrid(f"row {number + 1} has no room for {cell.text!r}")
            span = widths[column : column + cell.columns]
            merged = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            cells.append(_cell(cell, span, cell.columns, merged))
            down[column] = (cell.rows - 1, cell.columns)
            high = max(high, _height(cell, sum(span)))
            column += cell.columns
        if waiting:
            raise UnevenGrid(f"row {number + 1} has no room for {waiting[0].text!r}")
        yield f"<w:tr><w:trPr>{_properties(grid, number, whole=high < tall)}</w:trPr>{''.join(cells)}</w:tr>"


def _properties(grid: Grid, number: int, *, whole: bool) -> str:
    kept = "<w:cantSplit/>" if whole else ""
    repeated = "<w:tblHeader/>" if number < grid.header else ""
    return f'{kept}<w:trHeight w:val="{twips(grid.row_height)}" w:hRule="atLeast"/>{repeated}'


def _cell(cell: Cell, widths: Sequence[int], columns: int, merged: str) -> str:
    spans = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    style = _STYLES[cell.role]
    side = cell.align or _ALIGN[cell.role]
    align = f'<w:jc w:val="{side}"/>' if side != _OWN_ALIGN[style] else ""
    lines = "".join(paragraph(style, text_run(line), align) for line in cell.text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{spans}{merged}<w:vAlign w:val="center"/></w:tcPr>'
        f"{lines}</w:tc>"
    )


def _height(cell: Cell, width: int) -> int:
    """About how high the text of a cell stands, in twentieths of a point."""
    across = max((width - 2 * _PADDING) // _HALF, 1)
    return sum(max(-(-room(line) // across), 1) for line in cell.text.split("\n")) * _LINE
