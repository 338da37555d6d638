"""The reference pages say what the code says: the columns of a season folder and their Chinese headers."""

import re
from pathlib import Path

import pytest

from ceping.folder.columns import FILES, File

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/season-folder.md"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_page_lists_every_column_with_its_chinese_headers(file: File) -> None:
    """One row a column, in the order of the code: name, Chinese headers, the words a choice knows, whether needed."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n### `{file.name}`\n")[2].partition("\n#")[0]
    rows = [
        tuple(cell.strip() for cell in row.split("|")[1:-1]) for row in re.findall(r"^\| `.*$", section, re.MULTILINE)
    ]
    assert rows == [
        (
            f"`{column.name}`",
            "、".join(column.chinese),
            ", ".join(f"`{word}` {chinese}" for word, chinese in (column.words or {}).items()),
            "may be empty" if column.gap else "needed" if column.filled else "",
        )
        for column in file.columns
    ]
