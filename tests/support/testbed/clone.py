"""Databases of the tests: migrated once into a template named by all migrations, then cloned in a few milliseconds."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from testbed.settings import ROOT, SERVER

_LOCK = ROOT / "var" / "test" / "template.lock"


def template() -> str:
    """The name of a database with every migration applied; made when no run made it before."""
    name = f"template_{_fingerprint()}"
    _LOCK.parent.mkdir(parents=True, exist_ok=True)
    with _LOCK.open("w") as lock, _administering() as admin:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {row[0] for row in admin.execute("SELECT datname FROM pg_database").fetchall()}
        if name not in known:
            for old in known:
                if str(old).startswith("template_"):
                    _drop(admin, str(old))
            unready = f"unready_{name}"
            _drop(admin, unready)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unready)))
            use(unready)
            call_command("migrate", verbosity=0, interactive=False)
            close()
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unready), sql.Identifier(name))
            )
    return name


def own_name() -> str:
    """The name of this process's database."""
    return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


def renew() -> None:
    """This process's database is as the template; whatever was in it is gone."""
    close()
    origin = template()
    with _administering() as admin:
        drop_own(admin)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(own_name()), sql.Identifier(origin))
        )
    use(own_name())


def drop_own(admin: psycopg.Connection[tuple[object, ...]] | None = None) -> None:
    """This process's database is gone."""
    close()
    if admin is not None:
        _drop(admin, own_name())
    else:
        with _administering() as own:
            _drop(own, own_name())


def use(name: str) -> None:
    """Django speaks to the database of that name from now on."""
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
        connections.settings[alias]["NAME"] = name


def close() -> None:
    """No connection of this process is open."""
    connections.close_all()


def _drop(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """
    The database of that name is gone, whoever was connected.

    Not `WITH (FORCE)`: that is refused while an autovacuum worker, which is not ours to end, is in the database; a
    plain DROP sends those away itself.
    """
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [name],
    )
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _administering() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(**SERVER.use(), autocommit=True) as connection:  # type: ignore[arg-type]
        yield connection


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label}/{path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
