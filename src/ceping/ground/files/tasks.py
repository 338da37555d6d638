"""The pictures drawn for the viewer are cleared of what nobody looked at lately."""

from datetime import timedelta

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.ground.files.shown import remove_drawn

# Longer than a district needs for one report; what is still looked at is drawn again in a second.
DRAWN_DAYS = 14


@app.periodic(cron="20 3 * * *")
@app.task(name="files.remove_drawn", queueing_lock="files.remove_drawn", lock="files.remove_drawn")
def remove_drawn_daily(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """Once a night; answers how many files went."""
    close_old_connections()
    try:
        return remove_drawn(before=timezone.now() - timedelta(days=DRAWN_DAYS))
    finally:
        close_old_connections()
