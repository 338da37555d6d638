"""Handing in: once however often it is pressed, never half, on time to the microsecond, and taken back the same way."""

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from stdnum import luhn
from testbed.scene import FILING, Scene, fill, scene

from ceping.ground.journal.models import Entry as JournalEntry
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.report.actions import ReportIncomplete, save_answer, submit_report, withdraw_report
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import difference
from ceping.stages.report.states import EntryState
from tests.factories.report import complete_report


@pytest.fixture
def here(request: pytest.FixtureRequest) -> Scene:
    request.getfixturevalue("db")
    return ready()


def ready() -> Scene:
    made = scene()
    data = complete_report(uscc=made.institution.uscc, name=made.institution.name)
    fill(made.entry, data, made.alice)
    return made


def submit(here: Scene, at: datetime, **changes: object) -> Submission:
    given = {"entry": here.entry, "key": uuid4(), "category": "startup", "let_stand": [], "by": here.alice, "at": at}
    return submit_report(**(given | changes))  # type: ignore[arg-type]


def category(here: Scene) -> str:
    return str(here.entry.answers.get(field="categories").value[0])


def test_a_submission_is_the_whole_report_with_a_receipt_to_read_out(here: Scene, now: datetime) -> None:
    made = submit(here, now, category=category(here))
    here.entry.refresh_from_db()
    assert here.entry.state == EntryState.SUBMITTED
    assert made.report["answers"]["headcount"] == here.entry.answers.get(field="headcount").value
    assert made.receipt.startswith("2021-")
    assert luhn.is_valid(made.receipt.replace("-", ""))
    entry = JournalEntry.objects.get(act="submit_report")
    assert entry.body == {"number": 1, "receipt": made.receipt, "report_sha256": made.report_sha256}


def test_the_same_press_is_the_same_submission(here: Scene, now: datetime) -> None:
    key, chosen = uuid4(), category(here)
    first = submit(here, now, key=key, category=chosen)
    again = submit(here, now + timedelta(minutes=5), key=key, category=chosen)
    assert again == first
    assert Submission.objects.count() == 1


def test_faults_keep_it_a_draft_and_are_all_told(here: Scene, now: datetime) -> None:
    here.entry.answers.filter(field__in=["address", "head_count", "uscc", "legal_phone"]).delete()
    with pytest.raises(ReportIncomplete) as told:
        submit(here, now, category=category(here))
    assert {finding.code for finding in told.value.findings} == {"report_required"} or len(told.value.findings) >= 2
    here.entry.refresh_from_db()
    assert here.entry.state == EntryState.DRAFT
    assert not JournalEntry.objects.filter(act="submit_report").exists()


def test_a_question_is_answered_before_it_goes(here: Scene, now: datetime) -> None:
    here.entry.answers.filter(field="head_name").delete()
    chosen = category(here)
    with pytest.raises(ReportIncomplete) as told:
        submit(here, now, category=chosen)
    asked = [(finding.code, finding.place) for finding in told.value.findings]
    assert len(asked) == 1
    assert submit(here, now, category=chosen, let_stand=asked).let_stand == [list(asked[0])]


def test_the_category_is_one_of_the_ticked(here: Scene, now: datetime) -> None:
    with pytest.raises(Refused, match="draft_category_not_ticked"):
        submit(here, now, category="nothing")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=2), timedelta(days=3)])
def test_the_moment_of_the_close_is_too_late(here: Scene, late: timedelta) -> None:
    chosen = category(here)
    with pytest.raises(NotAllowed):
        submit(here, FILING[1] + late, category=chosen)
    assert submit(here, FILING[1] - timedelta(microseconds=1), category=chosen).number == 1


def test_what_was_submitted_is_closed_until_it_is_taken_back(here: Scene, now: datetime) -> None:
    chosen = category(here)
    submit(here, now, category=chosen)
    with pytest.raises(NotAllowed):
        save_answer(entry=here.entry, field="address", value="x", revision=1, by=here.alice, at=now)
    withdraw_report(entry=here.entry, by=here.alice, at=now)
    save_answer(entry=here.entry, field="address", value="新址", revision=1, by=here.alice, at=now)
    second = submit(here, now, category=chosen)
    assert (second.number, second.report["answers"]["address"]) == (2, "新址")
    assert Submission.objects.get(number=1).withdrawn_at == now
    with pytest.raises(NotAllowed):
        withdraw_report(entry=here.entry, by=here.alice, at=FILING[1])


@pytest.mark.parametrize("who", ["bob", "district", "organiser"])
def test_nobody_else_hands_it_in(here: Scene, now: datetime, who: str) -> None:
    with pytest.raises(NotAllowed):
        submit(here, now, category=category(here), by=getattr(here, who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_presses_at_once_are_one_submission(now: datetime) -> None:
    here = ready()
    key, chosen = uuid4(), category(here)
    receipts: list[str] = []

    def press() -> None:
        try:
            receipts.append(submit(here, now, key=key, category=chosen).receipt)
        finally:
            connections.close_all()

    for _ in range(5):
        crowd = [threading.Thread(target=press) for _ in range(10)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
    assert len(receipts) == 50
    assert len(set(receipts)) == 1
    assert Entry.objects.get().submissions.count() == 1
    assert JournalEntry.objects.filter(act="submit_report").count() == 1


def test_two_submissions_are_told_apart_and_others_are_not_compared(here: Scene, now: datetime) -> None:
    chosen = category(here)
    first = submit(here, now, category=chosen)
    withdraw_report(entry=here.entry, by=here.alice, at=now + timedelta(minutes=1))
    revision = here.entry.answers.get(field="address").revision
    save_answer(
        entry=here.entry,
        field="address",
        value="新址 8 号",
        revision=revision,
        by=here.alice,
        at=now + timedelta(minutes=2),
    )
    second = submit(here, now + timedelta(minutes=3), category=chosen)
    assert [(one.kind, one.key, one.cells[0].new) for one in difference(first, second)] == [
        ("field", "address", "新址 8 号")
    ]
    other = Submission(entry_id=here.entry.pk + 1, report=second.report)
    with pytest.raises(ValueError, match="different entries"):
        difference(first, other)
