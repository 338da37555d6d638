"""A small OpenID provider on loopback: discovery, log-in, token, keys, userinfo; what it does amiss is asked of it."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm


@cache
def _key(_name: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Identity:
    """Who logs in at the provider now, and how the provider misbehaves; `codes` holds what each code was asked with."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    # Of the ID token: what is put over what would be right.
    token: dict[str, Any] = field(default_factory=dict)
    foreign_key: bool = False
    unsigned: bool = False
    answers: str = "code"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    key: RSAPrivateKey = field(default_factory=lambda: _key("own"))

    def id_token(self) -> str:
        """Signed as a provider signs, unless it misbehaves."""
        now = int(time.time())
        told = {"iss": self.issuer, "aud": "ceping", "iat": now, "exp": now + 60, **self.claims, **self.token}
        said = {name: value for name, value in told.items() if value is not None}
        if self.unsigned:
            return jwt.encode(said, None, algorithm="none", headers={"kid": "k1"})
        key = _key("foreign") if self.foreign_key else self.key
        return jwt.encode(said, key, algorithm="RS256", headers={"kid": "k1"})

    def keys(self) -> dict[str, Any]:
        """The public key as a key set."""
        return {"keys": [RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True) | {"kid": "k1", "alg": "RS256"}]}


class _Handler(BaseHTTPRequestHandler):
    identity: Identity

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        identity, parts = self.identity, urlsplit(self.path)
        identity.asked.append(parts.path)
        issuer = identity.issuer
        match parts.path:
            case "/.well-known/openid-configuration":
                told = {"issuer": issuer, "jwks_uri": f"{issuer}/jwks", "authorization_endpoint": f"{issuer}/in"}
                told |= {"token_endpoint": f"{issuer}/token", "userinfo_endpoint": f"{issuer}/userinfo"}
                self._tell(told | {"token_endpoint_auth_methods_supported": ["client_secret_post"]})
            case "/in":
                self._send_back({name: values[0] for name, values in parse_qs(parts.query).items()})
            case "/jwks":
                self._tell(identity.keys())
            case "/userinfo":
                known = self.headers.get("Authorization") == "Bearer of-the-code"
                told = {"sub": identity.claims["sub"]} | identity.userinfo
                self._tell(told) if known else self._tell({}, 401)
            case _:
                self._tell({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        # A code works once.
        given = self.identity.codes.pop(asked.get("code", ""), None)
        verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        sound = (
            given is not None
            and (asked.get("client_id"), asked.get("client_secret")) == ("ceping", "of-the-tests")
            and asked.get("redirect_uri") == given["redirect_uri"]
            and challenge == given.get("code_challenge")
        )
        if not sound:
            self._tell({"error": "invalid_grant"}, 400)
            return
        told = {"access_token": "of-the-code", "token_type": "Bearer", "expires_in": 60}
        self._tell(told | {"id_token": self.identity.id_token()})

    def _send_back(self, asked: dict[str, str]) -> None:
        told = {"error": "access_denied"} if self.identity.answers == "cancelled" else {"code": secrets.token_hex(8)}
        if "code" in told:
            self.identity.codes[told["code"]] = asked
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(told | {'state': asked['state']})}")
        self.end_headers()

    def _tell(self, told: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def provider() -> Iterator[Identity]:
    """It answers on a port of its own until the context ends."""
    identity = Identity()
    handler = type("Handler", (_Handler,), {"identity": identity})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        identity.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield identity
        server.shutdown()
        thread.join()
