"""The office's pages of results: computed, read down to the clause, signed by two, tables and rulings beside."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from testbed import clone
from testbed.evaluated import Evaluated, evaluated

from ceping.ground.work.models import Job
from ceping.stages.results.models import Computation, Supplied
from ceping.stages.results.tasks import compute
from tests.web.recommender.test_pages import as_

NOW = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "/office/results/"


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Evaluated]]:
    """The evaluated season, filled once for this module."""
    request.getfixturevalue("django_db_setup")
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        found = evaluated(at=NOW)
    yield media, found
    with django_db_blocker.unblock():
        clone.renew()


@pytest.fixture
def found(made: tuple[Path, Evaluated], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Evaluated:
    settings.MEDIA_ROOT, settings.DEMO = made[0], True
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return made[1]


@pytest.fixture
def lead(found: Evaluated) -> Client:
    return as_(found.lead)


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def computed(client: Client, found: Evaluated) -> Computation:
    assert client.post(f"{PAGE}work/", {"season": found.second.season.pk}).status_code == 302
    compute(Job.objects.latest("pk").token)
    return Computation.objects.latest("pk")


def test_from_nothing_to_a_frozen_result(found: Evaluated, lead: Client) -> None:
    assert "还没有算过结果" in text(lead)
    made = computed(lead, found)
    page = text(lead)
    assert "12 家机构的结果" in page
    assert "签这次结果" in page
    organiser = as_(found.cast.organiser)
    assert "签这次结果" not in text(organiser)
    assert organiser.post(f"{PAGE}{made.pk}/sign/", {"do": "sign1"}).status_code == 409
    assert lead.post(f"{PAGE}{made.pk}/sign/", {"do": "sign1"}).status_code == 302
    assert "签发并冻结" in text(organiser)
    assert organiser.post(f"{PAGE}{made.pk}/sign/", {"do": "sign2"}).status_code == 302
    assert organiser.post(f"{PAGE}{made.pk}/sign/", {"do": "sign2"}).status_code == 409, "a second press"
    assert "主办方已签并冻结" in text(organiser)
    assert "签发并冻结</button>" not in text(organiser)


def test_an_institution_is_explained_to_the_clause(found: Evaluated, lead: Client) -> None:
    made, uscc = computed(lead, found), found.second.entries[0].institution.uscc
    page = text(lead, f"{PAGE}{made.pk}/{uscc}/")
    assert found.second.entries[0].institution.name in page
    assert "附件" in page
    assert lead.get(f"{PAGE}{made.pk}/nobody/").status_code == 404
    assert lead.get(f"{PAGE}{made.pk}/files/run.json").status_code == 404
    file = lead.get(f"{PAGE}{made.pk}/files/results.json")
    assert b"".join(file.streaming_content).startswith(b'{"format"')  # type: ignore[attr-defined]


def test_what_stops_it_is_listed_and_work_is_called_off(found: Evaluated, lead: Client) -> None:
    Supplied.objects.filter(kind="shops").delete()
    lead.post(f"{PAGE}work/", {"season": found.second.season.pk})
    assert "正在计算" in text(lead)
    compute(Job.objects.latest("pk").token)
    page = text(lead)
    assert "没有算成" in page
    assert "shops.csv" in page
    lead.post(f"{PAGE}work/", {"season": found.second.season.pk})
    lead.post(f"{PAGE}work/", {"season": found.second.season.pk, "do": "cancel"})
    assert Job.objects.latest("pk").state == "cancelled"


def test_a_table_is_sent_refused_and_taken(found: Evaluated, lead: Client) -> None:
    address, season = f"{PAGE}tables/", found.second.season.pk
    assert "机构与店铺对照" in text(lead, address)
    wrong = SimpleUploadedFile("x.csv", b"uscc,shop_id\n123,shop-1\n")
    answer = lead.post(address, {"season": season, "kind": "links", "file": wrong})
    assert (answer.status_code, "没有收下" in answer.content.decode()) == (422, True)
    assert lead.post(address, {"season": season, "kind": "links"}).status_code == 422
    uscc = found.second.entries[0].institution.uscc
    right = SimpleUploadedFile("x.csv", f"uscc,season,grade\n{uscc},2020,优秀\n".encode())
    assert lead.post(address, {"season": season, "kind": "history", "file": right}).status_code == 302
    assert Supplied.objects.get(kind="history").rows == 1
    organiser = as_(found.cast.organiser)
    again = SimpleUploadedFile("x.csv", b"a\n")
    assert organiser.post(address, {"season": season, "kind": "history", "file": again}).status_code == 422


def test_a_waiver_goes_from_one_to_the_other(found: Evaluated, lead: Client) -> None:
    address, season = f"{PAGE}rulings/", found.second.season.pk
    gate = next(one for one in found.scheme.outcome.gates if one.waivable_by)
    asked = {
        "season": season,
        "do": "propose",
        "entry": found.second.entries[0].pk,
        "rule": f"waiver:{gate.id}",
        "effect": "waive",
        "reason": "受疫情影响",
    }
    assert lead.post(address, asked).status_code == 302
    assert lead.post(address, asked).status_code == 409, "one waits already"
    assert "等主办方决定" in text(lead, address)
    organiser = as_(found.cast.organiser)
    number = found.second.entries[0].rulings.get().pk
    decide = {"season": season, "do": "accept", "ruling": number, "reason": "同意"}
    assert lead.post(address, decide).status_code == 409
    assert organiser.post(address, decide).status_code == 302
    assert "同意" in text(organiser, address)


def test_the_page_costs_the_same_however_many(found: Evaluated, lead: Client) -> None:
    computed(lead, found)
    with CaptureQueriesContext(connection) as asked:
        text(lead)
    assert sum("SELECT" in one["sql"] for one in asked.captured_queries) == 10
