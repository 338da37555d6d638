"""The log as parts: only listed ones count, each is what its checksum says, whoever was stopped goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO

import duckdb
import pytest

from ceping.bulk import eventlog
from ceping.bulk.eventlog import add_part, check_parts, held, parts_in, paths_of, tidy
from ceping.bulk.request import Unreadable

LINE = '{0},e{0},s1,order,2021-03-01 10:00:00.000001+00,"a,""b",personal,"",""\n'


def lines(first: int, last: int) -> Callable[[IO[bytes]], None]:
    return lambda stream: stream.writelines(LINE.format(n).encode() for n in range(first, last + 1))


def code_of(refusal: pytest.ExceptionInfo[Unreadable]) -> list[str]:
    for finding in refusal.value.findings:
        assert finding.message()
        assert finding.remedy()
        assert finding.message("en")
    return [finding.code for finding in refusal.value.findings]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    tidy(tmp_path, [])
    _, parts = add_part(tmp_path, [], 3, lines(1, 3))
    add_part(tmp_path, parts, 7, lines(5, 7))
    return tmp_path


def test_parts_follow_each_other_and_hold_their_rows(log: Path) -> None:
    parts = parts_in(log)
    assert [(one.first, one.last, one.rows) for one in parts] == [(1, 3, 3), (4, 7, 3)]
    check_parts(log, parts)
    rows = duckdb.sql(
        f"SELECT sequence, event_id, actor_id, epoch_us(occurred_at) FROM read_parquet('{log}/events/*.parquet')"
    ).fetchall()
    assert [row[0] for row in rows] == [1, 2, 3, 5, 6, 7]
    assert rows[0] == (1, "e1", 'a,"b', 1614592800000001)
    assert sorted(path.name for path in log.iterdir()) == ["events", "log.json"]


def test_what_a_stopped_run_left_does_not_count_and_is_gone(log: Path) -> None:
    unlisted = log / "events" / "000000000008-000000000009.parquet"
    unlisted.write_bytes(paths_of(log, parts_in(log))[0].read_bytes())
    (log / "events" / ".000000000008-000000000009.csv").write_bytes(b"8,")
    foreign = log / "events" / "notes.txt"
    foreign.write_text("ours", encoding="ascii")
    assert len(parts_in(log)) == 2
    tidy(log, parts_in(log))
    assert not unlisted.exists()
    assert foreign.exists()

    def broken(stream: IO[bytes]) -> None:
        stream.write(b"8,e8")
        raise OSError(28, "No space left on device")

    before = (log / "log.json").read_bytes()
    with pytest.raises(Unreadable) as refusal:
        add_part(log, parts_in(log), 9, broken)
    assert code_of(refusal) == ["points_log_unwritable"]
    assert (log / "log.json").read_bytes() == before
    assert len(list((log / "events").glob("*"))) + len(list((log / "events").glob(".*"))) == 3


@pytest.mark.parametrize("spoil", ["cut", "changed", "gone"])
def test_a_part_that_is_not_as_written_is_named(log: Path, spoil: str) -> None:
    path = paths_of(log, parts_in(log))[1]
    data = path.read_bytes()
    if spoil == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-5] if spoil == "cut" else data[:40] + bytes([data[40] ^ 1]) + data[41:])
    with pytest.raises(Unreadable) as refusal:
        check_parts(log, parts_in(log))
    assert code_of(refusal) == ["points_log_part"]
    assert refusal.value.findings[0].file == str(path)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 2, "parts": []}', '{"format": 1, "parts": [{"first": 1}]}', "gap"]
)
def test_a_spoiled_list_is_told(log: Path, text: str) -> None:
    if text == "gap":
        listed = json.loads((log / "log.json").read_text(encoding="utf-8"))
        del listed["parts"][0]
        text = json.dumps(listed)
    (log / "log.json").write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as refusal:
        parts_in(log)
    assert code_of(refusal) == ["points_log_malformed"]


def test_one_writer_at_a_time_clears_what_a_killed_count_left(log: Path) -> None:
    left = log / f"{eventlog.WORK}dead"
    left.mkdir()
    with held(log):
        assert not left.exists()
        with pytest.raises(Unreadable) as refusal, held(log):
            pass
    assert code_of(refusal) == ["points_log_busy"]
