"""Trials leave no trace in any table; a year beside the last; papers of a result; events in three forms."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from django.db import connection
from testbed.evaluated import NOW, Evaluated, computed, season_of

from ceping.documents.inspection.kind import Kind
from ceping.flow.demo_results import csv_arrived
from ceping.ground.files.actions import bytes_of, take_in
from ceping.ground.files.models import File
from ceping.ground.files.store import place_of
from ceping.ground.people.access import Refused
from ceping.ground.work.models import Job, State
from ceping.stages.results.actions import supply_table
from ceping.stages.results.models import Computation, Standing, Supplied
from ceping.stages.results.queries import RESULTS, history_of, path_of, year_on_year
from ceping.stages.results.states import ComputationState, SuppliedKind
from ceping.stages.results.tasks import Trial, Words, ask_for_papers, ask_to_try, make_papers, try_results
from ceping.stages.scheme.models import Season

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Of the work itself, which is no record of the season.
_OF_THE_WORK = ("work_job", "procrastinate_")


def record() -> Mapping[str, tuple[int, str]]:
    """Of every table how many rows it has, and one hash over them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(_OF_THE_WORK):
                cursor.execute(f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
                found[table] = cursor.fetchone()
    return found


def tried(found: Evaluated, trial: Trial) -> Job:
    job = ask_to_try(season=season_of(found), trial=trial, by=found.lead, at=NOW)
    try_results(job.token)
    return Job.objects.get(pk=job.pk)


def test_a_trial_touches_no_table_and_starts_from_the_record(found: Evaluated) -> None:
    made = computed(found)
    before, published = record(), path_of(made, RESULTS).read_bytes()
    last = made.standings.exclude(rank=None).last()
    assert last is not None
    most = next(one for one in found.scheme.scored if one.judge is not None)
    assert most.judge is not None
    trial = Trial({"licence": Decimal(10)}, rescale=True, marks={(last.uscc, most.key): most.judge.max})
    job = tried(found, trial)
    assert job.state == State.DONE, job.findings
    told = {one["uscc"]: one for one in job.result["lines"]}
    stands = {one.uscc: (one.total, one.grade, one.rank) for one in made.standings.all()}
    old = {uscc: one["old"] for uscc, one in told.items()}
    assert {uscc: (one["total"], one["grade"], one["rank"]) for uscc, one in old.items()} == stands
    assert Decimal(told[last.uscc]["new"]["total"]) != Decimal(told[last.uscc]["old"]["total"])
    assert job.result["weights"]["licence"] == ["8", "10"]
    assert record() == before
    assert path_of(made, RESULTS).read_bytes() == published


@pytest.mark.parametrize(
    ("trial", "code"),
    [
        (Trial({"licence": Decimal(50)}), "whatif_weights_differ"),
        (Trial({"licence": Decimal(-1)}), "whatif_weight_negative"),
        (Trial(without="nobody"), "whatif_assessor_unknown"),
        (Trial(marks={("nobody", "licence"): Decimal(1)}), "whatif_mark_unknown"),
        (Trial(marks={("", "orders"): Decimal(1)}), "whatif_mark_unknown"),
    ],
)
def test_what_cannot_be_tried_is_told(found: Evaluated, trial: Trial, code: str) -> None:
    job = tried(found, trial)
    assert (job.state, job.findings[0]["code"]) == (State.FAILED, code)


def test_a_mark_that_the_rule_does_not_give_is_refused(found: Evaluated) -> None:
    item = next(one for one in found.scheme.scored if one.judge is not None)
    uscc = found.second.entries[0].institution.uscc
    job = tried(found, Trial(marks={(uscc, item.key): Decimal(1000)}))
    assert job.findings[0]["code"] == "whatif_mark_unfit"
    with pytest.raises(Refused):
        ask_to_try(season=season_of(found), trial=Trial(), by=found.lead, at=NOW)


def earlier(made: Computation) -> Computation:
    """The season a year before: one institution with ten points less, one that is gone now, one that is new now."""
    season = Season.objects.create(
        title="上一年度",
        scheme=made.season.scheme,
        from_on=date(2020, 1, 1),
        to_on=date(2020, 12, 31),
        state="published",
        created_at=NOW,
    )
    job = Job.objects.create(
        token=f"{made.pk}", kind="x", about="x", given={}, result={}, asked_by=made.computed_by, asked_at=NOW
    )
    former = Computation.objects.create(
        season=season,
        number=1,
        state=ComputationState.FROZEN,
        version=1,
        job=job,
        inputs_sha256="0" * 64,
        results_sha256="0" * 64,
        complete=True,
        computed_by=made.computed_by,
        computed_at=NOW,
        lead=made.computed_by,
        lead_at=NOW,
        organiser=made.season.opened_by,
        frozen_at=NOW,
    )
    rows = list(made.standings.all())
    rows[0].total = str(Decimal(rows[0].total) - 10)
    rows[1].uscc, rows[1].name = "91310000MA1FL00000", "不再参评的机构"
    for row in rows:
        row.pk, row.computation = None, former
    Standing.objects.bulk_create(rows)
    return former


def test_a_year_stands_beside_the_last_and_goes_into_the_report(found: Evaluated) -> None:
    made = computed(found)
    assert year_on_year(made) is None
    former = earlier(made)
    beside = year_on_year(made)
    assert beside is not None
    assert (beside.former, beside.compared.comparable) == (former, True)
    assert [beside.compared.count(one) for one in ("stayed", "new", "left")] == [11, 1, 1]
    first = made.standings.first()
    assert first is not None
    pair = next(one for one in beside.compared.pairs if one.uscc == first.uscc)
    assert pair.one is not None
    assert pair.two is not None
    assert beside.compared.change(pair.one.total, pair.two.total) == 10
    assert (pair.two.level, pair.two.district) == (first.told["level"], first.recommender)
    words = Words("上海某测评中心", date(2022, 6, 1))
    job = ask_for_papers(computation=made, kind="work-report", words=words, by=found.lead, at=NOW)
    make_papers(job.token)
    job.refresh_from_db()
    assert job.state == State.DONE, job.findings
    word = File.objects.get(pk=next(one["file"] for one in job.result["files"] if one["name"].endswith(".docx")))
    with zipfile.ZipFile(bytes_of(word)) as package:
        text = package.read("word/document.xml").decode()
    assert "与上一年度比较" in text
    assert "上海某测评中心" in text


def test_grades_of_former_years_come_from_the_table(found: Evaluated) -> None:
    uscc, season = found.second.entries[0].institution.uscc, season_of(found)
    rows = [{"uscc": uscc, "season": year, "grade": grade} for year, grade in (("2019", "合格"), ("2020", "优秀"))]
    arrived = csv_arrived(rows, ["uscc", "season", "grade"], name="history.csv")
    supply_table(season=season, kind=SuppliedKind.HISTORY, arrived=arrived, form="csv", by=found.lead, at=NOW)
    assert history_of(season) == {uscc: [("2020", "优秀"), ("2019", "合格")]}


def test_many_papers_come_as_one_archive_of_the_same_bytes(found: Evaluated) -> None:
    made, words = computed(found), Words("", date(2022, 6, 1))
    hashes = []
    for _ in range(2):
        job = ask_for_papers(computation=made, kind="marks", words=words, by=found.lead, at=NOW)
        make_papers(job.token)
        job.refresh_from_db()
        assert job.state == State.DONE, job.findings
        (told,) = job.result["files"]
        path = bytes_of(File.objects.get(pk=told["file"]))
        hashes.append(hashlib.sha256(path.read_bytes()).hexdigest())
        with zipfile.ZipFile(path) as archive:
            assert len([name for name in archive.namelist() if name.endswith(".pdf")]) > 4
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_events_come_in_other_forms_and_count_the_same(found: Evaluated, form: str, tmp_path: object) -> None:
    first, season = computed(found), season_of(found)
    csv = Supplied.objects.filter(season=season, kind=SuppliedKind.EVENTS).latest("pk")
    target = f"{tmp_path}/events.{form}"
    how = "FORMAT JSON" if form == "jsonl" else "FORMAT PARQUET"
    source = place_of(csv.file.blob.sha256)
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{source}', all_varchar=true)) TO '{target}' ({how})")
    with open(target, "rb") as stream:  # noqa: PTH123 -- a name made above
        arrived = take_in(stream, name=f"events.{form}", wanted={Kind.CSV, Kind.JSONL, Kind.PARQUET})
    assert arrived.kind == form
    with pytest.raises(Refused):
        supply_table(season=season, kind=SuppliedKind.SHOPS, arrived=arrived, form=form, by=found.lead, at=NOW)
    supply_table(season=season, kind=SuppliedKind.EVENTS, arrived=arrived, form=form, by=found.lead, at=NOW)
    again = computed(found)
    assert again.inputs_sha256 != first.inputs_sha256
    assert json.loads(path_of(again, RESULTS).read_bytes()) == json.loads(path_of(first, RESULTS).read_bytes())
