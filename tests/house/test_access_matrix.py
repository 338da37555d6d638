"""Who gets what at every address: route × role × own, other or none, against the table of duties written out as data.

The routes come from the product's address table, the expected answers from `testbed.duties`. A route without a row
fails. How to add one: CONTRIBUTING.md.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from testbed.duties import COLUMNS, GUARDED, ROUTES, Row
from testbed.scene import Scene, person, scene

from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.web.ui.door import DoorMiddleware, door_of

CASES = [(name, row) for name, rows in ROUTES.items() for row in rows]


def routes(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from routes(one, inner)
        elif not one.callback.__module__.startswith(GUARDED):
            yield f"{space}{one.name}", one


def test_every_route_has_a_row_a_name_and_a_door() -> None:
    found = dict(routes(get_resolver("ceping.config.urls")))
    assert sorted(set(found) - set(ROUTES)) == []
    assert sorted(set(ROUTES) - set(found)) == []
    assert [name for name, route in found.items() if name.endswith("None") or door_of(route.callback) is None] == []


def test_every_row_answers_every_column() -> None:
    assert [
        name for name, row in CASES if len(row.answers) != len(COLUMNS) or set(row.answers) - set("yrlfnmgu-")
    ] == []
    # Each role the program knows is a column here: a new one has to be thought about.
    assert {column.split()[0] for column in COLUMNS} - {"nobody", "without"} == {str(role) for role in Role}


# So many rows share one scene: to make it anew for each took nine tenths of the time.
TOGETHER = 16
CHUNKS = [CASES[start : start + TOGETHER] for start in range(0, len(CASES), TOGETHER)]


@pytest.fixture
def brief_at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom the door refused once with the page of it, it refuses without a page from then on, with the same status.

    No view has run by then, so the page is one and the same; to draw it was half the time of this table.
    """
    real: Callable[..., HttpResponseBase | None] = DoorMiddleware.process_view
    met: set[int] = set()

    def process_view(door: DoorMiddleware, request: HttpRequest, *rest: Any) -> HttpResponseBase | None:
        try:
            return real(door, request, *rest)
        except PermissionDenied:
            if request.user.pk not in met:
                met.add(request.user.pk)
                raise
            return HttpResponseForbidden()

    monkeypatch.setattr(DoorMiddleware, "process_view", process_view)


@pytest.mark.django_db
@pytest.mark.usefixtures("brief_at_the_door")
@pytest.mark.parametrize("cases", CHUNKS, ids=[f"from {chunk[0][0]}" for chunk in CHUNKS])
def test_each_gets_what_the_table_of_duties_gives(cases: list[tuple[str, Row]]) -> None:
    here = scene()
    people = {column: somebody(here, column) for column in COLUMNS}
    clients = {column: client_of(user) for column, user in people.items()}
    wrong = {}
    for name, row in cases:
        address = reverse(name, kwargs={key: value_of(here, meant) for key, meant in row.arguments.items()})
        for column, wanted in zip(COLUMNS, row.answers, strict=True):
            if wanted == "-":
                continue
            # What one request changed, the next does not find.
            with transaction.atomic():
                headers = {"hx-request": "true"} if row.fragment else {}
                got = letter(getattr(clients[column], row.method)(address, headers=headers))
                transaction.set_rollback(True)
            if got != wanted:
                wrong[f"{row.method} {name} as {column}"] = f"{got}, wanted {wanted}"
    assert wrong == {}


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def value_of(here: Scene, meant: str) -> object:
    """The key of the scene's own record of that kind."""
    return {
        "entry": here.entry.pk,
        "season": here.season.pk,
        "version": here.season.scheme_id,
        "area": here.area.pk,
        "institution": here.institution.pk,
        "nothing": "nothing",
        "one": 1,
        "oidc": "oidc",
        "nobody": 0,
        "part": "overview",
        "field": "address",
        "table": "clients",
    }[meant]


def somebody(here: Scene, column: str) -> User | None:
    """Who stands in that column of the scene; staff with a second factor, else they see nothing but its page."""
    match column:
        case "nobody":
            return None
        case "institution":
            return here.alice
        case "institution other":
            return here.bob
        case "recommender":
            return with_factor(here.district)
        case "recommender other":
            return with_factor(person("区外", Role.RECOMMENDER, area=here.elsewhere))
        case "without a role":
            return User.objects.create(login="nobody", name="无角色", created_at=here.entry.created_at)
        case _:
            return with_factor(person(column, Role(column)))


def with_factor(user: User) -> User:
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 -- settings stand by now

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


def letter(answer: HttpResponse) -> str:
    """The answer in one letter, as `testbed.duties` writes them; another status as its number."""
    if answer.status_code == 302:
        return "l" if "/accounts/login/" in answer.headers["Location"] else "r"
    return {200: "y", 204: "y", 401: "l", 403: "f", 404: "n", 405: "m", 409: "u", 410: "g", 422: "u"}.get(
        answer.status_code, str(answer.status_code)
    )
