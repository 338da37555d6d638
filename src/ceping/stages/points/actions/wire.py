"""How a message leaves for another system: https alone, to an address that was looked at, signed, and not for long.

The name is looked up here and every address of it must be one of the open internet or of a network the site named in
`CEPING_HOOK_NETWORKS`; the connection goes to the very address that was looked at. Redirects are not followed.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

_SECONDS = 10
_MOST_TOLD = 200
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try: the status, or none; what was said; whether that is taken as received."""

    status: int | None
    told: str
    milliseconds: int

    @property
    def received(self) -> bool:
        """Any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class _Pinned(http.client.HTTPSConnection):
    """To that address, under the name whose certificate is wanted."""

    def __init__(self, name: str, port: int, address: Address) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(name, port, timeout=_SECONDS, context=self._trust)
        self._address = str(address)

    def connect(self) -> None:
        """Raises OSError."""
        bare = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(bare, server_hostname=self.host)


def signature_of(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time stamp, a point and the body, in hexadecimal."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def may_go_to(address: Address) -> bool:
    """Whether messages may go there: the open internet, or a network that the site named."""
    named = any(address in ipaddress.ip_network(one, strict=False) for one in settings.HOOK_NETWORKS)
    return named or (address.is_global and not address.is_multicast)


def post(url: str, secret: str, body: Mapping[str, Any], *, number: int, stamp: int) -> Answer:
    """The body is sent once, as that call's number; whatever goes wrong is the answer's words."""
    raw = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    begun = time.monotonic()

    def answer(status: int | None, told: str) -> Answer:
        return Answer(status, told[:_MOST_TOLD], int((time.monotonic() - begun) * 1000))

    parts = urlsplit(url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "ceping",
        "X-Ceping-Call": str(number),
        "X-Ceping-Timestamp": str(stamp),
        "X-Ceping-Signature": f"sha256={signature_of(secret, str(stamp), raw)}",
    }
    try:
        where = _looked_up(parts)
        if where is None:
            return answer(None, "地址在内网或本机，不发送；确需发送的，请系统管理员设 CEPING_HOOK_NETWORKS")
        connection = _Pinned(parts.hostname or "", parts.port or 443, where)
        try:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("POST", path, raw, headers)
            got = connection.getresponse()
            return answer(got.status, got.read(_MOST_TOLD).decode("utf-8", "replace"))
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return answer(None, f"{type(error).__name__}: {error}")


def _looked_up(parts: SplitResult) -> Address | None:
    """The first address of the name, if messages may go to all of them. Raises OSError for a name without any."""
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(one[4][0]) for one in found]
    return addresses[0] if addresses and all(may_go_to(one) for one in addresses) else None
