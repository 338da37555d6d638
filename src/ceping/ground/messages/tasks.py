"""The outbox is emptied every minute."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.ground.messages.sending import bring_back, claim, hand_over


@app.periodic(cron="* * * * *")
@app.task(name="messages.send", queueing_lock="messages.send", lock="messages.send")
def send(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """Everything that is due; answers how many letters were taken up."""
    close_old_connections()
    try:
        bring_back(at=timezone.now())
        taken = 0
        while (letter := claim(at=timezone.now())) is not None:
            hand_over(letter, at=timezone.now())
            taken += 1
        return taken
    finally:
        close_old_connections()
