"""DuckDB and the reference write equal files: on the worked case, and on whatever Hypothesis thinks of."""

import csv
import filecmp
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "factories"))
import points_input as made
from points_engines import ENGINES

from ceping.bulk.request import Engine, FileFormat, Request
from ceping.bulk.result import COLUMNS
from ceping.bulk.rulebook import rulebook_of
from ceping.bulk.scoring import score_files
from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS, Window
from ceping.core.scheme.points import PointsFile

YEAR = Window(date(2021, 1, 1), date(2021, 12, 31))
WINDOWS = {"2021": YEAR, "winter": Window(date(2020, 12, 25), date(2021, 2, 28))}
RESULTS = ["ledger.csv", "rejected.csv", "totals.csv"]
# Two runs of the whole command an example: shrinking would take minutes, and the examples are small enough to read.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
POINTS = rulebook_of("shanghai-2021").points


def request_for(shops: Path, events: tuple[Path, ...], window: Window = YEAR, **changes: object) -> Request:
    settings = {"points": POINTS, "scheme": "shanghai-2021@1", "scheme_sha256": "0", "threads": 2, **changes}
    return Request(shops=shops, events=events, window=window, **settings)  # type: ignore[arg-type]


def rejected_set(path: Path) -> set[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["event_id"], row["shop_id"], row["code"]) for row in csv.DictReader(stream)}


def expected_set(path: Path) -> set[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {tuple(row.values()) for row in csv.DictReader(stream)}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["2021", "winter"])
def test_the_case_comes_out_byte_for_byte(case: Path, tmp_path: Path, name: str, engine: Engine) -> None:
    request = request_for(case / "shops.csv", (case / "events.csv",), WINDOWS[name], engine=engine)

    score_files(request, tmp_path / "out")

    expected = case / name
    assert (tmp_path / "out/totals.csv").read_bytes() == (expected / "expected-totals.csv").read_bytes()
    assert (tmp_path / "out/ledger.csv").read_bytes() == (expected / "expected-ledger.csv").read_bytes()
    assert rejected_set(tmp_path / "out/rejected.csv") == expected_set(expected / "expected-rejected-set.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_refused_rows_are_named_by_file_and_row_in_order(case: Path, tmp_path: Path) -> None:
    request = request_for(case / "shops.csv", (case / "events.csv",))
    score_files(request, tmp_path / "out")

    with (tmp_path / "out/rejected.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    with (case / "events.csv").open(encoding="utf-8", newline="") as stream:
        events = list(csv.DictReader(stream))

    keys = [(line["source"], int(line["row"]), line["code"]) for line in lines]
    assert keys == sorted(keys)
    of_events = [line for line in lines if line["source"] == "events.csv"]
    assert [line["event_id"] for line in of_events] == [events[int(line["row"]) - 1]["event_id"] for line in of_events]
    assert {line["message"] for line in lines if line["code"] == "id_conflict"} == {
        "同一店铺的同一事件编号下有不同的内容，全部不计"
    }


def both(request: Request, folder: Path) -> Path:
    """The folder of the results both engines agree on."""
    folders = {}
    for engine in (Engine.DUCKDB, Engine.REFERENCE):
        changed = {name: getattr(request, name) for name in request.__dataclass_fields__} | {"engine": engine}
        folders[engine] = folder / engine.value
        score_files(Request(**changed), folders[engine])
    one, other = folders.values()
    _, different, missing = filecmp.cmpfiles(one, other, RESULTS, shallow=False)
    texts = {name: [(folder / name).read_text(encoding="utf-8") for folder in (one, other)] for name in different}
    assert (texts, missing) == ({}, [])
    return one


def varied(points: PointsFile, change: str) -> PointsFile:
    """A changed copy of the scheme, read through its own parser again."""
    data = points.model_dump(mode="json", by_alias=True, exclude_none=True)
    rules = {rule["rule_id"]: rule for rule in data["rule"]}
    if change == "points":
        rules["order.completed"]["points"] = 7
    elif change == "cap":
        rules["login.day"]["cap"] = 2
    elif change == "streak":
        rules["login.streak"]["measure"]["length"] = 3
    elif change == "share":
        rules["rating.rate"]["measure"] |= {"numerator": 1, "denominator": 3}
    elif change == "levels":
        data["level"] = [{"level": "star", "rank": 1, "least": 10, "most": 40, "printed": ""}]
        data["level"].append({"level": "crown", "rank": 2, "least": 41, "printed": ""})
    elif change == "new":
        where = {"kinds": ["follow", "rating"], "actor_types": [], "ratings": ["good", "bad"]}
        new = dict(rules["reply"], rule_id="new", measure={"kind": "day_runs", "length": 2, "where": where})
        every = {"kinds": [], "actor_types": ["personal"], "ratings": []}
        count = dict(rules["reply"], rule_id="every", measure={"kind": "event_count", "where": every})
        anyone = dict(rules["reply"], rule_id="anyone", measure={"kind": "follow_set", "actor_types": []})
        data["rule"] = [new, count, anyone, *data["rule"]]
    elif change == "removed":
        data["rule"] = [rule for rule in data["rule"] if rule["rule_id"].startswith(("company", "follow.p"))]
    return PointsFile.model_validate(data)


CHANGES = ["", "points", "cap", "streak", "share", "levels", "new", "removed"]
windows = st.sampled_from([YEAR, Window(None, date(2021, 12, 31)), Window(date(2020, 2, 29), date(2020, 2, 29))])


@settings(max_examples=50, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(
    shops=made.shops(),
    events=made.events(),
    window=windows,
    change=st.sampled_from(CHANGES),
    form=st.sampled_from(["csv", "jsonl", "parquet", "zoned", "split"]),
)
def test_both_engines_write_equal_files(
    shops: list[made.Row], events: list[made.Row], window: Window, change: str, form: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if form == "jsonl":
            given_shops = made.write_jsonl(folder / "shops.jsonl", shops)
            files = [made.write_jsonl(folder / "events.jsonl", events)]
        elif form == "parquet":
            given_shops = made.write_parquet(folder / "shops.parquet", shops, SHOP_COLUMNS)
            files = [made.write_parquet(folder / "events.parquet", events, EVENT_COLUMNS)]
        elif form == "zoned":
            given_shops = made.write_csv(folder / "shops.csv", shops, SHOP_COLUMNS)
            files = [made.write_zoned_parquet(folder / "events.parquet", events)]
        else:
            given_shops = made.write_csv(folder / "shops.csv", shops, SHOP_COLUMNS)
            half = len(events) // 2 if form == "split" else len(events)
            files = [made.write_csv(folder / "b.csv", events[:half], EVENT_COLUMNS[::-1])]
            if form == "split":
                files.append(made.write_zoned_parquet(folder / "a.parquet", events[half:]))
        both(request_for(given_shops, tuple(files), window, points=varied(POINTS, change)), folder)


@settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(shops=made.shops(), events=made.events(), shuffle=st.randoms(use_true_random=False))
def test_order_and_repetition_of_rows_never_matter(
    shops: list[made.Row], events: list[made.Row], shuffle: "st.RandomLike"
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = made.write_csv(folder / "shops.csv", shops, SHOP_COLUMNS)
        again = [*events, *events]
        shuffle.shuffle(again)
        results = []
        for label, rows in (("once", events), ("again", again)):
            log = made.write_csv(folder / f"{label}.csv", rows, EVENT_COLUMNS)
            score_files(request_for(table, (log,)), folder / label)
            results.append([(folder / label / file).read_bytes() for file in ("totals.csv", "ledger.csv")])
        assert results[0] == results[1]


@pytest.mark.parametrize("engine", [Engine.DUCKDB, Engine.REFERENCE])
def test_a_changed_scheme_changes_the_result(case: Path, tmp_path: Path, engine: Engine) -> None:
    answers = {}
    for change in CHANGES:
        rules = varied(POINTS, change)
        request = request_for(case / "shops.csv", (case / "events.csv",), points=rules, engine=engine)
        score_files(request, tmp_path / (change or "as-shipped"))
        answers[change] = (tmp_path / (change or "as-shipped") / "totals.csv").read_bytes()
    assert len(set(answers.values())) == len(CHANGES)


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_of_one_id_that_differ_in_any_column_are_in_conflict(engine: Engine, case: Path, tmp_path: Path) -> None:
    at, later = "2021-05-05T10:00:00+08:00", "2021-05-05T10:00:00.000001+08:00"
    others = {
        "kind": "order",
        "occurred_at": later,
        "actor_id": "v",
        "actor_type": "enterprise",
        "rating": "",
        "voids": "",
    }
    rows = []
    for column in EVENT_COLUMNS[2:]:
        cells = (f"e-{column}", "shop-00", "comment", at, "u", "personal", "good", "x")
        row = dict(zip(EVENT_COLUMNS, cells, strict=True))
        rows += [row, dict(row), row | {column: others[column]}]
    log = made.write_csv(tmp_path / "events.csv", rows, EVENT_COLUMNS)
    score_files(request_for(case / "shops.csv", (log,), engine=engine), tmp_path / "out")
    with (tmp_path / "out/rejected.csv").open(encoding="utf-8", newline="") as stream:
        lines = [(line["row"], line["code"]) for line in csv.DictReader(stream) if line["source"] == "events.csv"]
    assert lines == [(str(number), "id_conflict") for number in range(1, len(rows) + 1)]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_way_to_write_a_time_is_told(engine: Engine, case: Path, tmp_path: Path) -> None:
    times = [*made.GOOD_TIMES, *made.WRONG_TIMES]
    blank = dict.fromkeys(EVENT_COLUMNS, "")
    rows = [
        blank | {"event_id": f"e{n}", "shop_id": "shop-00", "kind": "order", "occurred_at": t}
        for n, t in enumerate(times)
    ]
    log = made.write_csv(tmp_path / "events.csv", rows, EVENT_COLUMNS)
    score_files(request_for(case / "shops.csv", (log,), engine=engine), tmp_path / "out")
    with (tmp_path / "out/rejected.csv").open(encoding="utf-8", newline="") as stream:
        told = {line["event_id"]: line["code"] for line in csv.DictReader(stream) if line["source"] == "events.csv"}
    assert told == {f"e{n}": "bad_time" for n, time in enumerate(times) if time in made.WRONG_TIMES}


def test_parquet_out_holds_the_rows_of_csv_out(case: Path, tmp_path: Path) -> None:
    given = case / "shops.csv", (case / "events.csv",)
    for form in FileFormat:
        score_files(request_for(*given, format=form), tmp_path / form)
        score_files(request_for(*given, format=form, engine=Engine.REFERENCE), tmp_path / f"reference-{form}")
    expected_columns = {name: list(columns) for name, columns in COLUMNS.items()}
    for name in ("ledger", "totals", "rejected"):
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            expected = [tuple(row) for row in csv.reader(stream)][1:]
        columns = ", ".join(expected_columns[name])
        for engine in ("", "reference-"):
            rows = duckdb.sql(f"SELECT * FROM '{tmp_path}/{engine}parquet/{name}.parquet'").fetchall()
            assert [tuple(map(str, row)) for row in rows] == expected
            parts = f"read_parquet('{tmp_path}/{engine}dataset/{name}/*/*.parquet', hive_partitioning = true)"
            rows = duckdb.sql(f"SELECT {columns} FROM {parts}").fetchall()
            assert sorted(tuple(map(str, row)) for row in rows) == sorted(expected)
