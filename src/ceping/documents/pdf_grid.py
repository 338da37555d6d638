"""A grid as its template takes it: where each cell stands, which rows stay whole, which one must be measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ceping.documents.fonts.faces import Faces
from ceping.documents.pdf_text import GRID_SIZE, Text, lines_of, lines_taken, points
from ceping.documents.sheet import Cell, Grid, UnevenGrid

# Points: from line to line, and what a cell keeps free at its sides and above and below.
_PITCH, _INSET = 15.5, (4.2, 4.6)
_ALIGN = {"label": "center", "number": "center", "value": "left", "hint": "left"}
# Shares of the page: from here on a row is measured; a heading so high is not repeated; cells over several rows hold
# those together up to here.
_LONG, _HEAD, _TOGETHER = 0.45, 0.4, 0.3


@dataclass(frozen=True, slots=True)
class _Placed:
    cell: Cell
    x: int
    y: int
    width: float
    lines: list[Text]
    height: float


def grid_shape(grid: Grid, faces: Faces, width: int, height: int) -> dict[str, Any]:
    """The grid over `width` millimetres, on pages whose type area is `height` millimetres high."""
    total = sum(grid.widths)
    if grid.rows and (not grid.widths or min(grid.widths) < 1):
        raise UnevenGrid(f"columns without width: {grid.widths}")
    widths = [points(width) * share / total for share in grid.widths]
    page = points(height)
    rows = list(_placed(grid, widths, faces))
    heights = [max([points(grid.row_height), *(one.height for one in row if one.cell.rows == 1)]) for row in rows]
    head = _header(grid, rows)
    above = sum(heights[:head]) * 1.15
    repeat = above <= page * _HEAD
    left = page - above if repeat else page
    long = [high > left * _LONG for high in heights]
    return {
        "caption": lines_of(faces.printable(grid.caption), points(width), GRID_SIZE) if grid.caption else [],
        "size": GRID_SIZE,
        "pitch": _PITCH,
        "inset": _INSET,
        "widths": widths,
        # A little less than there is: what measures a hair more than a page must break.
        "page": left - 2 * _INSET[1] - 2,
        "header": head,
        "repeat": repeat,
        "rows": [
            {
                "y": y,
                "height": points(grid.row_height),
                "long": long[y],
                "cells": [_cell(one, heights, long, left) for one in row],
            }
            for y, row in enumerate(rows)
        ],
    }


def _cell(one: _Placed, heights: Sequence[float], long: Sequence[bool], page: float) -> dict[str, Any]:
    under = slice(one.y, one.y + one.cell.rows)
    return {
        "x": one.x,
        "y": one.y,
        "columns": one.cell.columns,
        "rows": one.cell.rows,
        "align": one.cell.align or _ALIGN[one.cell.role],
        "label": one.cell.role == "label",
        "whole": sum(heights[under]) <= page * _TOGETHER and not any(long[under]),
        "width": one.width,
        "lines": one.lines,
    }


def _placed(grid: Grid, widths: Sequence[float], faces: Faces) -> Iterator[list[_Placed]]:
    """Each row's own cells with the column they begin in, past those that reach down from above."""
    free = [0] * len(widths)
    for y, row in enumerate(grid.rows):
        placed, x = [], 0
        for cell in row:
            while x < len(free) and free[x] > y:
                x += 1
            end = x + cell.columns
            if cell.columns < 1 or cell.rows < 1 or end > len(free) or any(one > y for one in free[x:end]):
                raise UnevenGrid(f"row {y + 1} has no room for {cell.text!r}")
            if y + cell.rows > len(grid.rows):
                raise UnevenGrid(f"{cell.text!r} in row {y + 1} reaches below the last row")
            free[x:end] = [y + cell.rows] * cell.columns
            inner = sum(widths[x:end]) - 2 * _INSET[0]
            lines = lines_of(faces.printable(cell.text), inner, GRID_SIZE)
            high = lines_taken(lines, inner, GRID_SIZE) * _PITCH + 2 * _INSET[1]
            placed.append(_Placed(cell, x, y, inner, lines, high))
            x = end
        if any(one <= y for one in free):
            raise UnevenGrid(f"row {y + 1} leaves columns empty")
        yield placed


def _header(grid: Grid, rows: Sequence[Sequence[_Placed]]) -> int:
    """The rows to repeat: those asked for, and what cells among them reach down into."""
    head = min(grid.header, len(rows))
    while (deepest := max((one.y + one.cell.rows for row in rows[:head] for one in row), default=0)) > head:
        head = deepest
    return head
