"""The office's pages of results: computed, read down to the clause, signed by two, tables and rulings beside."""

import json
import re
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

from ceping.ground.files.models import Look
from ceping.ground.work.models import Job
from ceping.stages.assessment.models import Assignment, Mark, Sheet
from ceping.stages.results.models import Computation, Ruling, Standing, Supplied
from ceping.stages.results.tasks import compute, make_papers, try_results
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


def cost(client: Client, address: str = PAGE) -> int:
    with CaptureQueriesContext(connection) as asked:
        text(client, address)
    return sum("SELECT" in one["sql"] for one in asked.captured_queries)


def test_the_pages_cost_the_same_however_many(found: Evaluated, lead: Client) -> None:
    made, uscc = computed(lead, found), found.second.entries[0].institution.uscc
    whole = [cost(lead), cost(lead, f"{PAGE}charts/"), cost(lead, f"{PAGE}years/"), cost(lead, f"{PAGE}papers/")]
    assert whole == [13, 7, 9, 7]
    assert cost(lead, f"{PAGE}{made.pk}/{uscc}/") == 10
    Standing.objects.exclude(uscc=uscc).delete()
    assert "1 家机构的结果" in text(lead)
    assert [cost(lead), cost(lead, f"{PAGE}charts/"), cost(lead, f"{PAGE}years/")] == whole[:3]


def test_the_list_is_searched_sorted_and_filtered_in_the_address(found: Evaluated, lead: Client) -> None:
    computed(lead, found)
    lines = list(Standing.objects.values_list("name", "grade", "category"))
    name, grade, _ = lines[0]
    assert lines[1][0] not in text(lead, f"{PAGE}?q={name}")
    page = text(lead, f"{PAGE}?grade={grade}")
    assert all((one in page) == (its == grade) for one, its, _ in lines)
    assert "没有符合条件的机构" in text(lead, f"{PAGE}?q=没有这家")
    assert text(lead, f"{PAGE}?sort=width&page=99").count("data-l=") == 9 * len(lines)


def test_what_is_open_is_told_before_the_signature(found: Evaluated, lead: Client) -> None:
    computed(lead, found)
    pairs = Assignment.objects.filter(ended_at=None).values("entry", "assessor").distinct().count()
    page = text(lead)
    assert f"{pairs} 份评分表还没有签署" in page
    assert "服务核验还没有结束呼叫" in page
    assert "提议还没有决定" not in page
    Sheet.objects.update(signed_at=NOW, signed_sha256="0" * 64)
    veto = next(one for one in found.scheme.outcome.vetoes if one.by_decision).id
    asked = {"kind": "veto", "rule": veto, "effect": "refuse", "reason": "复核", "proposed_at": NOW}
    Ruling.objects.create(entry=found.second.entries[0], proposed_by=found.lead, **asked)
    page = text(lead)
    assert "1 项豁免或否决的提议还没有决定" in page
    assert "评分表还没有签署" not in page


def test_charts_have_their_numbers_beside_them(found: Evaluated, lead: Client) -> None:
    assert lead.get(f"{PAGE}charts/").status_code == 404, "before anything was computed"
    computed(lead, found)
    page = text(lead, f"{PAGE}charts/")
    embedded = json.loads(re.findall(r'<script id="data" type="application/json">(.*?)</script>', page)[0])
    assert len(embedded["institutions"]) == 12
    assert [kind in page for kind in ('data-chart="bins"', 'data-chart="boxes"', 'data-chart="intervals"')] == [
        True
    ] * 3
    for one in Standing.objects.exclude(rank=None):
        assert one.name in page
    assert "ui/charts/echarts.js" in page


def test_a_trial_stands_old_beside_new_and_is_found_again(found: Evaluated, lead: Client) -> None:
    address, season = f"{PAGE}what-if/", found.second.season.pk
    assert "试算不改变任何记录" in text(lead, address)
    assert lead.post(f"{address}work/", {"season": season}).status_code == 422, "nothing is tried"
    wrong = lead.post(f"{address}work/", {"season": season, "weight-licence": "很多", "mark": "x"})
    assert wrong.content.decode().count("不是数字") == 2
    asked = {"season": season, "weight-licence": "8", "weight-orders": "10", "rescale": "yes"}
    answer = lead.post(f"{address}work/", asked)
    assert answer.status_code == 302
    assert "正在试算" in text(lead, answer.headers["Location"])
    try_results(Job.objects.latest("pk").token)
    page = text(lead, f"{answer.headers['Location']}&all=yes")
    assert "服务云订单量 12 → 10" in page
    assert page.count('data-l="试算名次"') == 12
    assert "家名次变" in text(lead, address)
    stranger = as_(found.cast.staff["verifier-1"])
    assert stranger.get(address).status_code == 403


def test_the_work_report_is_made_found_again_and_its_taking_kept(found: Evaluated, lead: Client) -> None:
    address, season = f"{PAGE}papers/", found.second.season.pk
    assert "还没有算过结果" in text(lead, address)
    computed(lead, found)
    assert lead.post(f"{address}make/", {"season": season, "kind": "work-report"}).status_code == 422, "nobody signs"
    assert lead.post(f"{address}make/", {"season": season, "kind": "certificates"}).status_code == 422
    asked = {
        "season": season,
        "kind": "work-report",
        "agency": "上海某测评中心",
        "problems": "订单偏少",
        "advice": "多走访",
    }
    assert lead.post(f"{address}make/", asked).status_code == 302
    assert "等待处理" in text(lead, address)
    make_papers(Job.objects.latest("pk").token)
    organiser = as_(found.cast.organiser)
    page = text(organiser, address)
    taken = [organiser.get(one) for one in re.findall(rf'"({address}[^/"]+/\d+/)"', page)]
    starts = [b"".join(one.streaming_content)[:4] for one in taken]  # type: ignore[attr-defined]
    assert sorted(starts) == [b"%PDF", b"PK\x03\x04"]
    assert Look.objects.filter(by=found.cast.organiser, how="download").count() == 2
    assert organiser.get(f"{address}nothing/0/").status_code == 404


def test_a_correction_is_opened_compared_and_dropped_on_its_page(found: Evaluated, lead: Client) -> None:
    made, organiser, address = computed(lead, found), as_(found.cast.organiser), f"{PAGE}correction/"
    season, entry = found.second.season.pk, found.second.entries[0]
    assert "没有可以更正的冻结结果" in text(organiser, address)
    lead.post(f"{PAGE}{made.pk}/sign/", {"do": "sign1"})
    organiser.post(f"{PAGE}{made.pk}/sign/", {"do": "sign2"})
    assert "提出更正" in text(organiser)
    assert (cost(organiser), cost(organiser, f"{PAGE}?q=上海")) == (14, 15)
    asked = {
        "season": season,
        "do": "open",
        "institutions": f"{entry.institution.name}\n没有这家",
        "reason": "异议成立",
    }
    answer = organiser.post(address, asked)
    assert (answer.status_code, "没有“没有这家”" in answer.content.decode()) == (422, True)
    asked["institutions"] = entry.institution.uscc.lower()
    assert lead.post(address, asked).status_code == 422, "the organiser's alone"
    assert organiser.post(address, asked).status_code == 302
    assert "正在更正" in text(lead)
    computed(lead, found)
    assert "和冻结的结果一样" in text(lead, address)
    drop = {"season": season, "do": "drop", "reason": "异议撤回"}
    assert lead.post(address, drop).status_code == 422
    assert organiser.post(address, drop).status_code == 302
    assert "现行" in text(organiser)
    file = organiser.get(f"{PAGE}{made.pk}/files/results.json")
    assert b"".join(file.streaming_content), "the frozen one stays"  # type: ignore[attr-defined]


def test_the_wall_shows_how_far_marking_and_calling_are_and_no_score(found: Evaluated, lead: Client) -> None:
    computed(lead, found)
    address = f"/office/screen/?season={found.second.season.pk}"
    page = text(lead, address)
    assert page.count("100%") == 2 * len({one.institution.area_id for one in found.second.entries})
    assert Standing.objects.exclude(total="").count() > 0
    assert not any(one.total in page for one in Standing.objects.exclude(total=""))
    assert cost(lead, address) == 11
    area = found.second.entries[0].institution.area
    asked = Assignment.objects.filter(entry__institution__area=area, ended_at=None).count()
    Mark.objects.filter(sheet__entry__institution__area=area).delete()
    assert f">0/{asked}<" in text(lead, address)
