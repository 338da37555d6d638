"""Once a night goes what nobody needs: pictures for the viewer not looked at lately, bytes that never got a row."""

from datetime import timedelta

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.ground.files.actions import remove_unclaimed
from ceping.ground.files.shown import remove_drawn

# Longer than a district needs for one report; what is still looked at is drawn again in a second.
DRAWN_DAYS = 14
# Longer than the slowest sender takes between the bytes on disk and their row.
UNCLAIMED_DAYS = 2


@app.periodic(cron="20 3 * * *")
@app.task(name="files.remove_drawn", queueing_lock="files.remove_drawn", lock="files.remove_drawn")
def remove_drawn_daily(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """Once a night; answers how many files went."""
    close_old_connections()
    try:
        return remove_drawn(before=timezone.now() - timedelta(days=DRAWN_DAYS))
    finally:
        close_old_connections()


@app.periodic(cron="40 3 * * *")
@app.task(name="files.remove_unclaimed", queueing_lock="files.remove_unclaimed", lock="files.remove_unclaimed")
def remove_unclaimed_daily(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """Once a night; answers how many files went."""
    close_old_connections()
    try:
        return remove_unclaimed(before=timezone.now() - timedelta(days=UNCLAIMED_DAYS))
    finally:
        close_old_connections()
