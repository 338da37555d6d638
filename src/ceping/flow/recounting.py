"""The whole platform counted anew: the log brought out as far as it goes, scored as files are, beside the ledger."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.bulk import eventlog
from ceping.bulk.recount import Difference, recount
from ceping.bulk.request import Cluster, Engine, Request, Unreadable
from ceping.core.finding import fault
from ceping.core.points import EVENT_COLUMNS, Window
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.queries import under_way
from ceping.ground.work.tasks import Made
from ceping.stages.points.access import why_not_oversee
from ceping.stages.points.actions.posting import day_of
from ceping.stages.points.actions.recounting import keep_recount
from ceping.stages.points.models import Recount
from ceping.stages.points.queries.rules import rules_in_force
from ceping.stages.points.queries.whole import SHOPS, newest_sequence, stretch_after, write_held, write_stretch
from ceping.stages.points.tasks import bring_to_day, post

RECOUNT, ABOUT = "recount_points", "points:recount"
# Events of one part: some seconds of work that a stop throws away.
MOST_IN_PART = 500_000
# Of a hundred steps that a person sees, those of bringing out the log, and of looking at what was brought out before.
_BRINGING, _CHECKING = 40, 20
Tell = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Brought:
    """The log as files: parts and events in all, those that are new, and its last sequence."""

    parts: int
    events: int
    new_parts: int
    new_events: int
    upto: int


@dataclass(frozen=True, slots=True)
class Engined:
    """Who counts: the engine, the cluster of Spark if it is that, and the memory it may take."""

    engine: Engine = Engine.DUCKDB
    cluster: Cluster | None = None
    memory: str = "2GB"


DUCKDB = Engined()


class CalledOff(Exception):
    """Whoever asked does not want it any more."""


def bring_out(folder: Path, *, tell: Tell, most: int = MOST_IN_PART) -> Brought:
    """The log stands in `folder` up to its newest event: only what is not there yet is written.

    `tell` gets events done and events in all, and answers whether to go on; parts that stand, stand. Raises Refused
    when the folder cannot be used or somebody else is writing it, CalledOff.
    """
    with _told(folder), eventlog.held(folder):
        before = len(eventlog.parts_in(folder))
        parts = _brought(folder, newest_sequence(), tell, most)
    new = parts[before:]
    events = sum(one.rows for one in parts)
    return Brought(len(parts), events, len(new), sum(one.rows for one in new), parts[-1].last if parts else 0)


def recount_all(
    *, by: User | None, at: datetime, tell: Tell, engined: Engined = DUCKDB, folder: Path | None = None
) -> tuple[Recount, list[Difference]]:
    """Every shop's points counted anew from the log, beside its ledger; what differs is told and stays as it is.

    What waits is posted and every shop brought to today before, as the clock does it. `tell` gets steps done of a
    hundred. Raises Refused when the log or an engine cannot be used, CalledOff.
    """
    place = folder or Path(settings.POINTS_LOG)
    with _told(place), eventlog.held(place):
        post()
        bring_to_day(at=at)
        rules, day = rules_in_force(), day_of(at)
        # Beside the log, where a cluster finds it too.
        with tempfile.TemporaryDirectory(prefix=eventlog.WORK, dir=place) as name:
            held_in, result = Path(name) / "held", Path(name) / "result"
            held_in.mkdir()
            result.mkdir()
            held = write_held(held_in, day=day, rules=rules)
            # What is accepted from here on belongs to the next count.
            parts = _brought(place, held.upto, _within(tell, 0, _BRINGING), MOST_IN_PART)
            _check(place, parts, _within(tell, _BRINGING, _BRINGING + _CHECKING))
            request = Request(
                points=rules.points,
                scheme=rules.label,
                scheme_sha256=rules.sha256,
                shops=held_in / SHOPS,
                events=eventlog.paths_of(place, parts) or (_no_events(Path(name)),),
                window=Window(None, day),
                engine=engined.engine,
                memory=engined.memory,
                cluster=engined.cluster,
            )
            scoring = _within(tell, _BRINGING + _CHECKING, 99)
            found = recount(request, held_in, result, lambda share: _go_on(scoring(int(share * 1000), 1000)))
    made = keep_recount(
        found=found, held=held, day=day, rules=rules, engine=engined.engine, begun=at, by=by, at=timezone.now()
    )
    return made, found.differences


@transaction.atomic
def ask_to_recount(*, by: User, at: datetime) -> Job:
    """A worker counts the whole platform anew. Raises NotAllowed; Refused while one is at it."""
    if why := why_not_oversee(by):
        raise NotAllowed(why)
    if under_way(ABOUT, RECOUNT).exists():
        raise Refused(fault("points_work_going"))

    def begin(token: str) -> None:
        app.configure_task("flow.recount_asked").defer(token=token)

    return ask_for(kind=RECOUNT, about=ABOUT, given={}, begin=begin, by=by, at=at)


def recounted(job: Job) -> Made:
    """The work itself, for the page."""

    def tell(done: int, total: int) -> bool:
        return tell_progress(job=job, done=done, total=total)

    try:
        made, _ = recount_all(by=job.asked_by, at=timezone.now(), tell=tell)
    except CalledOff:
        return {}, ()
    return {"recount": made.pk, "differing": made.differing}, ()


def _brought(folder: Path, upto: int, tell: Tell, most: int) -> list[eventlog.Part]:
    parts = eventlog.parts_in(folder)
    eventlog.tidy(folder, parts)
    start = parts[-1].last if parts else 0
    if start > upto:
        raise Unreadable(fault("points_log_foreign", file=str(folder), last=start, newest=upto))
    after = start
    while (last := stretch_after(after, upto, most)) > after:
        _, parts = eventlog.add_part(folder, parts, last, partial(write_stretch, after, last))
        after = last
        _go_on(tell(after - start, upto - start))
    return parts


def _check(folder: Path, parts: list[eventlog.Part], tell: Tell) -> None:
    done, total = 0, sum(one.size for one in parts)

    def move(size: int) -> None:
        nonlocal done
        done += size
        _go_on(tell(done, total))

    eventlog.check_parts(folder, parts, move)


def _within(tell: Tell, first: int, last: int) -> Tell:
    """Steps of a part of the work as steps of a hundred."""

    def move(done: int, total: int) -> bool:
        return tell(first + (last - first) * done // max(1, total), 100)

    return move


def _go_on(wanted: Any) -> None:  # noqa: ANN401 -- any truth
    if not wanted:
        raise CalledOff


def _no_events(folder: Path) -> Path:
    """A log without a row, for a platform where nothing happened yet."""
    path = folder / "events.csv"
    path.write_text(",".join(EVENT_COLUMNS) + "\n", encoding="ascii")
    return path


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except Unreadable as unreadable:
        raise Refused(*unreadable.findings) from None
    except OSError as error:
        raise Refused(fault("points_log_unwritable", file=str(folder), reason=error.strerror or str(error))) from None
