"""What the platform does by the clock."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.flow import exports, points_desk, recounting
from ceping.flow.audit import verified
from ceping.flow.remind import remind_due
from ceping.ground.exports.actions import remove_run_out
from ceping.ground.work.tasks import carry_out
from ceping.stages.publication.tasks import make


@app.periodic(cron="5,35 * * * *")
@app.task(name="flow.remind", queueing_lock="flow.remind", lock="flow.remind")
def remind(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """Deadlines near are told; answers how many people were."""
    close_old_connections()
    try:
        return remind_due(at=timezone.now())
    finally:
        close_old_connections()


@app.task(name="flow.fill_earlier", queueing_lock="flow.fill_earlier", lock="flow.fill_earlier")
def fill_earlier_season() -> bool:
    """The demo's earlier season is published with its papers; answers whether that was to be done."""
    # Only the demo needs its words and pictures.
    from ceping.flow.demo_earlier import fill_earlier  # noqa: PLC0415 -- as said

    close_old_connections()
    try:
        made = fill_earlier(at=timezone.now())
    finally:
        close_old_connections()
    # A worker asks for work on a connection of its own, before what it is about can be seen: it does this itself.
    if made is not None and made.job is not None:
        make(made.job.token)
    return made is not None


@app.task(name="flow.fill_market", queueing_lock="flow.fill_market", lock="flow.fill_market")
def fill_market_shops() -> int:
    """The demo's cloud shops stand; answers how many were made."""
    # Only the demo needs its words and pictures.
    from ceping.flow.demo_market import fill_market  # noqa: PLC0415 -- as said

    close_old_connections()
    try:
        return fill_market(at=timezone.now())
    finally:
        close_old_connections()


@app.task(name="flow.verify_journal")
def verify_journal(token: str) -> None:
    """Every chain of the journal is computed again."""
    carry_out(token, verified)


@app.task(name="flow.make_export")
def make_export(token: str) -> None:
    """A list that two people let go."""
    carry_out(token, lambda job: exports.made(job, at=timezone.now()))


@app.task(name="flow.import_points")
def import_points(token: str) -> None:
    """Files of shops and events are taken in."""
    carry_out(token, points_desk.imported)


@app.task(name="flow.preview_rules")
def preview_rules(token: str) -> None:
    """Who would change level by another version of the rules is counted."""
    carry_out(token, points_desk.previewed)


@app.task(name="flow.follow_rules")
def follow_rules(token: str) -> None:
    """Every shop is brought to the rules in force."""
    carry_out(token, points_desk.followed)


@app.task(name="flow.recount_asked", lock="flow.recount")
def recount_asked(token: str) -> None:
    """Every shop's points are counted anew from the log."""
    carry_out(token, recounting.recounted)


@app.periodic(cron="40 1 * * *")
@app.task(name="flow.recount", queueing_lock="flow.recount", lock="flow.recount")
def recount(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """The same every night; answers how many rules and totals are not as the ledger holds them."""
    close_old_connections()
    try:
        return recounting.recount_all(by=None, at=timezone.now(), tell=lambda _done, _total: True)[0].differing
    finally:
        close_old_connections()


@app.periodic(cron="*/10 * * * *")
@app.task(name="flow.remove_exports", queueing_lock="flow.remove_exports", lock="flow.remove_exports")
def remove_exports(timestamp: int) -> int:  # noqa: ARG001 -- as above
    """Lists whose time is over are gone; answers how many."""
    close_old_connections()
    try:
        return remove_run_out(at=timezone.now())
    finally:
        close_old_connections()
