"""Rows in columns for a terminal, where a Chinese character takes the room of two."""

from collections.abc import Sequence
from unicodedata import east_asian_width


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line for each row, every column as wide as its widest cell."""
    widths = [max(_room(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [
        "  ".join(cell + " " * (width - _room(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _room(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
