"""A large form is refused before its first byte, unless its address takes files and its sender may send them there."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import URLResolver, get_resolver
from testbed.scene import Scene, scene

from ceping.web.ui.door import door_of

pytestmark = pytest.mark.django_db
TAKES_FILES = {
    "assessor:offline_take",
    "assessor:photos",
    "office:assessment_act",
    "office:assessors_act",
    "office:results_tables",
    "office:points_import",
    "institution:evidence-add",
    "institution:import",
    "institution:word",
    "institution:shop_look",
    "institution:shop_certificates",
    "institution:shop_offer_picture",
    "office:scheme_upload",
    "institution:objection",
    "public:objection_new",
    "office:start",
    "recommender:import",
    "recommender:scan",
}
MB = 1024 * 1024


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of which anything was read."""
    seen: list[str] = []
    before = TemporaryFileUploadHandler.new_file

    def new_file(self: TemporaryFileUploadHandler, *given: object, **named: object) -> None:
        seen.append(str(given[1]))
        before(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", new_file)
    return seen


def form(size: int) -> tuple[bytes, str]:
    """A multipart body with one file of that many bytes, and its content type."""
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
    return head + b"x" * size + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def sent(client: Client, path: str, size: int) -> int:
    body, kind = form(size)
    return client.post(path, data=body, content_type=kind).status_code


def named(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, object]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from named(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", one.callback


def test_these_addresses_take_files_and_no_other() -> None:
    doors = ((name, door_of(view)) for name, view in named(get_resolver()))  # type: ignore[arg-type]
    assert {name for name, door in doors if door is not None and door.files} == TAKES_FILES


@pytest.mark.parametrize("path", ["/claim/", "/accounts/login/", "/nosuch/", "/institution/1/evidence/add/"])
def test_a_strangers_large_form_is_not_read(path: str, begun: list[str]) -> None:
    assert sent(Client(), path, 6 * MB) in (404, 413)
    assert begun == []


def test_a_small_form_with_a_file_nobody_asked_for_is_a_form() -> None:
    assert sent(Client(), "/claim/", 1000) != 413


def test_a_large_form_comes_in_where_files_are_wanted_of_this_reader(here: Scene, begun: list[str]) -> None:
    wanted = f"/institution/{here.entry.pk}/evidence/add/"
    client = Client()
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    assert sent(client, wanted, 6 * MB) == 422
    assert begun == ["a.pdf"]
    assert sent(client, f"/institution/{here.entry.pk}/submit/", 6 * MB) == 413
    client.force_login(here.district, backend="ceping.ground.people.login.NameBackend")
    assert sent(client, wanted, 6 * MB) == 413
    assert begun == ["a.pdf"]


def test_even_there_a_form_has_its_bounds(here: Scene, monkeypatch: pytest.MonkeyPatch, begun: list[str]) -> None:
    monkeypatch.setattr("ceping.web.ui.spooling.MOST_BYTES", 2 * MB)
    client = Client()
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    most = 2 * MB + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert sent(client, f"/institution/{here.entry.pk}/evidence/add/", most) == 413
    assert begun == []
