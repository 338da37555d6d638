"""Publication in the pages: put out by the office, read and objected to by anybody, answered, published."""

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
from testbed.evaluated import NOW, Evaluated, evaluated, season_of
from testbed.published import free_assessor, freeze
from testbed.scene import person

from ceping.ground.files.models import Look
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job
from ceping.stages.assessment.models import Assessor
from ceping.stages.publication.models import Certificate, Notice, Objection, Release
from ceping.stages.publication.tasks import make
from tests.web.recommender.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OFFICE = "/office/publication/"
FORM = {
    "issuer": "上海市经济和信息化委员会",
    "channel": "中小企业服务处，电话 021-23112111",
    "starts_on": "2022-03-11",
    "working_days": "5",
    "answer_days": "15",
    "columns": ["order", "name", "category", "total", "grade"],
}
SAID = {"name": "王先生", "contact": "13800001111", "text": "名次与事实不符"}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


class Clock:
    """The platform's clock, set by hand."""

    now = NOW


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Evaluated]]:
    """The evaluated season with its result frozen, once for all of these."""
    request.getfixturevalue("django_db_setup")
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        found = evaluated(at=NOW)
        freeze(found)
    yield media, found
    with django_db_blocker.unblock():
        clone.renew()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    Clock.now = NOW
    monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.now)
    return Clock


@pytest.fixture
def found(made: tuple[Path, Evaluated], settings: Any, clock: type[Clock]) -> Evaluated:  # noqa: ARG001 -- the clock is set
    settings.MEDIA_ROOT, settings.DEMO = made[0], True
    # Days pass within a test, and nobody logs in again.
    settings.SESSION_IDLE_AGE = settings.SESSION_COOKIE_AGE = 10**9
    return made[1]


@pytest.fixture
def first(found: Evaluated) -> Client:
    return as_(found.cast.organiser)


@pytest.fixture
def second(found: Evaluated) -> Client:  # noqa: ARG001 -- the season comes first
    return as_(person("另一位主办方", Role.ORGANISER))


@pytest.fixture
def notice(found: Evaluated, first: Client, second: Client, clock: type[Clock]) -> Notice:
    assert first.post(f"{OFFICE}notices/propose/", {**FORM, "season": season_of(found).pk}).status_code == 302
    proposed = Notice.objects.get()
    assert second.post(f"{OFFICE}notices/{proposed.pk}/", {"do": "publish"}).status_code == 302
    clock.now = datetime(2022, 3, 14, 2, tzinfo=UTC)
    proposed.refresh_from_db()
    return proposed


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def taken(client: Client, address: str) -> bytes:
    """What is downloaded there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def own_people(found: Evaluated, notice: Notice) -> tuple[User, int]:
    """Somebody of the first institution listed, and its entry."""
    entry = next(one for one in found.second.entries if one.institution.uscc == notice.rows[0][0])
    grant = Grant.objects.filter(institution=entry.institution, revoked_at=None).select_related("user").first()
    user = grant.user if grant is not None else person("机构的人", Role.INSTITUTION, institution=entry.institution)
    return user, entry.pk


def test_a_notice_from_the_form_to_the_street(found: Evaluated, first: Client, second: Client) -> None:
    season = season_of(found).pk
    assert "拟公示" in text(first, OFFICE)
    assert "拟公示" not in text(as_(found.lead), OFFICE)
    wrong = first.post(f"{OFFICE}notices/propose/", {**FORM, "season": season, "channel": "张三 13812345678"})
    assert wrong.status_code == 422
    assert "13812345678" in wrong.content.decode(), "what was typed stays"
    assert first.post(f"{OFFICE}notices/propose/", {**FORM, "season": season}).status_code == 302
    proposed = Notice.objects.get()
    assert "拟的人不能自己发布" in text(first, OFFICE)
    assert first.post(f"{OFFICE}notices/{proposed.pk}/", {"do": "publish"}).status_code == 409
    stranger = Client()
    assert stranger.get(f"/public/notices/{proposed.pk}/").status_code == 404, "a proposal is nobody's to see"
    assert taken(first, f"{OFFICE}notices/{proposed.pk}/files/notice.docx").startswith(b"PK")
    assert second.post(f"{OFFICE}notices/{proposed.pk}/", {"do": "publish"}).status_code == 302
    assert second.post(f"{OFFICE}notices/{proposed.pk}/", {"do": "publish"}).status_code == 409, "a second press"
    page = text(stranger, f"/public/notices/{proposed.pk}/")
    assert proposed.rows[0][2] in page
    assert not any(row[0] in page for row in proposed.rows), "no credit code"
    assert not re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", page)
    assert season_of(found).title in text(stranger, "/public/notices/")
    assert taken(stranger, f"/public/notices/{proposed.pk}/notice.pdf").startswith(b"%PDF")
    found_one = text(stranger, f"/public/notices/{proposed.pk}/?q={proposed.rows[0][2]}")
    assert found_one.count('class="first"') == 1
    assert "没有找到" in text(stranger, f"/public/notices/{proposed.pk}/?q=没有这家")
    code = text(stranger, f"/public/check/{proposed.check_code}/")
    assert "公示文件属实" in code


def test_a_stranger_objects_with_evidence_and_follows_it(
    notice: Notice, first: Client, found: Evaluated, clock: type[Clock]
) -> None:
    stranger, form = Client(), f"/public/notices/{notice.pk}/objection/"
    assert "填写异议" in text(stranger, form)
    empty = stranger.post(form, {})
    assert empty.status_code == 422
    assert "请写明姓名或单位名称" in empty.content.decode()
    bad = SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 100)
    assert stranger.post(form, {**SAID, "files": [bad]}).status_code == 422
    assert not Objection.objects.exists()
    sent = stranger.post(form, {**SAID, "about": "1", "files": [SimpleUploadedFile("证据.png", PNG)]})
    assert sent.status_code == 302
    link = sent.headers["Location"]
    receipt = text(Client(), link)
    objection = Objection.objects.get()
    assert objection.number in receipt
    assert "13800001111" not in receipt
    assert objection.entry is not None
    assert objection.entry.institution.uscc == notice.rows[0][0]
    page = text(first, f"{OFFICE}objections/{objection.pk}/")
    assert "13800001111" not in page
    assert "王先生" not in page
    shown = first.post(f"{OFFICE}objections/{objection.pk}/reveal/", {"reason": "核实"}).content.decode()
    assert "13800001111" in shown
    assert as_(found.lead).post(f"{OFFICE}objections/{objection.pk}/reveal/", {"reason": "看"}).status_code == 403
    token = objection.files.get().file.token
    assert first.get(f"{OFFICE}objections/{objection.pk}/files/{token}/").status_code == 200
    assert Look.objects.filter(file__token=token, how="view").count() == 1
    clock.now = datetime(2022, 3, 17, 16, tzinfo=UTC)
    late = stranger.post(form, SAID)
    assert late.status_code == 409
    assert "不再受理异议" in late.content.decode()


def test_an_objection_from_the_institution_to_its_answer(notice: Notice, first: Client, found: Evaluated) -> None:
    user, entry = own_people(found, notice)
    own = as_(user)
    assert "提出异议" in text(own, f"/institution/{entry}/result/")
    sent = own.post(f"/institution/{entry}/result/objection/", {**SAID, "about": "own"})
    assert sent.status_code == 302
    objection = Objection.objects.get()
    assert objection.institution_id is not None
    lead = as_(found.lead)
    act = f"{OFFICE}objections/{objection.pk}/act/"
    assert lead.post(act, {"do": "accept"}).status_code == 409
    assert first.post(act, {"do": "refuse", "reason": ""}).status_code == 409
    assert first.post(act, {"do": "accept"}).status_code == 302
    assert first.post(act, {"do": "accept"}).status_code == 409, "a second press"
    free = free_assessor(found)
    assert "未参加者" in text(lead, f"{OFFICE}objections/{objection.pk}/")
    assert lead.post(act, {"do": "ask", "assessor": str(found.lead.pk)}).status_code == 404
    assert lead.post(act, {"do": "ask", "assessor": str(free.user_id)}).status_code == 302
    assessor = as_(free.user)
    recheck = objection.rechecks.get()
    page = text(assessor, f"/assessor/rechecks/{recheck.pk}/")
    assert "每一分" in page or "评分项" in page
    assert SAID["contact"] not in page
    other = as_(Assessor.objects.exclude(pk=free.pk).select_related("user").first().user)  # type: ignore[union-attr]
    assert other.get(f"/assessor/rechecks/{recheck.pk}/").status_code == 404
    assert assessor.post(f"/assessor/rechecks/{recheck.pk}/", {"advice": "upheld"}).status_code == 422
    said = {"advice": "upheld", "opinion": "材料属实"}
    assert assessor.post(f"/assessor/rechecks/{recheck.pk}/", said).status_code == 302
    assert first.post(act, {"do": "decide", "verdict": "upheld", "answer": "成立，将更正"}).status_code == 302
    told = text(own, f"/institution/{entry}/result/")
    assert "成立，将更正" in told
    assert "异议成立" in told


def test_the_result_is_published_and_everybody_has_their_part(
    notice: Notice, first: Client, second: Client, found: Evaluated, clock: type[Clock]
) -> None:
    user, entry = own_people(found, notice)
    own = as_(user)
    page = text(own, f"/institution/{entry}/result/")
    assert "每一分从哪里来" not in page, "the score is not to be seen before"
    assert own.get(f"/institution/{entry}/result/feedback.pdf").status_code == 404
    wanted = {"season": season_of(found).pk, "issuer": "市经信委", "issued_on": "2022-03-18"}
    assert first.post(f"{OFFICE}results/propose/", wanted).status_code == 422
    clock.now = datetime(2022, 3, 18, 2, tzinfo=UTC)
    assert "期满" in text(first, OFFICE)
    assert first.post(f"{OFFICE}results/propose/", {**wanted, "issued_on": "后天"}).status_code == 422
    assert first.post(f"{OFFICE}results/propose/", wanted).status_code == 302
    release = Release.objects.get()
    assert Client().get(f"/public/results/{release.pk}/").status_code == 404
    assert first.post(f"{OFFICE}results/{release.pk}/", {"do": "publish"}).status_code == 409
    assert second.post(f"{OFFICE}results/{release.pk}/", {"do": "publish"}).status_code == 302
    assert "正在准备" in text(own, f"/institution/{entry}/result/")
    make(Job.objects.latest("pk").token)
    told = text(own, f"/institution/{entry}/result/")
    assert "每一分从哪里来" in told
    assert "专家1" in told
    assert taken(own, f"/institution/{entry}/result/feedback.pdf").startswith(b"%PDF")
    assert taken(own, f"/institution/{entry}/result/certificate.pdf").startswith(b"%PDF")
    stranger = Client()
    assert "下载公开数据包" in text(stranger, f"/public/results/{release.pk}/")
    assert taken(stranger, f"/public/results/{release.pk}/package.zip").startswith(b"PK")
    one = Certificate.objects.select_related("entry__institution").first()
    assert one is not None
    assert stranger.get("/public/check/", {"code": one.code.lower()}).status_code == 302
    assert "证书有效" in text(stranger, f"/public/check/{one.code}/")
    assert "没有这个核验码" in text(stranger, "/public/check/AAAA-AAAA-AAAA/", 404)
    assert taken(first, f"{OFFICE}results/{release.pk}/full.zip").startswith(b"PK")
    assert stranger.get(f"{OFFICE}results/{release.pk}/full.zip").status_code == 302
    assert own.get(f"{OFFICE}results/{release.pk}/full.zip").status_code == 403
    auditor = as_(person("审计员甲", Role.AUDITOR))
    assert release.notice.computation.results_sha256 in text(auditor, "/auditor/packages/")
    assert taken(auditor, f"/auditor/packages/{release.pk}/full.zip").startswith(b"PK")
    assert own.get(f"/auditor/packages/{release.pk}/full.zip").status_code == 403
    assert "测评结果已发布" in text(own, "/")
    assert "公示发布" in text(first, "/")
    revoke = f"{OFFICE}certificates/{one.pk}/revoke/"
    assert first.post(revoke, {"reason": ""}).status_code == 409
    assert first.post(revoke, {"reason": "材料造假"}).status_code == 302
    assert "材料造假" in text(stranger, f"/public/check/{one.code}/")
    assert "材料造假" in text(first, f"{OFFICE}certificates/")


def test_another_institution_finds_nothing(notice: Notice, found: Evaluated) -> None:
    user, entry = own_people(found, notice)
    other = next(one for one in found.second.entries if one.pk != entry)
    assert as_(user).get(f"/institution/{other.pk}/result/").status_code == 404
    sent = as_(user).post(f"/institution/{other.pk}/result/objection/", {**SAID, "about": "own"})
    assert sent.status_code == 404


def test_too_many_objections_from_one_address_are_told_to_wait(notice: Notice, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "objection": "1/h/ip"}
    stranger, form = Client(REMOTE_ADDR="203.0.113.9"), f"/public/notices/{notice.pk}/objection/"
    assert stranger.post(form, SAID).status_code == 302
    assert stranger.post(form, SAID).status_code == 429


@pytest.mark.parametrize(
    ("address", "most"), [("", 15), ("objections/", 12), ("certificates/", 12)], ids=["publication", "list", "papers"]
)
def test_a_page_asks_little_however_long_it_is(notice: Notice, first: Client, address: str, most: int) -> None:
    counts = []
    first.get(OFFICE)
    for count in (1, 4):
        for number in range(count):
            Client(REMOTE_ADDR=f"203.0.113.{10 * count + number}").post(f"/public/notices/{notice.pk}/objection/", SAID)
        with CaptureQueriesContext(connection) as asked:
            assert first.get(f"{OFFICE}{address}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= most
