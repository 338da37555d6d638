"""What the surroundings say: typed readers that refuse odd values in words, and the folder everything lies in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class BadSetting(ValueError):
    """A setting that cannot be meant; the message names it, what it holds, and what it may hold."""


@dataclass(frozen=True, slots=True)
class Home:
    """`CEPING_HOME`: database, files, messages and keys of one installation, each in its own folder."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The embedded server."""
        return self.folder / "pg"

    @property
    def media(self) -> Path:
        """What was uploaded or issued, by its SHA-256."""
        return self.folder / "media"

    @property
    def outbox(self) -> Path:
        """Messages as files, until a real sender is configured."""
        return self.folder / "outbox"

    @property
    def points_log(self) -> Path:
        """The log of events as files, for a count of the whole platform."""
        return self.folder / "points-log"

    @property
    def keys(self) -> Path:
        """Secrets, for their owner alone."""
        return self.folder / "keys"


def home(environ: Mapping[str, str] = os.environ) -> Home:
    """The installation's folder: `CEPING_HOME`, or `var` below the present one."""
    return Home(Path(environ.get("CEPING_HOME") or "var").resolve())


def flag(name: str, *, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """A yes or no."""
    given = environ.get(name)
    if given is None:
        return default
    if given.lower() in _TRUE:
        return True
    if given.lower() in _FALSE:
        return False
    raise BadSetting(f"{name} 是“{given}”，只能填 1 或 0。")


def whole(name: str, *, default: int, least: int = 1, environ: Mapping[str, str] = os.environ) -> int:
    """A whole number, not smaller than `least`."""
    given = environ.get(name, "").strip()
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise BadSetting(f"{name} 是“{given}”，请填不小于 {least} 的整数。")
    return int(given)


def words(name: str, *, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A list, parted by commas."""
    return [word.strip() for word in environ.get(name, "").split(",") if word.strip()]


def is_loopback(host: str) -> bool:
    """Whether the name or address is this machine as it sees itself."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def database_in(url: str) -> dict[str, object]:
    """Django's description of `postgresql://user:password@host:port/name?sslmode=…`.

    Raises BadSetting for any other kind of database or a URL without a name.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL 只接受 PostgreSQL：postgresql://账号:密码@主机:端口/库名。")
    try:
        port = str(parts.port or "")
    except ValueError:
        raise BadSetting("DATABASE_URL 的端口不是数字。") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
