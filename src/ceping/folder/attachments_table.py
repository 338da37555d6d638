"""对照表.csv: which file became which, under which item and why; changed by hand, it decides the next run's items."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ceping.core.finding import Finding, fault
from ceping.folder.records import GB18030, read_records

TABLE = "对照表.csv"
HEADERS = ("uscc", "name", "file", "item", "content", "by", "score", "reason", "official", "sha256")
_KEY = ("uscc", "file", "item", "content")
# What a spreadsheet would take for a formula stands behind an apostrophe, which is taken off again.
_RISKY = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wrote for a file: its item (None: it proves none) and, if not empty, its content."""

    item: int | None
    content: str


Choices = Mapping[tuple[str, str], Choice]


def table_text(rows: Iterable[Mapping[str, object]], headers: Sequence[str] = HEADERS) -> str:
    """The table as CSV with a mark by which Excel knows its encoding."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([_safe(str(row.get(name, ""))) for name in headers])
    return "\ufeff" + out.getvalue()


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table this program wrote."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def read_choices(
    path: Path, *, items: Collection[int], files: Collection[tuple[str, str]]
) -> tuple[Choices, list[Finding]]:
    """The choices by institution and file, with what is wrong; rows of files that are not there are told, not taken.

    `uscc` may be left out where one institution alone is converted.
    """
    records, findings = read_records(path, file=path.name, encoding=GB18030)
    if findings or not records:
        return {}, findings or [fault("attachment_table_unreadable", file=path.name, reason="没有内容")]
    header = [cell.strip() for cell in records[0].cells]
    if not {"file", "item"} <= set(header):
        reason = "第一行须有表头 file 和 item"
        return {}, [fault("attachment_table_unreadable", file=path.name, reason=reason)]
    alone = {uscc for uscc, _ in files}
    choices: dict[tuple[str, str], Choice] = {}
    for record in records[1:]:
        row = dict(zip(header, (_plain(cell) for cell in record.cells), strict=False))
        uscc, file, item, content = (row.get(name, "").strip() for name in _KEY)
        key = (uscc or (next(iter(alone)) if len(alone) == 1 else ""), file)
        place = f"第 {record.number} 行"
        if key not in files:
            given = f"{uscc} {file}"[:80].strip()
            findings.append(fault("attachment_table_unknown", file=path.name, place=place, given=given))
            continue
        number = int(item) if item.isascii() and item.isdigit() else None
        if item and number not in items:
            known = "、".join(map(str, sorted(items)))
            findings.append(fault("attachment_table_item", file=path.name, place=place, given=item[:20], known=known))
            continue
        choices[key] = Choice(number, content)
    return choices, findings


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text
