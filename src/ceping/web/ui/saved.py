"""Tables to be saved: as a workbook or as CSV, with every cell a text to whatever opens it."""

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django.http import HttpResponse

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet would read what begins like this as a formula, in full width too, and after what it leaves out itself.
_RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LEFT_OUT = "\t\r\n \u3000\xa0\ufeff\u200b"


def saved_as(data: bytes, name: str) -> HttpResponse:
    """A file to be saved under its Chinese name, kept nowhere between."""
    answer = HttpResponse(data, content_type=_KINDS[name.rpartition(".")[2]])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as CSV UTF-8 that every spreadsheet opens; no cell is ever computed."""
    text = io.StringIO()
    # Everything in quotes: where a spreadsheet parts cells by another sign, none begins in the middle of a text.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(heads)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """The text without NUL, marked as such where a spreadsheet would compute it."""
    text = text.replace("\0", "")
    began = text.lstrip(_LEFT_OUT)
    return f"'{text}" if began.startswith(_RISKY) or text.startswith(("\t", "\r", "\n")) else text
