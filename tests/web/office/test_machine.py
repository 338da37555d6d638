"""The system administrator's page: how the machine does, in words, from a fixed number of questions."""

import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.scene import Scene, person, scene

from ceping.flow.audit import ABOUT, KIND
from ceping.ground.messages.models import Letter
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 -- as shutil has it
GIB = 1024**3


@pytest.fixture
def here(settings: Any) -> Scene:
    settings.DEMO = True
    return scene()


@pytest.fixture
def client(here: Scene) -> Client:  # noqa: ARG001 -- the demo's switch
    client = Client()
    client.force_login(person("机房", Role.SYSTEM_ADMIN), backend="ceping.ground.people.login.NameBackend")
    return client


def shown(client: Client) -> str:
    answer = client.get("/office/machine/")
    assert answer.status_code == 200
    return answer.content.decode()


def heard(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def letter(number: int, state: str, at: datetime) -> None:
    row = {"channel": "email", "to": "a@example.cn", "body": "一", "made_at": at, "due_at": at}
    Letter.objects.create(**row, key=str(number), state=state)


def test_a_sound_machine_is_told_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * GIB, 50 * GIB, 50 * GIB))
    heard(datetime.now(UTC))
    page = shown(client)
    assert "运行正常" in page
    assert "PostgreSQL" in page
    assert "50.0" in page


def test_each_fault_is_told_with_what_to_do(here: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime.now(UTC)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * GIB, 91 * GIB, 9 * GIB))
    heard(at - timedelta(minutes=2))
    for number in range(3):
        letter(number, "failed", at)
    letter(3, "queued", at)
    chains = {"chains": [{"chain": "season:1", "broken": 2, "breaks": []}]}
    row = {"kind": KIND, "about": ABOUT, "given": {}, "asked_by": here.organiser, "asked_at": at, "ended_at": at}
    Job.objects.create(**row, state=State.DONE, result=chains)
    page = shown(client)
    for words in (
        "4 处要处理",
        "磁盘快满了",
        "后台任务没有在运行",
        "3 封信发不出去",
        "操作日志校验不通过",
        "待发 1 封",
    ):
        assert words in page


def test_it_asks_as_much_of_many_letters(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(client)
        return len(queries)

    at = datetime.now(UTC)
    shown(client)
    letter(0, "failed", at)
    one = asked()
    for number in range(1, 30):
        letter(number, "failed", at)
    assert asked() == one <= 15
