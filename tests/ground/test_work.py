"""Work beside the pages: taken up once, ended once, told kindly when it breaks; the real worker; brought back."""

from datetime import datetime

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from testbed.scene import Scene, scene

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.ground.work.actions import ask_for, call_off, finish, take_up, tell_progress
from ceping.ground.work.models import Job, State
from ceping.ground.work.queries import job_about, under_way
from ceping.ground.work.tasks import Made, bring_back, carry_out
from ceping.stages.report.tasks import ask_to_print


def asked(here: Scene, now: datetime) -> Job:
    return ask_for(kind="any", about="entry:1", given={"a": "内容"}, begin=lambda _: None, by=here.alice, at=now)


def nothing(job: Job) -> Made:
    return {"of": job.given["a"]}, ()


def refusing(_: Job) -> Made:
    raise Refused(fault("evidence_gone"))


def breaking(_: Job) -> Made:
    raise ZeroDivisionError


@pytest.mark.django_db
def test_done_once_and_found_by_what_it_is_about(now: datetime) -> None:
    job = asked(scene(), now)
    assert list(under_way("entry:1", "any")) == [job]
    carry_out(job.token, nothing)
    carry_out(job.token, breaking)
    job.refresh_from_db()
    assert (job.state, job.result) == (State.DONE, {"of": "内容"})
    assert job_about("entry:2", job.token) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT given, result FROM work_job")
        assert all("内容".encode() not in bytes(value) for value in cursor.fetchone())


@pytest.mark.django_db
@pytest.mark.parametrize(("work", "code"), [(refusing, "evidence_gone"), (breaking, "work_broke")])
def test_what_comes_to_nothing_says_why(now: datetime, work: object, code: str) -> None:
    job = asked(scene(), now)
    carry_out(job.token, work)  # type: ignore[arg-type]
    job.refresh_from_db()
    assert (job.state, [one["code"] for one in job.findings]) == (State.FAILED, [code])


@pytest.mark.django_db
def test_called_off_it_does_not_go_on(now: datetime) -> None:
    job = asked(scene(), now)
    held = take_up(token=job.token)
    assert held is not None
    assert tell_progress(job=held, done=1, total=3)
    call_off(job=job, at=now)
    assert not tell_progress(job=held, done=2, total=3)
    finish(job=held, result={"x": 1}, at=now)
    job.refresh_from_db()
    assert (job.state, job.result) == (State.CANCELLED, {})
    assert take_up(token=job.token) is None


@pytest.mark.django_db(transaction=True)
def test_the_real_worker_does_it(now: datetime) -> None:
    here = scene()
    job = ask_to_print(entry=here.entry, submission=None, by=here.alice, at=now)
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
    job.refresh_from_db()
    assert job.state == State.DONE
    assert len(job.result["files"]) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("attempts", "status", "state"), [(0, "todo", "waiting"), (2, "failed", "failed")])
def test_work_without_a_worker_comes_back_but_not_for_ever(
    now: datetime, attempts: int, status: str, state: str
) -> None:
    from asgiref.sync import async_to_sync  # noqa: PLC0415 -- this test alone

    here = scene()
    job = ask_to_print(entry=here.entry, submission=None, by=here.alice, at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", [worker, attempts]
        )
    async_to_sync(bring_back.func)(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        assert cursor.fetchall() == [(status,)]
    job.refresh_from_db()
    assert job.state == state
