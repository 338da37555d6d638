"""The whole platform counted anew: the same as the ledger whatever happened, and what is not is told and left alone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from testbed.scene import person
from typer.testing import CliRunner

from ceping.bulk import eventlog
from ceping.cli.platform import events as command
from ceping.core.points import EventRow
from ceping.flow.recounting import CalledOff, ask_to_recount, bring_out, recount_all
from ceping.flow.tasks import recount, recount_asked
from ceping.ground.journal.models import Entry
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from ceping.stages.points.actions import note_facts, take_events
from ceping.stages.points.models import Event, LedgerEntry, Recount, Standing
from tests.stages.test_points_ledger import AT, LOGS, SHOPS, TODAY, feed, row, shop

pytestmark = pytest.mark.django_db


def always(_done: int, _total: int) -> bool:
    return True


@pytest.fixture(autouse=True)
def here(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    # The connection is the test's own transaction.
    monkeypatch.setattr("ceping.flow.tasks.close_old_connections", lambda: None)
    settings.POINTS_LOG = tmp_path / "log"
    return tmp_path / "log"


@pytest.fixture
def busy() -> list[EventRow]:
    rows = [row(f"e{n}", "login", f"2021-06-{1 + n % 28:02d}T01:00:00Z") for n in range(40)]
    rows += [row(f"o{n}", "order", "2021-06-03T01:00:00Z", actor_id="a", actor_type="personal") for n in range(5)]
    rows.append(row("v1", "void", "2021-06-04T01:00:00Z", voids="o1"))
    note_facts(row=shop("s1"), source="test", at=AT)
    take_events(rows=rows, source="feed", by=None, at=AT)
    return rows


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(log=LOGS, seed=st.integers(0, 1000), told=st.sampled_from([SHOPS, SHOPS[:1], ()]))
def test_whatever_happened_the_count_is_what_the_ledger_holds(
    tmp_path_factory: pytest.TempPathFactory, log: list[EventRow], seed: int, told: tuple[str, ...]
) -> None:
    with transaction.atomic():
        for shop_id in told:
            note_facts(row=shop(shop_id), source="test", at=AT)
        feed(log, seed)
        made, differences = recount_all(by=None, at=AT, tell=always, folder=tmp_path_factory.mktemp("log"))
        assert differences == []
        assert made.compared == made.shops == Standing.objects.count()
        assert made.events == Event.objects.count()
        assert set(made.refused) <= {"unknown_shop"}
        transaction.set_rollback(True)


def spoil_ledger() -> LedgerEntry:
    """A line that no rule gives stands in the ledger, and a shop's cached sum is wrong."""
    line = LedgerEntry.objects.filter(rule_id="login.day").latest("pk")
    line.pk, line.quantity, line.points = None, 0, 7
    line.save()
    Standing.objects.filter(shop="s1").update(points=F("points") + 1)
    return line


def test_what_differs_is_told_with_both_numbers_and_left_as_it_is(busy: list[EventRow]) -> None:  # noqa: ARG001 -- there
    recount(0)
    assert Recount.objects.get().differing == 0
    line = spoil_ledger()
    made, differences = recount_all(by=None, at=AT, tell=always)
    total, rule = differences
    assert (total.shop_id, total.rule_id, total.held_points - total.found_points) == ("s1", "", 1)
    assert (rule.rule_id, rule.held_points, rule.found_points) == ("login.day", 28 + 7, 28)
    assert rule.held_quantity == rule.found_quantity == 28
    assert made.differing == 2
    assert made.differences[1]["held_points"] == 35
    assert LedgerEntry.objects.latest("pk") == line
    told = Entry.objects.filter(act="recount_points").latest("pk")
    assert told.body == {"sequence": made.sequence, "compared": 1, "differing": 2}


def test_shops_that_are_not_where_the_count_is_are_passed_over_and_counted(busy: list[EventRow]) -> None:  # noqa: ARG001 -- there
    recount(0)
    note_facts(row=shop("s2"), source="test", at=AT)
    Standing.objects.filter(shop="s2").update(rules_sha256="0" * 64)
    made, differences = recount_all(by=None, at=AT, tell=always)
    assert (made.shops, made.compared, made.passed) == (2, 1, {"day": 0, "rules": 1, "waiting": 0})
    assert differences == []
    assert made.day == TODAY


def test_the_log_is_brought_out_by_sequence_and_gone_on_with(busy: list[EventRow], here: Path) -> None:
    here.mkdir()
    told: list[int] = []

    def twice(done: int, _total: int) -> bool:
        told.append(done)
        return len(told) < 2

    with pytest.raises(CalledOff):
        bring_out(here, tell=twice, most=10)
    assert sum(one.rows for one in eventlog.parts_in(here)) == 20
    made = bring_out(here, tell=always, most=10)
    assert (made.events, made.new_events, made.new_parts) == (len(busy), len(busy) - 20, 3)
    assert bring_out(here, tell=always).new_parts == 0
    take_events(rows=[row("new", "login", "2021-06-30T01:00:00Z")], source="feed", by=None, at=AT)
    again = bring_out(here, tell=always)
    assert (again.new_events, again.upto) == (1, Event.objects.latest("pk").pk)
    eventlog.check_parts(here, eventlog.parts_in(here))


def spoiled_logs(folder: Path) -> Iterator[tuple[str, str]]:
    listed = (folder / "log.json").read_text(encoding="utf-8")
    (folder / "log.json").write_text("{", encoding="utf-8")
    yield "points_log_malformed", str(folder / "log.json")
    (folder / "log.json").write_text(listed, encoding="utf-8")
    part = eventlog.paths_of(folder, eventlog.parts_in(folder))[0]
    data = part.read_bytes()
    part.write_bytes(data[:-9])
    yield "points_log_part", str(part)
    part.write_bytes(data)
    eventlog.add_part(folder, eventlog.parts_in(folder), 10**9, lambda _stream: None)
    yield "points_log_foreign", str(folder)


def test_a_spoiled_log_stops_the_count_and_nothing_is_said_of_points(busy: list[EventRow], here: Path) -> None:  # noqa: ARG001 -- there
    recount(0)
    for code, file in spoiled_logs(here):
        with pytest.raises(Refused) as refused:
            recount_all(by=None, at=AT, tell=always)
        assert [(one.code, one.file) for one in refused.value.findings] == [(code, file)]
    assert Recount.objects.count() == 1


def test_nothing_happened_yet(here: Path) -> None:  # noqa: ARG001 -- where it lies
    made, differences = recount_all(by=None, at=AT, tell=always)
    assert (made.events, made.shops, made.differing, differences) == (0, 0, 0, [])


def test_the_operator_asks_and_nobody_else(busy: list[EventRow]) -> None:  # noqa: ARG001 -- there
    with pytest.raises(NotAllowed):
        ask_to_recount(by=person("主办", Role.ORGANISER), at=AT)
    job = ask_to_recount(by=person("运营", Role.OPERATOR), at=AT)
    with pytest.raises(Refused):
        ask_to_recount(by=job.asked_by, at=AT)
    recount_asked(job.token)
    job = Job.objects.get()
    assert (job.state, job.done, job.result["differing"]) == (State.DONE, 100, 0)
    assert Recount.objects.get().asked_by == job.asked_by


def test_the_commands_say_what_they_did_and_end_with_1_when_something_differs(
    busy: list[EventRow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "open_installation", lambda: None)
    run = CliRunner().invoke
    told = run(command.app, ["export", "--to", str(tmp_path / "other"), "--verify"])
    assert told.exit_code == 0, told.output
    assert f"里有 1 段，事件 {len(busy)} 个" in told.output
    assert "逐段核对无误" in told.output
    told = run(command.app, ["recount"])
    assert told.exit_code == 0, told.output
    assert "账目与复算一致" in told.output
    spoil_ledger()
    told = run(command.app, ["recount", "--out", str(tmp_path / "found.csv")])
    assert told.exit_code == 1, told.output
    assert "s1  login.day  账目 35（28）  复算 28（28）" in told.output
    assert (tmp_path / "found.csv").read_text(encoding="utf-8").splitlines()[2] == "s1,login.day,28,28,35,28"
    (tmp_path / "log" / "log.json").write_text("", encoding="utf-8")
    told = run(command.app, ["recount", "--json"])
    assert told.exit_code == 2
    assert "points_log_malformed" in told.output
    for wrong in (["--engine", "reference"], ["--memory", "much"]):
        assert run(command.app, ["recount", *wrong]).exit_code == 2


def test_the_clock_stands_in_the_row(busy: list[EventRow], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 -- there
    later = datetime.fromisoformat("2021-07-01T04:00:09+00:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    made, _ = recount_all(by=None, at=AT, tell=always)
    assert (made.begun_at, made.ended_at, made.day) == (AT, later, TODAY)
