"""Workbooks as people send them: any rows, and whatever else a test does to the sheet."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

CLIENT_HEADER = ("企业名称", "联系人", "手机", "参与的服务（活动）")


def client_row(number: int) -> list[str]:
    return [f"上海第{number}号科技有限公司", f"联系人{number}", f"138{number:08d}", "政策宣讲会"]


def workbook(
    path: Path,
    rows: Sequence[Sequence[Any]],
    change: Callable[[Workbook, Any], None] | None = None,
    title: str = "名单",
) -> Path:
    """A file of one sheet with these rows; texts that begin with = stay texts, `change` does the rest."""
    book = Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append([None if value == "" else value for value in row])
        for cell in page[page.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    if change is not None:
        change(book, page)
    book.save(path)
    return path
