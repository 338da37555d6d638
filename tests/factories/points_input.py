"""Shops and events with every trouble there is, as Hypothesis strategies, and their files in every format."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import strategies as st

from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS
from ceping.core.points.grammar import instant_of

Row = dict[str, str]

SHOP_IDS = st.sampled_from(["s1", "s2", "S2", "s-3", "s.4"])
EVENT_IDS = st.sampled_from([f"e{n}" for n in range(12)])
ACTORS = st.sampled_from(["u1", "u2", "U1", "用户三"])
GOOD_TIMES = [
    "2021-01-01T00:00:00+08:00",
    "2020-12-31T15:59:59.999999Z",
    "2020-12-31 16:00:00Z",
    "2021-12-31T23:59:59.999999+08:00",
    "2022-01-01T00:00:00+08:00",
    "2021-12-31 10:29:59-05:30",
    "2022-01-01T05:59:59.5+14:00",
    "2020-02-29T12:00:00+08:00",
    "2024-02-29T23:00:00-14:00",
    "2021-02-28T20:00:00Z",
    "2021-06-07T04:58:53.500000-00:00",
    "1989-12-31T16:00:00Z",
    "2100-12-31T15:59:59.999999Z",
]
TIMES = st.sampled_from(GOOD_TIMES)
DAYS = st.integers(0, 40).map(lambda n: f"2021-{1 + n // 28:02d}-{1 + n % 28:02d}T09:00:00+08:00")
WRONG_TIMES = [
    "2021-02-29T00:00:00Z",
    "2021-01-01T24:00:00Z",
    "2021-01-01T23:59:60Z",
    "2021-01-01T00:00:00",
    "2021-01-01t00:00:00z",
    "2021-01-01  00:00:00Z",
    "2021-01-01T00:00:00.1234567Z",
    "2021-01-01T00:00:00.Z",
    "2021-01-01T00:00:00+14:01",
    "2021-01-01T00:00:00+0800",
    "2021-01-01T00:00:00+08",
    "1989-12-31T15:59:59.999999Z",
    "2100-12-31T16:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "２０21-01-01T00:00:00Z",
    "2021-01-01T00:00:00Z ",
    "2021-W01-1T00:00:00Z",
    "infinity",
    "someday",
]
BAD_TIMES = st.sampled_from(WRONG_TIMES)
KINDS = st.sampled_from(["login", "follow", "unfollow", "order", "rating", "comment", "reply", "void"])
ODD = st.sampled_from(
    ["", " ", "LOGIN", "x" * 64, "x" * 65, "a b", "ä", "a\nb", 'a"b', "a,b", "'", "\x85", "a\tb", "NULL"]
)
LONG_ACTORS = st.sampled_from(["甲" * 128, "甲" * 129, "\x7f", "a\rb", "\u2028"])

good_events = st.fixed_dictionaries(
    {
        "event_id": EVENT_IDS,
        "shop_id": SHOP_IDS,
        "kind": KINDS,
        "occurred_at": TIMES | DAYS,
        "actor_id": ACTORS,
        "actor_type": st.sampled_from(["personal", "enterprise"]),
        "rating": st.sampled_from(["good", "good", "neutral", "bad"]),
        "voids": EVENT_IDS,
    }
)


@st.composite
def events(draw: st.DrawFn) -> list[Row]:
    """Rows of an event log: mostly good, some repeated, some spoilt in one or more columns, in any order."""
    rows = draw(st.lists(good_events, max_size=40))
    if rows:
        rows += draw(st.lists(st.sampled_from(rows), max_size=8))
        # Twins that differ in one column: each column must count when rows of one id are compared.
        twins = st.tuples(st.sampled_from(rows), st.sampled_from(EVENT_COLUMNS[2:]), good_events)
        rows += [{**row, column: other[column]} for row, column, other in draw(st.lists(twins, max_size=6))]
    spoilt = draw(st.lists(good_events, max_size=8))
    for row in spoilt:
        for column in draw(st.lists(st.sampled_from(EVENT_COLUMNS), min_size=1, max_size=3)):
            odd = BAD_TIMES | TIMES if column == "occurred_at" else ODD | LONG_ACTORS
            row[column] = draw(odd | st.just("") | st.just("seller"))
    return draw(st.permutations(rows + spoilt))


@st.composite
def shops(draw: st.DrawFn) -> list[Row]:
    """Rows of a table of shops: some doubled, some spoilt."""
    good = st.fixed_dictionaries(
        {
            "shop_id": SHOP_IDS,
            "shop_name": st.sampled_from(["甲", "", '乙"', "a,b"]),
            "category": st.just("法律服务类"),
            "registered_on": st.sampled_from(["2016-02-29", "2021-12-31", "2022-01-01", "1800-01-01", "2010-06-01"]),
            "introduction": st.sampled_from(["", "介绍", " \u3000", "\u200b\u200d\u2060\ufeff", "一\n二", "\x85\xa0"]),
            "website": st.sampled_from(["", "https://example.cn", "\u2003"]),
            "certificate_count": st.sampled_from(["0", "3", "20", "21", "999999999"]),
            "product_count": st.sampled_from(["0", "1", "999999999"]),
            "decorated": st.sampled_from(["true", "false"]),
        }
    )
    rows = draw(st.lists(good, min_size=1, max_size=6, unique_by=lambda row: row["shop_id"]))
    rows += draw(st.lists(st.sampled_from(rows), max_size=1))
    spoilt = draw(st.lists(good, max_size=2))
    bad = st.sampled_from(["", "007", "-1", "1000000000", "TRUE", "1799-12-31", "2021-02-30", "2021/01/01", "１", " "])
    for row in spoilt:
        row[draw(st.sampled_from(SHOP_COLUMNS))] = draw(bad)
    return draw(st.permutations(rows + spoilt))


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> Path:
    """The rows as CSV, quoted where they must be; lines end in CRLF where a cell holds a CR."""
    returns = any("\r" in cell for row in rows for cell in row.values())
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\r\n" if returns else "\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_jsonl(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """The rows as JSON Lines, keys left out where the cell is empty."""
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps({key: value for key, value in row.items() if value}, ensure_ascii=False) + "\n")
    return path


def write_parquet(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> Path:
    """The rows as Parquet text, NULL where the cell is empty."""
    return _parquet(path, [{column: row[column] or None for column in columns} for row in rows], columns, {})


def write_zoned_parquet(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Events as Parquet with instants; a time that is none becomes one no log can hold, a missing one NULL."""
    lines: list[dict[str, Any]] = []
    for row in rows:
        instant = instant_of(row["occurred_at"])
        far = -20_000_000_000_000_000
        lines.append({**row, "occurred_at": None if not row["occurred_at"] else far if instant is None else instant})
    return _parquet(path, lines, EVENT_COLUMNS, {"occurred_at": "make_timestamptz(occurred_at)"})


def _parquet(path: Path, rows: list[dict[str, Any]], columns: Sequence[str], made: dict[str, str]) -> Path:
    lines = path.with_suffix(".lines")
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    types = ", ".join(f"{column}: '{'BIGINT' if column in made else 'VARCHAR'}'" for column in columns)
    cells = ", ".join(f"{made.get(column, column)} AS {column}" for column in columns)
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT {cells} FROM read_json('{lines}', format = 'newline_delimited', auto_detect = false,"
            f" columns = {{{types}}})) TO '{path}' (FORMAT parquet)"
        )
    lines.unlink()
    return path
