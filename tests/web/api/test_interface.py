"""The interface as another system meets it: keys, batches, what is refused and how, shops, points, ledger."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from testbed.scene import person

from ceping.ground.people.roles import Role
from ceping.stages.points.actions import post_round
from ceping.stages.points.actions.connecting import make_token, revoke_token
from ceping.stages.points.models import Delivery, Event, Held, Standing
from ceping.stages.points.states import Scope

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
SHOP = {
    "shop_name": "启衡",
    "category": "法律",
    "registered_on": "2015-03-04",
    "introduction": "介绍",
    "website": "",
    "certificate_count": 3,
    "product_count": 2,
    "decorated": True,
}
LOGIN = {"event_id": "l1", "shop_id": "s1", "kind": "login", "occurred_at": "2021-03-01T10:00:00+08:00"}


class Asker:
    """Another system with a key."""

    def __init__(self, *scopes: Scope) -> None:
        self.by = person("运营", Role.OPERATOR)
        name = scopes[0].label if scopes else "服务云"
        made = make_token(name=name, scopes=scopes or list(Scope), days=30, by=self.by, at=NOW)
        self.token, self.client = made.token, Client(raise_request_exception=False)
        self.headers: dict[str, str] = {"authorization": f"Bearer {made.text}"}

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        return answer.status_code, answer.json()

    def send(self, body: object, *, path: str = "/events", method: str = "post", **more: Any) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = getattr(self.client, method)
        more.setdefault("content_type", "application/json")
        answer = asked(f"/api/v1{path}", raw, headers=self.headers | more.pop("headers", {}), **more)
        return answer.status_code, answer.json()

    def batch(self, *events: dict[str, Any]) -> tuple[int, Any]:
        return self.send({"events": list(events)})


@pytest.fixture
def asker() -> Asker:
    found = Asker()
    assert found.send(SHOP, path="/shops/s1", method="put")[0] == 200
    return found


def test_each_event_is_answered_by_itself_and_once(asker: Asker) -> None:
    conflict, ahead = LOGIN | {"kind": "order"}, LOGIN | {"event_id": "f1", "occurred_at": "2100-01-01T00:00:00Z"}
    wrong = [LOGIN | {"event_id": "w1", "kind": "wish"}, {"shop_id": "s1"}, LOGIN | {"shop_id": "s9"}]
    status, told = asker.batch(LOGIN, LOGIN, conflict, ahead, *wrong)
    assert status == 200
    assert [(one["result"], one["status"], one["code"]) for one in told["results"]] == [
        ("accepted", 201, ""),
        ("known", 200, ""),
        ("conflict", 409, "id_conflict"),
        ("held", 202, "ahead"),
        ("refused", 422, "unknown_kind"),
        ("refused", 422, "missing_field"),
        ("refused", 422, "unknown_shop"),
    ]
    assert (told["accepted"], told["known"], told["held"], told["conflict"], told["refused"]) == (1, 1, 1, 1, 3)
    assert "没有这种事件" in told["results"][4]["message"]
    assert asker.batch(conflict)[0] == 409
    assert asker.batch(LOGIN)[1]["results"][0]["sequence"] == told["results"][0]["sequence"]
    assert (Event.objects.count(), Held.objects.count(), Delivery.objects.count()) == (1, 2, 3)


def test_points_level_and_ledger_follow_and_say_why(asker: Asker) -> None:
    before = asker.get("/shops/s1/level")[1]["points"]
    asker.batch(LOGIN, LOGIN | {"event_id": "o1", "kind": "order"})
    post_round(at=NOW)
    status, told = asker.get("/shops/s1/points")
    lines = {one["rule_id"]: one["points"] for one in told["lines"]}
    assert (status, lines["login.day"], lines["order.completed"]) == (200, 1, 10)
    assert asker.get("/shops/s1/level")[1]["points"] == before + 11 == told["points"]
    period = asker.get("/shops/s1/points?from=2021-03-02&to=2021-12-31")[1]
    assert {one["rule_id"]: one["points"] for one in period["lines"]}["login.day"] == 0
    first = asker.get("/shops/s1/ledger?limit=1")[1]
    assert (first["entries"][0]["rule_id"], first["entries"][0]["why_text"]) == ("order.completed", "新的事件")
    rest = asker.get(f"/shops/s1/ledger?before={first['next']}")[1]
    assert (rest["entries"][0]["rule_id"], rest["next"]) == ("login.day", None)
    assert sum(one["points"] for one in [*first["entries"], *rest["entries"]]) == before + 11
    assert asker.get("/shops?limit=1")[1] == {
        "shops": [
            {"shop_id": "s1", "shop_name": "启衡", "category": "法律", "level": "star", "level_rank": 2}
            | {"points": before + 11}
        ],
        "next": None,
    }


def test_facts_are_written_but_not_those_of_a_shop_run_here(asker: Asker) -> None:
    status, told = asker.send(SHOP | {"certificate_count": 5}, path="/shops/s1", method="put")
    assert (status, told["certificate_count"], told["introduction"], told["website"]) == (200, 5, True, False)
    assert asker.send(SHOP | {"registered_on": "2015-02-30"}, path="/shops/s2", method="put")[0] == 400
    assert asker.send(SHOP | {"decorated": "true"}, path="/shops/s2", method="put")[1]["findings"][0] == {
        "code": "api_value",
        "place": "decorated",
        "message": "这一项的写法不合要求",
        "remedy": "请对照接口说明改正",
    }
    standing = Standing.objects.get(shop="s1")
    standing.facts.create(
        on=NOW.date(),
        registered_on=NOW.date(),
        introduction=True,
        website=True,
        certificate_count=0,
        product_count=0,
        decorated=True,
        source="platform",
        noted_at=NOW,
    )
    status, told = asker.send(SHOP, path="/shops/s1", method="put")
    assert (status, told["code"]) == (409, "points_shop_run_here")


def test_a_key_opens_what_its_scopes_say_while_it_holds(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Asker(Scope.READ)
    assert reading.get("/shops/s1")[0] == 200
    assert (reading.batch(LOGIN)[0], reading.batch(LOGIN)[1]["code"]) == (403, "api_scope_missing")
    for headers, code in (
        ({}, "api_token_missing"),
        ({"authorization": "Basic YTpi"}, "api_token_missing"),
        ({"authorization": "Bearer nothing"}, "api_token_unknown"),
        ({"authorization": "Bearer \u00e9\udcff"}, "api_token_unknown"),
    ):
        asker_headers = headers
        answer = Client().get("/api/v1/rules", headers=asker_headers)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    reading.token.expires_at = NOW - timedelta(seconds=1)
    reading.token.save()
    assert (reading.get("/rules")[0], reading.get("/rules")[1]["code"]) == (401, "api_token_expired")
    revoke_token(token=asker.token, by=asker.by, at=NOW)
    assert (asker.get("/rules")[0], asker.batch(LOGIN)[1]["code"]) == (401, "api_token_revoked")
    monkeypatch.setattr("ceping.web.api.keys.MOST_REQUESTS", 2)
    busy = Asker()
    assert [busy.get("/rules")[0] for _ in range(3)] == [200, 200, 429]
    answer = busy.client.get("/api/v1/rules", headers=busy.headers)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "2 个" in answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "api_field_missing"),
        (b"{", 400, "api_body_malformed"),
        (b"[]", 400, "api_body_object"),
        (b'{"events": []}', 400, "api_value"),
        (b'{"events": NaN}', 400, "api_number"),
        (b'{"events": 1e400}', 400, "api_number"),
        (b'{"events": ' + b"9" * 5000 + b"}", 400, "api_number"),
        (b'{"events": [], "events": []}', 400, "api_key_twice"),
        (b'{"events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "api_body_deep"),
        (rb'{"events": [{"event_id": "\ud800"}]}', 400, "api_no_text"),
        (b'{"events": [{"eventid": "1"}]}', 400, "api_field_unknown"),
        (b'{"events": [{"event_id": 1}]}', 400, "api_value"),
        (b"\xff\xfe{", 415, "api_body_kind"),
        (b'{"events": [' + b"{}," * 500 + b"{}]}", 413, "api_too_many"),
        (b" " * (1024 * 1024 + 1), 413, "api_body_bytes"),
    ],
)
def test_what_cannot_be_read_is_told(body: bytes, status: int, code: str) -> None:
    got, told = Asker().send(body)
    assert (got, told["code"]) == (status, code)
    assert Delivery.objects.count() == 0


def test_a_mark_before_the_text_and_ids_of_any_kind_are_stood(asker: Asker) -> None:
    assert asker.send(b"\xef\xbb\xbf" + json.dumps({"events": [LOGIN]}).encode())[1]["accepted"] == 1
    odd = ["a b", "x" * 65, "\u0000", "😀", "a" * 200, ""]
    told = asker.batch(*(LOGIN | {"event_id": one} for one in odd))[1]["results"]
    assert {one["code"] for one in told} == {"bad_value", "missing_field"}
    times = ["2021-01-01T00:00:00", "2021-01-01T24:00:00Z", "2021-01-01T23:59:60Z", "0001-01-01T00:00:00+14:00"]
    told = asker.batch(*(LOGIN | {"event_id": f"t{n}", "occurred_at": one} for n, one in enumerate(times)))[1]
    assert {one["code"] for one in told["results"]} == {"bad_time"}


def test_other_ways_of_sending_are_told(asker: Asker) -> None:
    assert asker.send(b"{}", content_type="text/plain")[0] == 415
    assert asker.send(b"{}", headers={"content-encoding": "gzip"})[0] == 415
    assert asker.send(b"{}", headers={"transfer-encoding": "chunked"})[0] == 411
    assert asker.send(b"{}", path="/rules")[0] == 405
    assert asker.get("/nothing")[1]["code"] == "http_404"
    assert asker.get("/shops/s9")[1]["code"] == asker.get("/shops/a b")[1]["code"] == "api_not_there"
    assert asker.get("/shops/%00")[0] == 400
    assert asker.get("/shops/s1/points?from=2021-13-01")[1]["findings"][0]["place"] == "from"
    assert asker.get("/shops/s1/points?from=2021-02-01&to=2021-01-01")[1]["code"] == "points_window_reversed"


def test_what_breaks_here_is_told_without_a_trace(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("ceping.web.api.shops.rules_in_force", broken)
    status, told = asker.get("/rules")
    assert (status, told["code"]) == (500, "http_500")
    assert "secret" not in json.dumps(told)


def test_the_page_names_every_operation_and_the_limits(client: Client) -> None:
    text = client.get("/api/v1/").content.decode()
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert all(f"{path}</code>" in text for path in described["paths"])
    assert all(word in text for word in ("500 个事件", "1 MB", "1200 个请求"))
