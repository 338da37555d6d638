"""How letters leave: by the mail server that `CEPING_MAIL_…` names, else as files in the outbox."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from ceping.config.environment import BadSetting, is_loopback, whole

_PORTS = {"ssl": 465, "starttls": 587, "none": 25}
_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server and who the letters are from; without a host there is none and letters become files."""

    host: str = ""
    port: int = 0
    security: str = "ssl"
    user: str = ""
    password: str = ""
    sender: str = ""

    def settings(self) -> dict[str, object]:
        """Django's settings for it."""
        if not self.host:
            return {"EMAIL_BACKEND": "ceping.ground.messages.outbox.FileOutbox"}
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": self.port,
            "EMAIL_HOST_USER": self.user,
            "EMAIL_HOST_PASSWORD": self.password,
            "EMAIL_USE_SSL": self.security == "ssl",
            "EMAIL_USE_TLS": self.security == "starttls",
            "DEFAULT_FROM_EMAIL": self.sender,
            "SERVER_EMAIL": self.sender,
        }


def mail_in(environ: Mapping[str, str] = os.environ) -> Mail:
    """What the surroundings say of the mail server. Raises BadSetting for what cannot be meant."""

    def said(name: str) -> str:
        return environ.get(f"CEPING_MAIL_{name}", "").strip()

    if not said("HOST"):
        return Mail()
    security = said("SECURITY") or "ssl"
    if security not in _PORTS:
        raise BadSetting(f"CEPING_MAIL_SECURITY 是“{security}”，只能填 ssl、starttls 或 none。")
    port = whole("CEPING_MAIL_PORT", default=_PORTS[security], environ=environ)
    if port > _MOST_PORT:
        raise BadSetting(f"CEPING_MAIL_PORT 是“{port}”，请填 1 到 {_MOST_PORT} 的整数。")
    # A password may begin or end with a space.
    password = environ.get("CEPING_MAIL_PASSWORD", "")
    return Mail(said("HOST"), port, security, said("USER"), password, said("FROM"))


def faults_in_mail(mail: Mail) -> list[str]:
    """Why letters could not leave, or would leave readable by others; sentences for a person."""
    if not mail.host:
        return []
    told = []
    if "@" not in parseaddr(mail.sender)[1]:
        told.append(
            "设置了 CEPING_MAIL_HOST，却没有发件地址。请在 CEPING_MAIL_FROM 里写邮箱，如 测评平台 <ceping@example.cn>。"
        )
    if bool(mail.user) != bool(mail.password):
        told.append("CEPING_MAIL_USER 和 CEPING_MAIL_PASSWORD 只设置了一个。请都设置，或都去掉。")
    if mail.security == "none" and not is_loopback(mail.host):
        told.append(
            "CEPING_MAIL_SECURITY 是 none：邮箱密码和信件会明文传出本机。请改为 ssl 或 starttls，或用本机的邮件服务器。"
        )
    return told


def site_url(*, hosts: list[str], https: bool, bind: str, port: int) -> str:
    """Where the links of letters lead: the first name users know the platform by, else where it is served here."""
    if hosts and https:
        return f"https://{hosts[0]}"
    # What is served everywhere has no name of its own; on this machine it is reached as any.
    host = hosts[0] if hosts else bind if bind not in ("", "0.0.0.0", "::") else "127.0.0.1"  # noqa: S104 -- compared
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{shown}:{port}"
