"""The worker of background tasks; ends with the supervisor, after the task at hand.

python -m ceping.config.worker
"""

import os

import django
from django.core.management import call_command

from ceping.config.lifeline import hold
from ceping.documents.confined import keep_nursery

_COURTESY = 10


def main() -> None:
    """Works until asked to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
    django.setup()
    # A page somebody waits for goes before work nobody does; what the worker starts inherits it.
    os.nice(_COURTESY)
    hold()
    keep_nursery()
    call_command("procrastinate", "worker", "--concurrency", "2")


if __name__ == "__main__":
    main()
