"""Keys shown once, addresses told and tried, messages sent again; files brought in with a list of what was not."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from testbed.scene import Scene, person, scene

from ceping.flow.tasks import import_points
from ceping.ground.journal.models import Entry
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job
from ceping.stages.points.actions.wire import Answer
from ceping.stages.points.models import Call, Event, Held, Hook, Standing, Token
from ceping.stages.points.queries import standing_of, token_by
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db
POINTS = "/office/points/"
KEYS, IMPORT = f"{POINTS}connections/", f"{POINTS}import/"
SHOPS_CSV = (
    "shop_id,shop_name,category,registered_on,introduction,website,certificate_count,product_count,decorated\n"
    "s1,甲店,咨询,2015-01-01,有介绍,https://example.com/,1,2,true\n"
    "s2,乙店,咨询,,有介绍,,1,2,true\n"
)
HEAD = "event_id,shop_id,kind,occurred_at,actor_id,actor_type,rating,voids\n"
EVENTS_CSV = HEAD + (
    "e1,s1,order,2022-03-01T10:00:00+08:00,u1,personal,,\n"
    "e1,s1,order,2022-03-01T10:00:00+08:00,u1,personal,,\n"
    "e2,s1,wish,2022-03-01T10:00:00+08:00,u1,personal,,\n"
    "e3,none,order,2022-03-01T10:00:00+08:00,u1,personal,,\n"
    "e1,s1,order,2022-03-01T11:00:00+08:00,u1,personal,,\n"
)


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.fixture
def who(here: Scene) -> User:  # noqa: ARG001 -- the scene stands first
    return person("钱运营", Role.OPERATOR)


@pytest.fixture
def operator(who: User) -> Client:
    return as_(who)


def test_a_key_is_shown_once_and_taken_back(operator: Client) -> None:
    for given in (
        {"name": "", "scope": "events", "days": "30"},
        {"name": "服务云", "days": "30"},
        {"name": "服务云", "scope": "burn", "days": "30"},
        {"name": "服务云", "scope": "events", "days": "-1"},
        {"name": "服务云", "scope": "events", "days": "731"},
    ):
        assert operator.post(KEYS + "key/", given).status_code == 422
    assert Token.objects.count() == 0
    answer = operator.post(KEYS + "key/", {"name": "服务云", "scope": ["events", "read"], "days": "30"})
    text = answer.content.decode().split('id="token">')[1].split("<")[0]
    made = Token.objects.get()
    assert token_by(text) == made
    # The form sent twice makes no second one.
    assert operator.post(KEYS + "key/", {"name": "服务云", "scope": "read", "days": "30"}).status_code == 422
    assert Token.objects.count() == 1
    assert answer["Cache-Control"].count("no-store") == 1
    assert text not in operator.get(KEYS).content.decode()
    assert operator.post(KEYS + "key/", {"do": "revoke", "token": made.pk}).status_code == 302
    assert operator.post(KEYS + "key/", {"do": "revoke", "token": made.pk}).status_code == 302
    assert operator.post(KEYS + "key/", {"do": "revoke", "token": "0"}).status_code == 404
    assert Entry.objects.filter(act="revoke_token").count() == 1
    assert "已收回" in operator.get(KEYS).content.decode()


def test_the_system_administrator_connects_too_and_nobody_else(here: Scene) -> None:
    admin = as_(person("系统", Role.SYSTEM_ADMIN))
    assert admin.get(KEYS).status_code == 200
    assert admin.post(KEYS + "key/", {"name": "甲", "scope": "read", "days": "1"}).status_code == 200
    for user in (here.alice, here.organiser):
        assert as_(user).post(KEYS + "key/", {"name": "甲", "scope": "read", "days": "1"}).status_code == 403
    assert Token.objects.count() == 1


def test_an_address_is_added_tried_and_removed(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("", "http://example.com/", "https://localhost/", "https://127.0.0.1/", "https://u:p@example.com/"):
        assert operator.post(KEYS + "hook/", {"name": "甲", "url": url}).status_code == 422
    answer = operator.post(KEYS + "hook/", {"name": "对方", "url": "https://example.com/hook"})
    made = Hook.objects.get()
    assert made.secret in answer.content.decode()
    assert operator.post(KEYS + "hook/", {"name": "对方", "url": "https://example.com/hook"}).status_code == 422
    assert made.secret not in operator.get(KEYS).content.decode()
    sent: list[dict[str, Any]] = []

    def post(url: str, secret: str, body: dict[str, Any], *, number: int, stamp: int) -> Answer:
        assert (secret, number, bool(stamp)) == (made.secret, 0, True)
        sent.append({"url": url, **body})
        return Answer(503, "维护中", 12)

    monkeypatch.setattr("ceping.stages.points.actions.sending.post", post)
    told = operator.post(KEYS + "hook/", {"do": "try", "hook": made.pk}, follow=True).content.decode()
    assert "试发：状态 503，12 毫秒。维护中" in told
    assert (sent[0]["url"], sent[0]["event"], Call.objects.count()) == ("https://example.com/hook", "test", 0)
    assert Entry.objects.filter(act="try_hook").count() == 1
    assert operator.post(KEYS + "hook/", {"do": "remove", "hook": made.pk}).status_code == 302
    assert operator.post(KEYS + "hook/", {"do": "try", "hook": made.pk}).status_code == 422
    assert (len(sent), operator.post(KEYS + "hook/", {"do": "try", "hook": "9"}).status_code) == (1, 404)


def test_a_message_that_failed_shows_its_tries_and_is_sent_again(operator: Client, who: User, now: datetime) -> None:
    url = "https://example.com/"
    hook = Hook.objects.create(name="对方", url=url, secret=url, added_by=who, added_at=now)
    tries = [{"at": now.isoformat(), "status": None, "told": "ConnectionRefusedError", "milliseconds": 3}]
    standing = Standing.objects.create(shop="s1", name="甲店")
    call = Call.objects.create(
        hook=hook,
        standing=standing,
        body={"level_name": "2 星级"},
        made_at=now,
        due_at=now,
        state="failed",
        tries=8,
        answers=tries,
        ended_at=now,
    )
    page = operator.get(KEYS, {"state": "failed"}).content.decode()
    assert "ConnectionRefusedError" in page
    assert operator.post(KEYS + "resend/", {"call": call.pk}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.tries) == ("waiting", 0)
    operator.post(KEYS + "hook/", {"do": "remove", "hook": hook.pk})
    assert operator.post(KEYS + "resend/", {"call": call.pk}).status_code == 422


def brought(operator: Client, shops: str = "", events: str = "", **more: str) -> int:
    given: dict[str, Any] = dict(more)
    if shops:
        given["shops"] = SimpleUploadedFile("shops.csv", shops.encode())
    if events:
        given["events"] = SimpleUploadedFile("feed.csv", events.encode(more.get("encoding", "utf-8")))
    return operator.post(IMPORT, given).status_code


def test_files_are_taken_in_and_the_rest_is_listed(operator: Client) -> None:
    assert brought(operator) == 422
    assert brought(operator, SHOPS_CSV, EVENTS_CSV) == 302
    # One at a time.
    assert brought(operator, SHOPS_CSV, EVENTS_CSV) == 422
    job = Job.objects.get(kind="import_points")
    assert "正在读文件" in operator.get(IMPORT).content.decode()
    import_points(job.token)
    page = operator.get(IMPORT).content.decode()
    assert "店铺 1 家。" in page
    assert "下载全部 4 行" in page
    listed = b"".join(operator.get(f"{IMPORT}{job.token}/rejected.csv").streaming_content).decode()  # type: ignore[arg-type]
    codes = [line.split(",")[4] for line in listed.splitlines()[1:]]
    assert sorted(codes) == ["id_conflict", "missing_field", "unknown_kind", "unknown_shop"]
    assert (Event.objects.count(), Held.objects.count()) == (1, 1)
    before = standing_of(["s1"])["s1"].points
    assert before > 0
    assert brought(operator, SHOPS_CSV, EVENTS_CSV) == 302
    import_points(Job.objects.latest("pk").token)
    assert (Event.objects.count(), standing_of(["s1"])["s1"].points) == (1, before)


def test_a_file_that_cannot_be_read_is_told_and_leaves_nothing(operator: Client) -> None:
    for events in (HEAD + "e1,s1,order\n", "event_id,shop_id\ne1,s1\n", HEAD + "李,s1,order,,,,,\n"):
        encoding = {"encoding": "gb18030"} if "李" in events else {}
        assert brought(operator, "", events, **encoding) == 302
        job = Job.objects.latest("pk")
        if encoding:
            # Sent in one encoding and said to be in the other.
            job.given = {**job.given, "encoding": "utf-8"}
            job.save(update_fields=["given"])
        import_points(job.token)
        job.refresh_from_db()
        assert (job.state, bool(job.findings)) == ("failed", True)
        assert job.findings[0]["message"] in operator.get(IMPORT).content.decode()
    assert Event.objects.count() == 0
    many = [SimpleUploadedFile(f"feed{number}.csv", HEAD.encode()) for number in range(21)]
    assert operator.post(IMPORT, {"events": many}).status_code == 422
    picture = SimpleUploadedFile("feed.csv", b"\x89PNG\r\n\x1a\n" + BytesIO(b"0" * 64).read())
    assert operator.post(IMPORT, {"events": picture}).status_code == 422


def test_an_import_is_stopped_and_strangers_fetch_nothing(here: Scene, operator: Client) -> None:
    brought(operator, SHOPS_CSV, EVENTS_CSV)
    job = Job.objects.get(kind="import_points")
    assert operator.post(f"{IMPORT}nothing/stop/").status_code == 404
    assert operator.post(f"{IMPORT}{job.token}/stop/").status_code == 302
    import_points(job.token)
    assert Event.objects.count() == 0
    assert operator.get(f"{IMPORT}{job.token}/rejected.csv").status_code == 404
    assert as_(here.organiser).get(f"{IMPORT}{job.token}/rejected.csv").status_code == 403
    assert "已停下" in operator.get(IMPORT).content.decode()
