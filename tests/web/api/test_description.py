"""Requests made up from the interface's own description, over real HTTP: schemathesis finds nothing."""

import re
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from testbed.scene import person

from ceping.ground.people.roles import Role
from ceping.stages.points.actions.connecting import make_token
from ceping.stages.points.states import Scope

CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
OPERATIONS = {"send_events", "health", "rules", "shops", "shop", "put_shop", "level", "points", "ledger"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_made_up_requests_are_answered_as_described(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ceping.web.api.keys.MOST_REQUESTS", 10**6)
    made = make_token(name="试", scopes=list(Scope), days=1, by=person("运营", Role.OPERATOR), at=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {made.text}"}
    described = schemathesis.openapi.from_url(f"{live_server.url}/api/v1/openapi.json")
    asked = set()
    for found in described.get_all_operations():
        operation = found.ok()
        asked.add(operation.definition.raw["operationId"])
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            if mode is schemathesis.GenerationMode.NEGATIVE and not (operation.body or operation.query):
                continue

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=7,
                phases=[Phase.generate],
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            def ask(case: schemathesis.Case) -> None:
                case.call_and_validate(headers=headers, checks=CHECKS)

            ask()
    assert asked == OPERATIONS


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_client_of_the_docs_works(live_server: Any) -> None:
    page = Path(__file__).resolve().parents[3] / "docs/how-to/connect-another-system.md"
    (block,) = re.findall(r"   ```python\n(.*?)   ```", page.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(textwrap.dedent(block), names)  # noqa: S102 -- our own example
    at, by = datetime.now(UTC), person("运营", Role.OPERATOR)
    client = names["Ceping"](live_server.url, make_token(name="试", scopes=list(Scope), days=1, by=by, at=at).text)
    facts = {"registered_on": "2015-03-04", "certificate_count": 3, "product_count": 2, "decorated": True}
    assert client.put_shop("s1", facts)["points"] > 0
    logins = [
        {"event_id": f"l{n}", "shop_id": "s1", "kind": "login", "occurred_at": "2021-03-01T10:00:00+08:00"}
        for n in range(501)
    ]
    assert {one["result"] for one in client.send(logins)} == {"accepted"}
    assert {one["result"] for one in client.send(logins)} == {"known"}
    assert client.send([logins[0] | {"kind": "order"}])[0]["result"] == "conflict"
    with pytest.raises(RuntimeError, match="404 api_not_there"):
        client.points("s9")
