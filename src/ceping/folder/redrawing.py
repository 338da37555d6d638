"""A recorded draw made again from the season folder: equal, or where it differs."""

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, fault
from ceping.core.scheme.reading import table_of
from ceping.folder.draw_record import AssessorRecord, ClientRecord, Draw, Record, sha256_of
from ceping.folder.drawing import Size
from ceping.folder.draws import ClientRequest, clients_drawn

_MOST_BYTES = 64 << 20
_SHOWN = 60
_MOST_LINES = 20
# What a later hand may have renamed without touching the draw.
_LOOSE = frozenset({"file", "algorithm"})


def read_record(path: Path) -> tuple[Record | None, list[Finding]]:
    """The record, or None and why it is none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None, [fault("draw_record_unreadable", file=path.name, reason=f"> {_MOST_BYTES >> 20} MB")]
        found: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None, [fault("file_missing", file=path.name)]
    except OSError as error:
        return None, [fault("file_unreadable", file=path.name, reason=error.strerror or str(error))]
    except (ValueError, RecursionError) as error:
        return None, [fault("draw_record_unreadable", file=path.name, reason=str(error)[:200])]
    if not isinstance(found, dict):
        return None, [fault("draw_record_unreadable", file=path.name, reason="不是 JSON 对象")]
    if found.get("kind") == "assessors":
        return table_of(AssessorRecord, found, file=path.name)
    return table_of(ClientRecord, found, file=path.name)


def redrawn(record: Record, folder: Path) -> tuple[Draw | None, list[Finding]]:
    """The draw that the season folder gives to what the record was asked for."""
    if isinstance(record, ClientRecord):
        asked = record.size
        size = Size(asked.rule, asked.count, asked.margin, asked.share, asked.z)
        return clients_drawn(folder, ClientRequest(record.seed, size, record.strata, record.file))
    from ceping.folder.panels import AssessorRequest, assessors_drawn  # noqa: PLC0415 -- the solver loads slowly

    return assessors_drawn(folder, AssessorRequest(record.seed, record.per_item, record.by, record.file))


def differences(record: Record, draw: Draw, path: Path) -> list[Finding]:
    """Where the record at `path`, and the lines beside it when they are there, differ from the draw made again."""
    again = draw.record.model_dump(mode="json")
    findings = [
        fault("draw_differs", file=path.name, place=key, part=key, recorded=_short(value), again=_short(again.get(key)))
        for key, value in record.model_dump(mode="json").items()
        if key not in _LOOSE and value != again.get(key)
    ]
    beside = path.parent / Path(record.file).name
    if beside.is_file():
        found = beside.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        if sha256_of(found) != sha256_of(draw.lines):
            findings += _lines_that_differ(found, draw.lines, beside.name)
    return findings


def _lines_that_differ(recorded: str, again: str, file: str) -> Iterator[Finding]:
    count = 0
    for number, (old, new) in enumerate(zip_longest(recorded.splitlines(), again.splitlines(), fillvalue="—"), 1):
        if old != new:
            count += 1
            if count <= _MOST_LINES:
                place = f"第 {number} 行"
                yield fault("draw_line_differs", file=file, place=place, recorded=_short(old), again=_short(new))
    if count > _MOST_LINES:
        yield fault("draw_lines_more", file=file, count=count - _MOST_LINES)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
