"""Makes an installation ready: folders, database, tables, static files; told to a person, safe to repeat.

python -m ceping.config.prepare
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.utils import timezone

from ceping.config import checks
from ceping.config.environment import BadSetting, whole, words
from ceping.config.mail import faults_in_mail
from ceping.config.oidc import faults_in_oidc
from ceping.postgres.programs import NoPostgres


class NotReady(RuntimeError):
    """The platform must not start like this; the message says why, one sentence a line."""


def main() -> int:
    """0 when everything stands; 2 with a sentence when it cannot."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
    try:
        django.setup()
        _prepare()
    except (BadSetting, NoPostgres, NotReady, PermissionError) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- a program for a person at a terminal
        return 2
    return 0


def _prepare() -> None:
    from django.conf import settings  # noqa: PLC0415 -- set up by now

    _refuse_if(
        checks.before_start(
            checks.Stand(
                debug=settings.DEBUG,
                demo=settings.DEMO,
                https=settings.HTTPS,
                hosts=words("CEPING_HOSTS"),
                bind=os.environ.get("CEPING_BIND", ""),
                database_url=settings.DATABASE_URL,
                secret=settings.SECRET_KEY,
                proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
            )
        )
    )
    _refuse_if([*faults_in_mail(settings.MAIL), *faults_in_oidc(settings.OIDC)])
    folders = (settings.HOME.media, settings.HOME.outbox)
    _refuse_if(checks.of_the_machine(folders, timezone.localtime(), checks.disk_usage))
    _refuse_if(checks.of_the_database(checks.durability_of(_show)))
    call_command("check", fail_level="ERROR", stdout=io.StringIO())
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", database="default", verbosity=0)
    collect_static(settings.STATIC_ROOT)
    if settings.DEMO:
        _fill_demo()


def collect_static(root: Path) -> bool:
    """The static files lie in `root`; False when they already did, and nothing was done."""
    stamp = root.with_name(f"{root.name}.stamp")
    found = _fingerprint_of_sources()
    if root.is_dir() and stamp.is_file() and stamp.read_text(encoding="ascii") == found:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(found, encoding="ascii")
    return True


def _fingerprint_of_sources() -> str:
    """A hash over name, size and time of every file that would be collected."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415 -- as above

    digest = hashlib.sha256(django.get_version().encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = Path(storage.path(name)).stat()
            digest.update(f"\0{name}\0{state.st_size}\0{state.st_mtime_ns}".encode())
    return digest.hexdigest()


def _fill_demo() -> None:
    from ceping.flow.demo import COUNT, fill_demo  # noqa: PLC0415 -- only the demo needs its words and pictures
    from ceping.ground.people.models import User  # noqa: PLC0415 -- as above

    if User.objects.filter(demo=False).exists():
        raise NotReady(
            "CEPING_HOME 里是正式数据，不能用示范模式打开。请去掉 --demo，或用 CEPING_HOME 指定另一个文件夹。"
        )
    if fill_demo(at=timezone.now(), count=whole("CEPING_DEMO_INSTITUTIONS", default=COUNT, least=COUNT)):
        from ceping.flow.tasks import fill_earlier_season, fill_market_shops  # noqa: PLC0415 -- as above

        fill_market_shops.defer()
        fill_earlier_season.defer()


def _show(name: str) -> str:
    from django.db import connection  # noqa: PLC0415 -- as above

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _refuse_if(told: list[str]) -> None:
    if told:
        raise NotReady("\n".join(told))


if __name__ == "__main__":
    sys.exit(main())
