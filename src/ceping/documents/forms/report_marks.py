"""What matches the paper of a report with its file: the record number, the hash of its content, the QR code."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ceping.core.names import is_blank
from ceping.core.report.answers import Report, missing
from ceping.core.scheme.whole import Scheme
from ceping.documents.sheet import Marks


def canonical(report: Report) -> bytes:
    """The one JSON text of what a report says, in UTF-8: keys sorted, no spaces, nothing that was left empty.

    Two files that answer the same, in any order of keys and with any blank cells and rows, have one text.
    """
    accepted = report.acceptance
    told: dict[str, Any] = {
        "scheme": report.scheme,
        "institution": {"uscc": report.uscc, "name": report.name},
        "answers": {
            key: list(answer) if isinstance(answer, tuple) else answer
            for key, answer in report.answers.items()
            if not missing(answer)
        },
        "tables": {
            key: filled for key, rows in report.tables.items() if (filled := [row for row in map(_row, rows) if row])
        },
        "attachments": [
            _kept(
                {
                    "item": one.item,
                    "file": one.file,
                    "sha256": one.sha256,
                    "indicators": list(one.indicators),
                    "valid_until": one.valid_until,
                }
            )
            for one in report.attachments
        ],
        "commitment": {}
        if accepted is None
        else _kept(
            {
                "text_sha256": accepted.text_sha256,
                "accepted_by": accepted.accepted_by,
                "accepted_at": accepted.accepted_at,
            }
        ),
    }
    return json.dumps(_kept(told), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(report: Report) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(report)).hexdigest()


def marks_of(scheme: Scheme, report: Report, *, number: str = "") -> Marks:
    """The marks of a report. Without a record number of its own it is known by the year and its credit code."""
    number = number or f"{scheme.header.period.end.year}-{report.uscc}"
    sha256 = sha256_of(report)
    # Capitals alone, so that the code stays small: a scanner has a shorter alphabet for them.
    return Marks(number, sha256, f"CEPING:{number}:{sha256}".upper())


def _row(row: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in row.items() if not is_blank(value)}


def _kept(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in (None, "", [], {})}
