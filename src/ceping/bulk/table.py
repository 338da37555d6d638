"""Input files as Parquet tables of the expected columns, so that every engine reads one form and rows have numbers."""

# Every name and number in the SQL comes from the scheme, checked, or is quoted.
# ruff: noqa: S608

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ceping.bulk.request import Encoding, Reading, Source, Unreadable
from ceping.bulk.rows import MOST_ROW_CHARACTERS, check_columns, csv_rows, header_of, json_rows
from ceping.bulk.text import Text, digest_of, text_of, without_returns
from ceping.core.finding import fault
from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS

# A time that no log can hold: it stands for one that was not written as it must be.
UNREADABLE_TIME = "TIMESTAMPTZ '1500-01-01 00:00:00Z'"
TIME_PATTERN = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?"
    "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
_ZONED = "TIMESTAMP WITH TIME ZONE"
# Parquet columns that need not be text.
_TYPES = {
    "registered_on": {"DATE"},
    "certificate_count": _WHOLE,
    "product_count": _WHOLE,
    "decorated": {"BOOLEAN"},
    "occurred_at": {_ZONED},
}
UNREADABLE = (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException)
Rows = Callable[[Path, str, Sequence[str]], Iterator[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Table:
    """One input as Parquet: text columns, empty may be NULL; times as timestamptz when `instants` was asked."""

    reading: Reading
    path: Path


def event_table(
    db: duckdb.DuckDBPyConnection, source: Source, encoding: Encoding, scratch: Path, *, instants: bool
) -> Table:
    """The eight columns of an event file; raises Unreadable."""
    wanted = [_instant if column == "occurred_at" and instants else _text for column in EVENT_COLUMNS]
    return _Staging(db, source, scratch, EVENT_COLUMNS, wanted).table(encoding, keep_zoned=instants)


def shop_table(db: duckdb.DuckDBPyConnection, source: Source, encoding: Encoding, scratch: Path) -> Table:
    """The nine columns of a table of shops as text; raises Unreadable."""
    return _Staging(db, source, scratch, SHOP_COLUMNS, [_text] * len(SHOP_COLUMNS)).table(encoding, keep_zoned=False)


def rows_of(db: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The rows in the order of the file, every cell as text."""
    cells = ", ".join(f"coalesce({column}, '')" for column in columns)
    db.execute(f"SELECT {cells} FROM read_parquet({quoted(table.path)})")
    while batch := db.fetchmany(20_000):
        yield from batch


@contextmanager
def read_whole(tables: Sequence[Table]) -> Iterator[None]:
    """Raises Unreadable naming the file when DuckDB meets a broken page of one of the tables."""
    try:
        yield
    except UNREADABLE as error:
        for table in tables:
            if str(table.path.parent) in str(error):
                raise _malformed(table.reading.label, table.path.parent, error) from None
        raise


def _malformed(label: str, scratch: Path, error: duckdb.Error) -> Unreadable:
    reason = str(error).splitlines()[0].replace(f"{scratch}/", "").strip()[:120]
    return Unreadable(fault("points_parquet_malformed", file=label, reason=reason))


def quoted(text: Path | str) -> str:
    """An SQL text literal."""
    return "'" + str(text).replace("'", "''") + "'"


def _text(column: str, kind: str) -> str:
    # The text of a zoned time must follow the grammar of times again.
    return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ')" if kind == _ZONED else f"CAST({column} AS VARCHAR)"


def _instant(column: str, kind: str) -> str:
    if kind == _ZONED:
        return column
    return (
        f"CASE WHEN coalesce({column}, '') = '' THEN NULL"
        f" WHEN regexp_full_match({column}, '{TIME_PATTERN}')"
        f" THEN coalesce(TRY_CAST({column} AS TIMESTAMPTZ), {UNREADABLE_TIME}) ELSE {UNREADABLE_TIME} END"
    )


@dataclass(frozen=True, slots=True)
class _Staging:
    db: duckdb.DuckDBPyConnection
    source: Source
    scratch: Path
    columns: Sequence[str]
    wanted: Sequence[Callable[[str, str], str]]

    def table(self, encoding: Encoding, *, keep_zoned: bool) -> Table:
        if self.source.form == "parquet":
            return self._from_parquet(keep_zoned=keep_zoned)
        text = text_of(self.source, encoding, self.scratch / "utf8")
        rows = self._from_csv(text) if self.source.form == "csv" else self._from_json(text)
        (self.scratch / "utf8").unlink(missing_ok=True)
        (self.scratch / "clean").unlink(missing_ok=True)
        return Table(Reading(self.source.label, text.sha256, rows), self._target)

    @property
    def _target(self) -> Path:
        return self.scratch / "table.parquet"

    def _from_parquet(self, *, keep_zoned: bool) -> Table:
        # A link of our own name: DuckDB would read brackets and stars in a name as a pattern.
        link = self.scratch / "given.parquet"
        link.symlink_to(self.source.path.resolve())
        sha256 = digest_of(self.source)
        try:
            described = self.db.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(link)})").fetchall()
            types = {name: kind for name, kind, *_ in described}
            self._check_types(types)
            if keep_zoned and types["occurred_at"] == _ZONED and self._all_text(types):
                (rows,) = self.db.execute(f"SELECT count(*) FROM read_parquet({quoted(link)})").fetchall()[0]
                return Table(Reading(self.source.label, sha256, rows), link)
            rows = self._copy(f"read_parquet({quoted(link)})", types)
        except UNREADABLE as error:
            raise _malformed(self.source.label, self.scratch, error) from None
        return Table(Reading(self.source.label, sha256, rows), self._target)

    def _all_text(self, types: dict[str, str]) -> bool:
        return all(types[column] == "VARCHAR" for column in self.columns if column != "occurred_at")

    def _check_types(self, types: dict[str, str]) -> None:
        check_columns(list(types), self.source.label, self.columns)
        faults = []
        for column in self.columns:
            kind = types[column]
            if kind == "VARCHAR" or kind.startswith("ENUM") or kind in _TYPES.get(column, set()):
                continue
            if column == "occurred_at" and kind.startswith("TIMESTAMP"):
                faults.append(fault("points_time_without_zone", file=self.source.label, place=column, found=kind))
                continue
            wanted = "、".join(["VARCHAR", *sorted(_TYPES.get(column, set()))])
            faults.append(
                fault(
                    "points_column_type", file=self.source.label, place=column, given=column, found=kind, wanted=wanted
                )
            )
        if faults:
            raise Unreadable(*faults)

    def _from_csv(self, text: Text) -> int:
        header = header_of(text.path, text.label, self.columns)
        if text.quotes:
            return self._slowly(text, csv_rows)
        path = without_returns(text, self.scratch / "clean") if text.returns else text.path
        names = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(header)))
        # Nothing may be guessed: told less than this, DuckDB reads a ragged file as one column without an error.
        relation = (
            f"(SELECT {', '.join(f'c{header.index(name)} AS {name}' for name in self.columns)}"
            f" FROM read_csv({self._link(path)}, auto_detect = false, header = false, skip = 1, delim = ',',"
            f" quote = '', escape = '', comment = '', nullstr = '', new_line = '\\n',"
            f" encoding = 'utf-8', compression = 'none',"
            f" strict_mode = true, null_padding = false, ignore_errors = false,"
            f" max_line_size = {MOST_ROW_CHARACTERS}, columns = {{{names}}}))"
        )
        return self._fast_or_slow(relation, text, csv_rows, text.lines - 1)

    def _from_json(self, text: Text) -> int:
        if text.constants:
            return self._slowly(text, json_rows)
        return self._fast_or_slow(self._json_relation(text.path), text, json_rows, text.lines)

    def _json_relation(self, path: Path) -> str:
        names = ", ".join(f"{name}: 'VARCHAR'" for name in self.columns)
        return (
            f"read_json({self._link(path)}, format = 'newline_delimited', auto_detect = false, ignore_errors = false,"
            f" compression = 'none', columns = {{{names}}})"
        )

    def _fast_or_slow(self, relation: str, text: Text, rows: Rows, expected: int) -> int:
        # A doubt of any kind goes to the strict reader, which finds the line or finds nothing wrong.
        try:
            read = self._copy(relation, dict.fromkeys(self.columns, "VARCHAR"))
        except UNREADABLE:
            return self._slowly(text, rows)
        return read if read == expected else self._slowly(text, rows)

    def _slowly(self, text: Text, rows: Rows) -> int:
        clean = self.scratch / "clean.jsonl"
        with clean.open("w", encoding="utf-8") as stream:
            for cells in rows(text.path, text.label, self.columns):
                stream.write(json.dumps(dict(zip(self.columns, cells, strict=True)), ensure_ascii=False) + "\n")
        read = self._copy(self._json_relation(clean), dict.fromkeys(self.columns, "VARCHAR"))
        clean.unlink()
        return read

    def _link(self, path: Path) -> str:
        if path.parent == self.scratch:
            return quoted(path)
        link = self.scratch / ("given" + path.suffix)
        link.unlink(missing_ok=True)
        link.symlink_to(path.resolve())
        return quoted(link)

    def _copy(self, relation: str, types: dict[str, str]) -> int:
        cells = [
            f"{expression(column, types[column])} AS {column}"
            for column, expression in zip(self.columns, self.wanted, strict=True)
        ]
        written = self.db.execute(
            f"COPY (SELECT {', '.join(cells)} FROM {relation}) TO {quoted(self._target)} (FORMAT parquet)"
        ).fetchall()
        return int(written[0][0])
