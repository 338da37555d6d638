"""Result files: totals, ledger and refused rows written the same way whoever computed them, and read back."""

# Every name and number in the SQL comes from the scheme, checked, or is quoted.
# ruff: noqa: S608

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from ceping.bulk.request import FileFormat
from ceping.bulk.table import quoted
from ceping.core.finding import texts
from ceping.core.points import Entry, Refusal, Total

COLUMNS = {
    "totals": {"shop_id": "VARCHAR", "points": "BIGINT", "level": "VARCHAR", "level_rank": "INTEGER"},
    "ledger": {"shop_id": "VARCHAR", "rule_id": "VARCHAR", "quantity": "BIGINT", "points": "BIGINT"},
    "rejected": {
        "source": "VARCHAR",
        "row": "BIGINT",
        "event_id": "VARCHAR",
        "shop_id": "VARCHAR",
        "code": "VARCHAR",
        "message": "VARCHAR",
    },
}
# So many shops, in the order of their ids, make one part of a data set.
PART_SHOPS = 10_000
Cells = Sequence[str | int]
_QUOTED = re.compile('[,"\r\n]')


def file_of(name: str, folder: Path, form: FileFormat) -> Path:
    """Where the result of that name lies."""
    return folder / (name if form is FileFormat.DATASET else f"{name}.{form}")


def write_rows(
    db: duckdb.DuckDBPyConnection,
    name: str,
    rows: Iterable[Cells],
    scratch: Path,
    form: FileFormat,
    parts: Mapping[str, int] | None = None,
) -> Path:
    """The rows in the order given as `totals`, `ledger` or `rejected` in `scratch`.

    `parts` tells the part of each shop in a data set; refused rows are parted by their code.
    """
    path = file_of(name, scratch, form)
    if form is FileFormat.CSV:
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(_line(list(COLUMNS[name])))
            stream.writelines(map(_line, rows))
        return path
    parted = form is FileFormat.DATASET and parts is not None
    columns = COLUMNS[name] | ({"part": "INTEGER"} if parted else {})
    lines = scratch / f"{name}.jsonl"
    with lines.open("w", encoding="utf-8") as stream:
        for row in rows:
            cells = [*row, parts[str(row[0])]] if parted and parts is not None else row
            stream.write(json.dumps(dict(zip(columns, cells, strict=True)), ensure_ascii=False) + "\n")
    types = ", ".join(f"{column}: '{kind}'" for column, kind in columns.items())
    options = "FORMAT parquet"
    if form is FileFormat.DATASET:
        options += f", PARTITION_BY ({'part' if parted else 'code'})"
    db.execute(
        f"COPY (SELECT * FROM read_json({quoted(lines)}, format = 'newline_delimited', auto_detect = false,"
        f" columns = {{{types}}})) TO {quoted(path)} ({options})"
    )
    lines.unlink()
    return path


def copy_table(db: duckdb.DuckDBPyConnection, name: str, order: str, scratch: Path, form: FileFormat) -> Path:
    """A table of the database as `totals` or `ledger` in `scratch`; its ids need no quotes."""
    path = file_of(name, scratch, form)
    cells = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in COLUMNS[name].items())
    options = "FORMAT csv, HEADER true" if form is FileFormat.CSV else "FORMAT parquet"
    if form is FileFormat.DATASET:
        cells += f", (shop_no // {PART_SHOPS})::INTEGER AS part"
        options += ", PARTITION_BY (part)"
    db.execute(f"COPY (SELECT {cells} FROM {name} ORDER BY {order}) TO {quoted(path)} ({options})")
    return path


def rejected_rows(refusals: Iterable[Refusal]) -> Iterator[Cells]:
    """Refusals as lines of rejected.csv: the one text of the code at the end."""
    for (source, row), event_id, shop_id, code in refusals:
        # Asked a row at a time: reading the texts takes longer than a small run without refusals.
        yield source, row, event_id, shop_id, code, texts()[code]["message"]


def totals_in(folder: Path, name: str = "totals") -> list[Total]:
    """The totals of a result folder written as CSV, under the name they were given there."""
    return [Total(row[0], int(row[1]), row[2], int(row[3])) for row in _rows(folder / f"{name}.csv")]


def ledger_in(folder: Path) -> list[Entry]:
    """The ledger of a result folder written as CSV."""
    return [Entry(row[0], row[1], int(row[2]), int(row[3])) for row in _rows(folder / "ledger.csv")]


def _line(cells: Cells) -> str:
    # The csv module leaves a lone CR bare on some versions of Python and quotes it on others.
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: str | int) -> str:
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        yield from reader
