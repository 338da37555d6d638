"""Rows of CSV and JSON Lines read strictly in Python: the judge of what a file means, and of which line is wrong."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from ceping.bulk.request import Unreadable
from ceping.core.finding import Finding, fault

MOST_ROW_CHARACTERS = 1_000_000


def header_of(path: Path, label: str, columns: Sequence[str]) -> list[str]:
    """The column names of a CSV file, known to hold each of `columns` once; raises Unreadable."""
    with path.open(encoding="utf-8-sig", newline="\n") as stream:
        _, header = next(_records(stream, label), (0, []))
    if not header:
        raise Unreadable(fault("points_input_empty", file=label, columns=",".join(columns)))
    check_columns(header, label, columns)
    return header


def check_columns(header: Sequence[str], label: str, columns: Sequence[str]) -> None:
    """Raises Unreadable when a column is missing or stands twice; others are ignored."""
    missing = [column for column in columns if column not in header]
    if missing:
        found = "、".join(header)[:200]
        raise Unreadable(fault("points_column_missing", file=label, given="、".join(missing), found=found))
    for column in columns:
        if list(header).count(column) > 1:
            raise Unreadable(fault("points_column_twice", file=label, given=column))


def csv_rows(path: Path, label: str, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The cells of `columns`, row by row; an empty line is no row. Raises Unreadable with the line."""
    with path.open(encoding="utf-8-sig", newline="\n") as stream:
        records = _records(stream, label)
        _, header = next(records)
        places = [header.index(column) for column in columns]
        for line, record in records:
            if not record:
                continue
            if len(record) != len(header):
                _refuse("points_row_ragged", label, line, found=len(record), wanted=len(header))
            yield tuple(record[place] for place in places)


def json_rows(path: Path, label: str, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The texts of `columns` line by line, empty where a key is missing or null. Raises Unreadable with the line."""
    with path.open(encoding="utf-8-sig", newline="\n") as stream:
        for line, text in _lines(stream, label):
            if text.strip(" \t\r\n"):
                yield _cells(text, label, line, columns)


def _records(stream: TextIO, label: str) -> Iterator[tuple[int, list[str]]]:
    # Each record with the line it begins on; the csv module alone would only say where it gave up.
    csv.field_size_limit(MOST_ROW_CHARACTERS)
    reader = csv.reader((text for _, text in _lines(stream, label)), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
            if "field larger" in reason:
                _refuse("points_row_too_long", label, line, most=MOST_ROW_CHARACTERS)
            if "unexpected end" in reason:
                _refuse("points_quote_open", label, line)
            _refuse("points_return_stray" if "new-line" in reason else "points_quote_stray", label, line)
        yield line, record


def _lines(stream: TextIO, label: str) -> Iterator[tuple[int, str]]:
    number = 0
    while text := stream.readline(MOST_ROW_CHARACTERS + 1):
        number += 1
        if len(text) > MOST_ROW_CHARACTERS:
            _refuse("points_row_too_long", label, number, most=MOST_ROW_CHARACTERS)
        yield number, text


def _cells(text: str, label: str, line: int, columns: Sequence[str]) -> tuple[str, ...]:
    try:
        row = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=str, parse_float=str)
        if not isinstance(row, dict):
            _refuse("points_json_malformed", label, line, reason=f"不是对象：{text[:20]}")
        cells = tuple(_cell(row.get(column)) for column in columns)
        for cell in cells:
            cell.encode()
    except _KeyTwiceError as error:
        _refuse("points_json_key_twice", label, line, given=error)
    except UnicodeEncodeError:
        _refuse("points_json_malformed", label, line, reason="\\u 转义不成对")
    except json.JSONDecodeError as error:
        # A row is read by itself: the reader takes every line for the first.
        reason = f"{error.msg}: line {line} column {error.colno}"
        _refuse("points_json_malformed", label, line, reason=reason)
    except (ValueError, RecursionError) as error:
        _refuse("points_json_malformed", label, line, reason=str(error)[:80])
    return cells


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _KeyTwiceError(Exception):
    pass


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [name for name, _ in pairs]
        raise _KeyTwiceError(next(name for name in names if names.count(name) > 1)[:40])
    return row


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(code: str, label: str, line: int, **values: object) -> NoReturn:
    told = tuple((name, str(value)) for name, value in values.items())
    raise Unreadable(Finding(code, label, f"第 {line} 行", told))
