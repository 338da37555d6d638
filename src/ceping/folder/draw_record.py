"""The record of a draw, of clients or assessors: what it was asked for, what it came to, how anyone makes it again."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ceping.core.scheme.reading import Exact, Rows, Table


class SizeTable(Table):
    """How the sample was sized; the last three count for `formula` alone."""

    rule: Literal["fixed", "formula", "all"]
    count: int = 0
    margin: Exact
    share: Exact
    z: Exact


class ClientRecord(Table):
    """The record of a draw of clients."""

    format: Literal[1]
    kind: Literal["clients"]
    seed: str
    scheme: str
    scheme_sha256: str
    size: SizeTable
    reserves: int | None
    strata: str
    institutions: int
    clients: int
    sample: int
    reserve: int
    frame_sha256: str
    list_sha256: str
    algorithm: Rows[str]
    file: str
    lines_sha256: str


class Pair(Table):
    """Two numbers, one of the loads and one of the panels."""

    loads: int
    panels: int


class Potentials(Table):
    """The proof of loads and panels: a number for each assessor, each `uscc:item`, and the source of loads."""

    loads: Mapping[str, int]
    panels: Mapping[str, int]


class AssessorRecord(Table):
    """The record of a draw of assessors."""

    format: Literal[1]
    kind: Literal["assessors"]
    seed: str
    scheme: str
    scheme_sha256: str
    per_item: int
    by: Literal["institution", "item"]
    institutions: int
    items: Rows[str]
    topics: Mapping[str, Rows[str]]
    assessors: int
    kept_apart: Rows[Rows[str]]
    pinned: Rows[Rows[str]] = ()
    loads: Mapping[str, int]
    sum_of_squares: int
    on_subject: int
    without_expert: Rows[str]
    attempts: Pair
    potentials: Potentials
    frame_sha256: str
    algorithm: Rows[str]
    file: str
    lines_sha256: str


Record = ClientRecord | AssessorRecord


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: its record, and its lines as the text of a CSV file.

    `undeclared` is what `[draw]` of season.toml would have to say of it and does not.
    """

    record: Record
    lines: str
    undeclared: str = ""


def record_text(record: Record) -> str:
    """The record as its file holds it."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows as a CSV file with line ends of one character."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def sha256_of(text: str) -> str:
    """The hash of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
