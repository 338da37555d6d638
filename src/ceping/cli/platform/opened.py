"""The installation of this machine opened for a command that works with its records."""

import os
from typing import NoReturn

import django
import typer

from ceping.config.environment import BadSetting, home, words
from ceping.postgres.programs import NoPostgres

FAILED = 2


def open_installation() -> None:
    """Django is set up on a database that stands. Raises typer.Exit after a sentence where there is none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
    try:
        if not words("DATABASE_URL") and not (home().postgres / "data").exists():
            refuse(f"{home().folder} 里还没有测评平台。请先运行 ceping run，或用 CEPING_HOME 指定它的文件夹。")
        django.setup()
        _check_tables()
    except (BadSetting, NoPostgres) as error:
        refuse(str(error))


def refuse(message: str) -> NoReturn:
    """Raises typer.Exit with the sentence told."""
    typer.echo(message, err=True)
    raise typer.Exit(FAILED)


def _check_tables() -> None:
    from django.db import DatabaseError, connection  # noqa: PLC0415 -- set up by now

    try:
        missing = "journal_entry" not in connection.introspection.table_names()
    except DatabaseError:
        refuse("连不上数据库。请确认它在运行，DATABASE_URL 写对了，再试一次。")
    if missing:
        refuse("数据库里还没有平台的表。请先运行一次 ceping run。")
