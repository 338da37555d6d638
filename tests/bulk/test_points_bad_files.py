"""Every kind of broken input file is told by file, line and remedy, and nothing is written."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ceping.bulk.request import Encoding, Engine, Request, Unreadable
from ceping.bulk.scoring import score_files
from ceping.core.points import EVENT_COLUMNS, Window
from ceping.core.scheme.points import PointsFile

HEADER = ",".join(EVENT_COLUMNS).encode() + b"\n"
GOOD = b"e1,s1,order,2021-05-05T10:00:00+08:00,,,,\n"
QUOTED = b'"e2",s1,order,2021-05-05T10:00:00+08:00,,,,\n'
JSON_GOOD = b'{"event_id":"e1","shop_id":"s1","kind":"order","occurred_at":"2021-05-05T10:00:00+08:00"}\n'
SHOPS = (
    "shop_id,shop_name,category,registered_on,introduction,website,certificate_count,product_count,decorated\n"
    "s1,上海机构,法律服务类,2015-01-01,,,1,1,true\n"
)
NAMES = "第 {} 行"

CSV_FAULTS = {
    "short": (HEADER + GOOD + b"e2,s1\n", "points_row_ragged", 3),
    "long": (HEADER + GOOD + GOOD[:-1] + b",x\n", "points_row_ragged", 3),
    "short among quotes": (HEADER + QUOTED + b"e2,s1\n", "points_row_ragged", 3),
    "open quote": (HEADER + GOOD + b'"e2,s1\n' + GOOD * 3, "points_quote_open", 3),
    "open quote, one long cell": (HEADER + b'"' + b"x\n" * 600_000, "points_row_too_long", 2),
    "text after quote": (HEADER + b'"e"2' + GOOD[2:], "points_quote_stray", 2),
    "NUL": (HEADER + GOOD + b"e\x00" + GOOD[2:], "points_nul", 3),
    "not UTF-8": (HEADER + GOOD + b"e\xff\xff" + GOOD[2:], "points_not_utf8", 3),
    "GB18030": (HEADER + GOOD + "甲".encode("gb18030") + GOOD[2:], "points_gb18030", 3),
    "UTF-8 cut at the end": (HEADER + GOOD + "甲".encode()[:2], "points_not_utf8", 3),
    "lone return": (HEADER + GOOD + b"e\r2" + GOOD[2:], "points_return_stray", 3),
    "100 MB cell": (HEADER + b"x" * 100_000_000 + GOOD[2:], "points_row_too_long", 2),
}
JSON_FAULTS = {
    "cut": (JSON_GOOD + b'{"event_id":\n', "points_json_malformed", 2),
    "no object": (JSON_GOOD + b"[1]\n", "points_json_malformed", 2),
    "a scalar": (b"5\n", "points_json_malformed", 1),
    "NaN": (JSON_GOOD + b'{"actor_id": NaN}\n', "points_json_malformed", 2),
    "doubled key": (JSON_GOOD + b'{"event_id":"a","event_id":"b"}\n', "points_json_key_twice", 2),
    "lone surrogate": (JSON_GOOD + b'{"event_id":"\\ud800"}\n', "points_json_malformed", 2),
    "two on a line": (JSON_GOOD[:-1] + JSON_GOOD, "points_json_malformed", 1),
    "not UTF-8": (JSON_GOOD + b'{"event_id":"\xff"}\n', "points_not_utf8", 2),
    "NUL": (JSON_GOOD + b'{"event_id":"\x00"}\n', "points_nul", 2),
}


def request_for(folder: Path, points: PointsFile, *events: Path, **changes: object) -> Request:
    shops = folder / "shops.csv"
    if not shops.exists():
        shops.write_text(SHOPS, encoding="utf-8")
    window = Window(date(2021, 1, 1), date(2021, 12, 31))
    return Request(points, "x@1", "0", shops, tuple(events), window, **changes)  # type: ignore[arg-type]


def refusal_of(request: Request, out: Path) -> list[tuple[str, str, str]]:
    before = sorted(out.parent.iterdir())
    with pytest.raises(Unreadable) as refusal:
        score_files(request, out)
    assert sorted(out.parent.iterdir()) == before
    for finding in refusal.value.findings:
        assert finding.message()
        assert finding.remedy()
        assert finding.message("en")
        assert finding.remedy("en")
    return [(finding.code, finding.file, finding.place) for finding in refusal.value.findings]


@pytest.mark.parametrize("engine", [Engine.DUCKDB, Engine.REFERENCE])
@pytest.mark.parametrize("name", CSV_FAULTS)
def test_a_broken_csv_is_told_by_line(name: str, engine: Engine, tmp_path: Path, points: PointsFile) -> None:
    data, code, line = CSV_FAULTS[name]
    log = tmp_path / "events.csv"
    log.write_bytes(data)
    request = request_for(tmp_path, points, log, engine=engine)
    assert refusal_of(request, tmp_path / "out") == [(code, "events.csv", NAMES.format(line))]


@pytest.mark.parametrize("name", JSON_FAULTS)
def test_a_broken_json_lines_file_is_told_by_line(name: str, tmp_path: Path, points: PointsFile) -> None:
    data, code, line = JSON_FAULTS[name]
    log = tmp_path / "events.jsonl"
    log.write_bytes(data)
    request = request_for(tmp_path, points, log)
    assert refusal_of(request, tmp_path / "out") == [(code, "events.jsonl", NAMES.format(line))]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "points_input_empty"),
        (b"event_id,shop_id\n", "points_column_missing"),
        (HEADER.replace(b",", b";"), "points_column_missing"),
        (HEADER.replace(b"voids", b"Voids"), "points_column_missing"),
        (HEADER.replace(b"voids", b"voids,kind"), "points_column_twice"),
        ("\ufeff".encode("utf-16") + HEADER.decode().encode("utf-16-le"), "points_utf16"),
    ],
)
def test_a_broken_header_is_told(data: bytes, code: str, tmp_path: Path, points: PointsFile) -> None:
    log = tmp_path / "events.csv"
    log.write_bytes(data)
    assert refusal_of(request_for(tmp_path, points, log), tmp_path / "out") == [(code, "events.csv", "")]


def parquet(path: Path, changes: dict[str, str]) -> Path:
    cells = ", ".join(f"{changes.get(name, repr('x'))} AS {name}" for name in EVENT_COLUMNS)
    duckdb.sql(f"COPY (SELECT {cells}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"occurred_at": "TIMESTAMP '2021-01-01'"}, "points_time_without_zone", "occurred_at"),
        ({"occurred_at": "TIMESTAMP_NS '2021-01-01'"}, "points_time_without_zone", "occurred_at"),
        ({"occurred_at": "5"}, "points_column_type", "occurred_at"),
        ({"event_id": "5"}, "points_column_type", "event_id"),
        ({"rating": "['good']"}, "points_column_type", "rating"),
        ({"kind": "'x'::BLOB"}, "points_column_type", "kind"),
    ],
)
def test_a_parquet_column_of_another_type_is_told(
    changes: dict[str, str], code: str, place: str, tmp_path: Path, points: PointsFile
) -> None:
    log = parquet(tmp_path / "events.parquet", changes)
    assert refusal_of(request_for(tmp_path, points, log), tmp_path / "out") == [(code, "events.parquet", place)]


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path, points: PointsFile) -> None:
    log = tmp_path / "events.parquet"
    log.write_bytes(b"PAR1" + b"x" * 100)
    found = refusal_of(request_for(tmp_path, points, log), tmp_path / "out")
    assert found == [("points_parquet_malformed", "events.parquet", "")]


def test_a_parquet_file_cut_short_inside_is_told(tmp_path: Path, points: PointsFile) -> None:
    log = tmp_path / "events.parquet"
    cells = ", ".join(
        f"TIMESTAMPTZ '2021-01-01 00:00:00Z' AS {name}" if name == "occurred_at" else f"md5({name!r} || i) AS {name}"
        for name in EVENT_COLUMNS
    )
    duckdb.sql(f"SET TimeZone='UTC'; COPY (SELECT {cells} FROM range(5000) r(i)) TO '{log}' (FORMAT parquet)")
    data = bytearray(log.read_bytes())
    data[100:20_000] = b"\xff" * 19_900
    log.write_bytes(data)
    found = refusal_of(request_for(tmp_path, points, log), tmp_path / "out")
    assert found == [("points_parquet_malformed", "events.parquet", "")]


def test_faults_of_all_files_are_told_at_once(tmp_path: Path, points: PointsFile) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"e1\n")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "shops.csv").write_text("shop_id\n", encoding="utf-8")
    found = refusal_of(request_for(tmp_path, points, tmp_path / "a.csv", tmp_path / "b.csv"), tmp_path / "out")
    assert [code for code, _, _ in found] == ["points_column_missing", "points_row_ragged", "points_input_empty"]


def test_what_is_not_there_or_no_input_is_told(tmp_path: Path, points: PointsFile) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed/a.csv").write_bytes(HEADER)
    (tmp_path / "mixed/b.jsonl").write_bytes(b"")
    given = [tmp_path / name for name in ("absent.csv", "notes.txt", "empty", "mixed")]
    assert refusal_of(request_for(tmp_path, points, *given), tmp_path / "out") == [
        ("points_input_missing", "absent.csv", ""),
        ("points_input_kind", "notes.txt", ""),
        ("points_folder_empty", "empty", ""),
        ("points_folder_mixed", "mixed", ""),
    ]


def test_gb18030_is_read_when_asked_for(tmp_path: Path, points: PointsFile) -> None:
    (tmp_path / "shops.csv").write_bytes(SHOPS.encode("gb18030"))
    log = tmp_path / "events.csv"
    log.write_bytes(HEADER + GOOD.replace(b",,,,", "郑𠮷,,,".encode("gb18030").join([b",", b""])))
    run = score_files(request_for(tmp_path, points, log, encoding=Encoding.GB18030), tmp_path / "out")
    assert (run.shops, run.events, run.refused) == (1, 1, 0)


FORMS = {
    "BOM": b"\xef\xbb\xbf" + HEADER + GOOD,
    "CRLF": (HEADER + GOOD).replace(b"\n", b"\r\n"),
    "quotes and CRLF": (HEADER + GOOD + QUOTED).replace(b"\n", b"\r\n"),
    "mixed line ends": HEADER + GOOD.replace(b"\n", b"\r\n") + GOOD,
    "no last line end": HEADER + GOOD.rstrip(),
    "empty lines": HEADER + b"\n" + GOOD + b"\n\n" + GOOD + b"\n",
    "more columns, other order": b"x,kind,event_id,shop_id,occurred_at,actor_id,actor_type,rating,voids,x\n"
    b"1,order,e1,s1,2021-05-05T10:00:00+08:00,,,,,2\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_ordinary_ways_of_writing_csv_are_read(name: str, tmp_path: Path, points: PointsFile) -> None:
    log = tmp_path / "events.csv"
    log.write_bytes(FORMS[name])
    run = score_files(request_for(tmp_path, points, log), tmp_path / "out")
    assert run.refused == 0
    ledger = (tmp_path / "out/ledger.csv").read_text(encoding="utf-8").splitlines()
    assert f"s1,order.completed,{1 + (name == 'quotes and CRLF')},{10 + 10 * (name == 'quotes and CRLF')}" in ledger


def test_json_values_that_are_no_text_are_taken_by_their_text(tmp_path: Path, points: PointsFile) -> None:
    shop = {
        "shop_id": "s1",
        "registered_on": "2015-01-01",
        "certificate_count": 3,
        "product_count": 0,
        "decorated": True,
    }
    shops = tmp_path / "shops.jsonl"
    shops.write_text(json.dumps(shop) + "\n", encoding="utf-8")
    log = tmp_path / "events.jsonl"
    log.write_bytes(b"\xef\xbb\xbf" + JSON_GOOD + b'\n{"event_id": 1e400, "note": {"x": [1]}}\n')
    base = request_for(tmp_path, points, log)
    request = Request(base.points, "x@1", "0", shops, base.events, base.window)
    score_files(request, tmp_path / "out")
    rejected = (tmp_path / "out/rejected.csv").read_text(encoding="utf-8").splitlines()
    assert rejected[1:] == ["events.jsonl,2,1e400,,missing_field,缺少必填的内容"]
    ledger = (tmp_path / "out/ledger.csv").read_text(encoding="utf-8").splitlines()
    assert "s1,company.certificates,3,30" in ledger


def test_files_of_one_name_are_told_apart(tmp_path: Path, points: PointsFile) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "log.csv").write_bytes(HEADER + b"bad id,s1,order,2021-05-05T10:00:00+08:00,,,,\n")
    score_files(request_for(tmp_path, points, tmp_path / "a", tmp_path / "b"), tmp_path / "out")
    rejected = (tmp_path / "out/rejected.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:3] for line in rejected[1:]] == [
        ["1/log.csv", "1", "bad id"],
        ["2/log.csv", "1", "bad id"],
    ]


def test_names_with_pattern_letters_are_read(tmp_path: Path, points: PointsFile) -> None:
    folder = tmp_path / "e[1]*?"
    folder.mkdir()
    (folder / "x[2]*.csv").write_bytes(HEADER + GOOD)
    run = score_files(request_for(tmp_path, points, folder), folder / "out[1]")
    assert (run.events, run.refused) == (1, 0)
    assert (folder / "out[1]/run.json").is_file()
