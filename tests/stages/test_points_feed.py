"""Feed A ends in the sums of `ceping points score`, by file and by the interface; what B holds is what it refuses."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Sum
from django.test import Client
from testbed.feeds import make_feed
from testbed.scene import person
from typer.testing import CliRunner

from ceping.cli.points import app as points
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.actions import post_round
from ceping.stages.points.actions.connecting import make_token
from ceping.stages.points.actions.importing import Files, Imported, import_files
from ceping.stages.points.models import Event, Held, LedgerEntry, Standing
from ceping.stages.points.states import HeldReason, Scope

pytestmark = pytest.mark.django_db
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", params=[False, True], ids=["A", "B"])
def feed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bool]:
    folder = tmp_path_factory.mktemp("feed")
    make_feed(folder, events=1500, shops=3, conflicts=request.param)
    to = datetime.now(UTC).date().isoformat()
    given = ["--shops", str(folder / "shops.csv"), "--events", str(folder / "feed.csv"), "--to", to]
    told = CliRunner().invoke(points, ["score", "--scheme", "shanghai-2021", *given, "--out", str(folder / "out")])
    assert told.exit_code == 0, told.output
    return folder, request.param


def rows_in(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def by_file(folder: Path, by: User, events: str = "feed.csv") -> Imported:
    files = Files(folder / "shops.csv", [folder / events], folder / "rejected.csv")
    return import_files(files=files, source="file", by=by, at=datetime.now(UTC))


def by_interface(folder: Path, by: User) -> Counter[str]:
    made = make_token(name="服务云", scopes=[Scope.EVENTS], days=1, by=by, at=datetime.now(UTC))
    client, codes, rows = Client(), Counter[str](), rows_in(folder / "feed.csv")
    for start in range(0, len(rows), 500):
        body = json.dumps({"events": rows[start : start + 500]})
        headers = {"authorization": f"Bearer {made.text}"}
        answer = client.post("/api/v1/events", body, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        codes.update(one["code"] for one in answer.json()["results"])
    return codes


def ledger() -> set[tuple[str, str, str, str]]:
    while post_round(at=datetime.now(UTC)):
        pass
    sums = LedgerEntry.objects.order_by().values("standing__shop", "rule_id")
    found = sums.annotate(q=Sum("quantity"), p=Sum("points"))
    return {(one["standing__shop"], one["rule_id"], str(one["q"]), str(one["p"])) for one in found if one["q"]}


def test_by_file_the_feed_ends_in_the_sums_of_the_command(feed: tuple[Path, bool]) -> None:
    folder, conflicts = feed
    by = person("运营", Role.OPERATOR)
    made = by_file(folder, by)
    refused = rows_in(folder / "out" / "rejected.csv")
    if conflicts:
        held = Held.objects.filter(held_for=HeldReason.CONFLICT).values_list("standing__shop", "event_id")
        wanted = {(one["shop_id"], one["event_id"]) for one in refused if one["code"] == "id_conflict"}
        assert wanted
        assert set(held) == wanted
        return
    assert ledger() == {tuple(one.values()) for one in rows_in(folder / "out" / "ledger.csv")}
    # Line for line what the command refuses, with the same words.
    assert rows_in(folder / "rejected.csv") == refused
    assert made.shops == Standing.objects.count() == 3
    again = by_file(folder, by)
    assert (again.outcomes["accepted"], again.outcomes["repeated"]) == (0, made.outcomes.total() - len(refused))
    assert Event.objects.count() == made.outcomes["accepted"]


def test_by_the_interface_too(feed: tuple[Path, bool]) -> None:
    folder, conflicts = feed
    if conflicts:
        # What of a pair comes first depends on the order; what is held of it is asked of the file above.
        return
    by = person("运营", Role.OPERATOR)
    import_files(files=Files(folder / "shops.csv", [], folder / "r.csv"), source="x", by=by, at=datetime.now(UTC))
    codes = by_interface(folder, by)
    assert ledger() == {tuple(one.values()) for one in rows_in(folder / "out" / "ledger.csv")}
    assert codes - Counter({"": codes[""]}) == Counter(one["code"] for one in rows_in(folder / "out" / "rejected.csv"))


def test_a_file_that_cannot_be_read_leaves_nothing_and_only_the_operator_brings_one(tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text("shop_id\ns1\n", encoding="utf-8")
    (tmp_path / "feed.csv").write_bytes("event_id,shop_id\n李,s1\n".encode("gb18030"))
    with pytest.raises(Refused) as refused:
        by_file(tmp_path, person("运营", Role.OPERATOR))
    assert {one.code for one in refused.value.findings} == {"points_column_missing"}
    with pytest.raises(NotAllowed):
        by_file(tmp_path, person("主办", Role.ORGANISER))
    assert (Event.objects.count(), (tmp_path / "rejected.csv").exists()) == (0, False)
