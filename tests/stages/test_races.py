"""Two at once: presses of one button, two tabs in one field; each with its twin that goes without the protection."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.signals import pre_save
from testbed.scene import Scene, fill, scene

from ceping.ground.journal.models import Entry as JournalEntry
from ceping.stages.report.actions import Conflict, save_answer, submit_report
from ceping.stages.report.models import Answer, Entry, Submission
from tests.factories.report import complete_report

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CROWD = 10


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection left out: rows are read without being held."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)


@contextmanager
def slowly(model: type[Model]) -> Iterator[None]:
    """Between what a change read and what it writes there is time enough for another."""

    def wait(**_: object) -> None:
        time.sleep(0.1)

    pre_save.connect(wait, sender=model)
    yield
    pre_save.disconnect(wait, sender=model)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each answered or raised, all begun at one moment on connections of their own."""
    told: list[object] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            told.append(act())
        except Exception as error:  # noqa: BLE001 -- whatever it was, the test says what it had to be
            told.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def ready() -> Scene:
    made = scene()
    fill(made.entry, complete_report(uscc=made.institution.uscc, name=made.institution.name), made.alice)
    return made


def presses(here: Scene, now: datetime, keys: list[UUID]) -> list[object]:
    chosen = str(here.entry.answers.get(field="categories").value[0])
    given = {"entry": here.entry, "category": chosen, "let_stand": [], "by": here.alice, "at": now}
    with slowly(Submission):
        return at_once([lambda key=key: submit_report(key=key, **given).receipt for key in keys])  # type: ignore[misc, arg-type]


def receipts(told: list[object]) -> list[str]:
    return [one for one in told if isinstance(one, str)]


def test_one_button_pressed_at_once_is_one_submission(now: datetime) -> None:
    here = ready()
    told = receipts(presses(here, now, [uuid4()] * CROWD))
    assert (len(told), len(set(told)), Entry.objects.get().submissions.count()) == (CROWD, 1, 1)


def test_twin_of_the_button_without_its_key(now: datetime) -> None:
    here = ready()
    told = receipts(presses(here, now, [uuid4() for _ in range(CROWD)]))
    # Still one submission, but only one of the ten learns its receipt.
    assert (len(told), Entry.objects.get().submissions.count()) == (1, 1)


@pytest.mark.usefixtures("unlocked")
def test_twin_of_the_button_without_the_lock(now: datetime) -> None:
    here = ready()
    told = presses(here, now, [uuid4()] * CROWD)
    # The table's constraint still keeps it one; the others are told of a fault instead of their receipt.
    assert len(receipts(told)) < CROWD
    assert {type(one).__name__ for one in told} == {"str", "IntegrityError"}
    assert JournalEntry.objects.filter(act="submit_report").count() == 1


def tabs(here: Scene, now: datetime) -> list[object]:
    save_answer(entry=here.entry, field="headcount", value="26", revision=0, by=here.alice, at=now)
    given = {"entry": here.entry, "field": "headcount", "revision": 1, "by": here.alice, "at": now}
    with slowly(Answer):
        return at_once([lambda value=value: save_answer(value=value, **given).value for value in ("27", "28")])  # type: ignore[misc, arg-type]


def test_two_tabs_at_one_moment_lose_nothing(now: datetime) -> None:
    told = tabs(scene(), now)
    (saved,) = receipts(told)
    (conflict,) = (one for one in told if isinstance(one, Conflict))
    assert (Answer.objects.get().value, Answer.objects.get().revision) == (saved, 2)
    # The other keeps its own words and sees those that stand.
    assert {conflict.theirs, conflict.mine} == {"27", "28"}
    assert conflict.theirs == saved


@pytest.mark.usefixtures("unlocked")
def test_twin_of_two_tabs_without_the_lock(now: datetime) -> None:
    # Both are told that they were saved, and one was not: what the test above would find.
    assert sorted(receipts(tabs(scene(), now))) == ["27", "28"]
    assert Answer.objects.get().revision == 2


def test_twin_of_two_tabs_one_after_the_other(now: datetime) -> None:
    here = scene()
    for number in range(3):
        given = {"entry": here.entry, "field": "headcount", "by": here.alice, "at": now}
        save_answer(value=str(26 + number), revision=number, **given)  # type: ignore[arg-type]
    assert (Answer.objects.get().value, Answer.objects.get().revision) == ("28", 3)
