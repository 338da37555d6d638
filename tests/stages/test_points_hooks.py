"""Other systems told of changed levels: signed over real https, tried again, given up, never into a house by itself."""

import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from testbed.scene import person

from ceping.core.points import Place, ShopRow
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.points.actions import note_facts
from ceping.stages.points.actions.connecting import add_hook, is_address, remove_hook
from ceping.stages.points.actions.sending import WAITS, resend_call, send_due
from ceping.stages.points.actions.wire import may_go_to, signature_of
from ceping.stages.points.models import Call, Hook
from ceping.stages.points.states import CallState

pytestmark = pytest.mark.django_db
AT = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)


class Receiver(BaseHTTPRequestHandler):
    """Another system: answers as it is told, and keeps what came."""

    status = 200
    came: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:  # the library's own name
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((dict(self.headers), raw))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "https://127.0.0.1/")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("https")
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    trusted = folder / "cert.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/levels?from=ceping", trusted
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook(receiver: tuple[str, Path], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Hook:
    settings.HOOK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setenv("SSL_CERT_FILE", str(receiver[1]))
    monkeypatch.setattr(Receiver, "status", 200)
    Receiver.came.clear()
    return add_hook(name="服务云", url=receiver[0], by=person("运营", Role.OPERATOR), at=AT)


def shop() -> None:
    row = ShopRow(Place("x", 1), "s1", "店", "法律", "2015-03-04", "介绍", "", "3", "2", "true")
    note_facts(row=row, source="test", at=AT)


def test_a_changed_level_is_told_once_and_signed(hook: Hook) -> None:
    shop()
    assert (send_due(at=AT), send_due(at=AT)) == (1, 0)
    ((headers, raw),) = Receiver.came
    call = Call.objects.get()
    assert (call.state, call.tries, call.answers[0]["status"]) == (CallState.DONE, 1, 200)
    stamp = headers["X-Ceping-Timestamp"]
    assert headers["X-Ceping-Signature"] == f"sha256={signature_of(hook.secret, stamp, raw)}"
    assert (stamp, headers["X-Ceping-Call"]) == (str(int(AT.timestamp())), str(call.pk))
    told = json.loads(raw)
    assert (told["event"], told["shop_id"], told["level"], told["level_before"]) == (
        "level_changed",
        "s1",
        "star",
        "none",
    )


@pytest.mark.usefixtures("hook")
def test_what_is_not_taken_is_tried_ever_more_seldom_then_given_up_and_sent_by_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Receiver, "status", 302)
    shop()
    at = AT
    for wait in WAITS:
        assert send_due(at=at) == 1
        assert send_due(at=at + wait - timedelta(seconds=1)) == 0
        at += wait
    assert send_due(at=at) == 1
    call = Call.objects.get()
    assert (call.state, call.tries, len(Receiver.came)) == (CallState.FAILED, len(WAITS) + 1, len(WAITS) + 1)
    monkeypatch.setattr(Receiver, "status", 204)
    resend_call(call=call, by=person("运营二", Role.OPERATOR), at=at)
    assert send_due(at=at) == 1
    assert Call.objects.get().state == CallState.DONE


def test_nothing_goes_to_an_address_switched_off(hook: Hook) -> None:
    shop()
    by = person("运营二", Role.OPERATOR)
    remove_hook(hook=hook, by=by, at=AT)
    assert (send_due(at=AT), Receiver.came, Call.objects.get().state) == (0, [], CallState.FAILED)
    with pytest.raises(Refused):
        resend_call(call=Call.objects.get(), by=by, at=AT)


def test_nothing_goes_into_the_house_unless_the_site_says_so(hook: Hook, settings: Any) -> None:
    settings.HOOK_NETWORKS = []
    shop()
    assert (send_due(at=AT), Receiver.came) == (1, [])
    assert "CEPING_HOOK_NETWORKS" in Call.objects.get(hook=hook).answers[0]["told"]
    inside = ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "::1", "fd00::1", "0.0.0.0", "100.64.0.1"]  # noqa: S104
    assert [one for one in [*inside, "224.0.0.1", "::ffff:10.0.0.1"] if may_go_to(ipaddress.ip_address(one))] == []
    assert may_go_to(ipaddress.ip_address("1.1.1.1"))
    wrong = ["http://a.example/", "https://10.0.0.1/", "https://u@a.example/", "https://localhost/", "https://[::1]/"]
    assert [one for one in wrong if is_address(one)] == []
    assert is_address("https://a.example/x")
