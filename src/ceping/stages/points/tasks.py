"""Points beside the pages: batches handed in and posted within seconds, and every shop brought to each new day."""

from collections.abc import Sequence
from datetime import datetime

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from ceping.core.points import EventRow
from ceping.ground.people.models import User
from ceping.stages.points.actions import Taken, post_points, post_round, take_events
from ceping.stages.points.actions.posting import day_of
from ceping.stages.points.actions.sending import send_due
from ceping.stages.points.models import Standing

# So many shops share one transaction.
_SHARE = 200


@transaction.atomic
def hand_in(*, rows: Sequence[EventRow], source: str, by: User | None, at: datetime) -> Taken:
    """The batch is in the log, and the worker will post it; what `take_events` answers."""
    taken = take_events(rows=rows, source=source, by=by, at=at)
    if taken.delivery.accepted:
        ask_to_post()
    return taken


def ask_to_post() -> None:
    """A worker posts what waits, once for however many ask meanwhile."""
    try:
        with transaction.atomic():
            post.defer()
    except AlreadyEnqueued:
        # One that has not begun yet will find this as well.
        return


@app.task(name="points.post", queueing_lock="points.post", lock="points.post")
def post() -> int:
    """Everything that waits in the log is in the ledger; answers how many events that were."""
    done = 0
    _fresh_connection()
    try:
        while posted := post_round(at=timezone.now()):
            done += posted
    finally:
        _fresh_connection()
    return done


@app.periodic(cron="* * * * *")
@app.task(name="points.post_left", queueing_lock="points.post_left", lock="points.post")
def post_left(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """What was accepted while no worker took it up is posted within a minute."""
    return int(post())


@app.periodic(cron="* * * * *")
@app.task(name="points.send", queueing_lock="points.send", lock="points.send")
def send(timestamp: int) -> int:  # noqa: ARG001 -- as above
    """What other systems are to be told is tried when it is due; answers how many tries that were."""
    _fresh_connection()
    try:
        return send_due(at=timezone.now())
    finally:
        _fresh_connection()


@app.periodic(cron="5 0 * * *")
@app.task(name="points.turn_day", queueing_lock="points.turn_day", lock="points.turn_day")
def turn_day(timestamp: int) -> int:  # noqa: ARG001 -- as above
    """Every shop stands as of today: years complete themselves without any event; answers how many shops."""
    _fresh_connection()
    try:
        return bring_to_day(at=timezone.now())
    finally:
        _fresh_connection()


def bring_to_day(*, at: datetime) -> int:
    """As `turn_day`."""
    due = list(Standing.objects.exclude(as_of__gte=day_of(at)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(due), _SHARE):
        post_points(standings=due[start : start + _SHARE], at=at)
    return len(due)


def _fresh_connection() -> None:
    # A worker's thread lives for days: it takes none over and leaves none behind.
    if not connection.in_atomic_block:
        close_old_connections()
