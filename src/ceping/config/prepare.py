"""Makes an installation ready: folders, database, tables, static files; told to a person, safe to repeat.

python -m ceping.config.prepare
"""

import os
import sys

import django
from django.core.management import call_command

from ceping.config.environment import BadSetting
from ceping.postgres.programs import NoPostgres


def main() -> int:
    """0 when everything stands; 2 with a sentence when it cannot."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
    try:
        django.setup()
        _prepare()
    except (BadSetting, NoPostgres, PermissionError) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- a program for a person at a terminal
        return 2
    return 0


def _prepare() -> None:
    from django.conf import settings  # noqa: PLC0415 -- set up by now

    for folder in (settings.HOME.media, settings.HOME.outbox):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("check", fail_level="ERROR", verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", database="default", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        from ceping.flow.demo import fill_demo  # noqa: PLC0415 -- only the demo needs its words and pictures

        fill_demo()


if __name__ == "__main__":
    sys.exit(main())
