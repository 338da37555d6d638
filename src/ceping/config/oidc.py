"""Log-in through a city's or an organisation's own identity provider (OpenID Connect), named by `CEPING_OIDC_…`."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ceping.config.environment import is_loopback

# Names people give themselves at most providers: whoever could type another's would be let in as them.
_SELF_CHOSEN = frozenset(
    {
        *("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture"),
        *("website", "gender", "birthdate", "zoneinfo", "locale", "address", "updated_at"),
    }
)
_WANTED = ("ISSUER", "CLIENT", "SECRET_FILE")
_HERE = "ceping.web.ui.identity"


@dataclass(frozen=True, slots=True)
class Oidc:
    """The provider; `claim` is by which people are found the first time, "" for none: then they link themselves.

    `given` are the names set at all. Nothing is asked of the provider until somebody logs in.
    """

    issuer: str = ""
    client: str = ""
    secret_file: str = ""
    label: str = ""
    claim: str = ""
    pages: str = ""
    given: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is offered at all."""
        return not faults_in_oidc(self) and bool(self.given)

    def settings(self) -> dict[str, object]:
        """Allauth's settings for it."""
        app = {
            "provider_id": "oidc",
            "name": self.label,
            "client_id": self.client,
            "secret": _secret(self.secret_file),
            # What the ID token says of its issuer must be what was configured, whatever the discovery document says.
            "settings": {
                "server_url": self.issuer.rstrip("/"),
                "openid_configuration_overrides": {"issuer": self.issuer},
                "scope": ["openid", *_scopes(self.claim)],
            },
        }
        provider = {"provider_class": f"{_HERE}.provider.Provider", "OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        return {
            "SOCIALACCOUNT_PROVIDERS": {"openid_connect": provider},
            "SOCIALACCOUNT_ADAPTER": f"{_HERE}.adapter.IdentityAdapter",
            "SOCIALACCOUNT_STORE_TOKENS": False,
            "SOCIALACCOUNT_REQUESTS_TIMEOUT": 5,
        }

    def origins(self) -> list[str]:
        """Where a form of ours may lead: the provider's log-in pages."""
        return [_origin(address) for address in (self.issuer, self.pages) if address]


def oidc_in(environ: Mapping[str, str] = os.environ) -> Oidc:
    """What the surroundings say of it."""
    said = {
        name: environ.get(f"CEPING_OIDC_{name}", "").strip()
        for name in (*_WANTED, "LABEL", "CLAIM", "PAGES")
        if environ.get(f"CEPING_OIDC_{name}", "").strip()
    }
    return Oidc(
        issuer=said.get("ISSUER", ""),
        client=said.get("CLIENT", ""),
        secret_file=said.get("SECRET_FILE", ""),
        label=said.get("LABEL", "统一身份认证"),
        claim=said.get("CLAIM", ""),
        pages=said.get("PAGES", ""),
        given=tuple(said),
    )


def faults_in_oidc(oidc: Oidc) -> list[str]:
    """Why nobody could log in that way, or the wrong people could; sentences for a person."""
    if not oidc.given:
        return []
    told = []
    if missing := [f"CEPING_OIDC_{name}" for name in _WANTED if name not in oidc.given]:
        told.append(f"统一身份认证只配置了一半，缺 {'、'.join(missing)}。请补上，或去掉全部 CEPING_OIDC_…。")
    for name, address in (("ISSUER", oidc.issuer), ("PAGES", oidc.pages)):
        if address and not _sound(address):
            told.append(
                f"CEPING_OIDC_{name} 是“{address}”，只接受 https 地址，不带 ? 和 #：密码和凭证不能明文传输。"
                "请照身份认证平台给出的地址填写。"
            )
    if oidc.secret_file:
        told += _secret_faults(Path(oidc.secret_file))
    if oidc.claim in _SELF_CHOSEN:
        told.append(
            f"CEPING_OIDC_CLAIM 是“{oidc.claim}”，这一项用户可以自己改，改成别人的就能登录别人的账号。"
            "请改用 email、phone_number，或身份认证平台自己核实的一项（如工号）。"
        )
    return told


def _scopes(claim: str) -> list[str]:
    return {"": [], "email": ["email"], "phone_number": ["phone"]}.get(claim, ["profile"])


def _sound(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return bool(host) and safe and not (parts.query or parts.fragment or parts.username)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _secret(path: str) -> str:
    return Path(path).read_text(encoding="ascii").strip()


def _secret_faults(path: Path) -> list[str]:
    try:
        mode, text = path.stat().st_mode, _secret(str(path))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "不是纯文本"
        return [f"CEPING_OIDC_SECRET_FILE 指向的 {path} 读不出来（{why}）。请把客户端密钥存成这个文件。"]
    if stat.S_IMODE(mode) & 0o077:
        return [f"客户端密钥文件 {path} 别的账号也能读。请运行：chmod 600 {path}"]
    return [] if text else [f"客户端密钥文件 {path} 是空的。请写入身份认证平台给出的客户端密钥。"]
