"""Paper copies: a code or number finds the submission, what was seen is kept, late is noted, a mistake undone."""

from datetime import date, datetime, timedelta

import pytest
from testbed.scene import Scene, person, scene

from ceping.ground.journal.models import Entry as JournalEntry
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Role
from ceping.stages.report.actions import Seen, receive_paper, undo_paper, withdraw_report
from ceping.stages.report.models import Submission
from ceping.stages.report.queries.paper import due_on, paper_of, papers_of, standings, submission_named
from ceping.stages.scheme.models import Phase
from tests.stages.test_recommendation import submitted

pytestmark = pytest.mark.django_db
WHOLE = Seen(seals_complete=True, cross_page_seal=True)


@pytest.fixture
def here(now: datetime) -> Scene:
    made = scene()
    submitted(made.entry, now)
    made.entry.refresh_from_db()
    opens, closes = now - timedelta(days=1), now + timedelta(days=10)
    Phase.objects.create(season=made.season, kind="paper", opens_at=opens, closes_at=closes)
    return made


def submission_of(here: Scene) -> Submission:
    return here.entry.submissions.get()


def test_every_way_to_say_which(here: Scene) -> None:
    made = submission_of(here)
    digits = made.receipt.replace("-", "")
    full = digits.translate({48 + one: 0xFF10 + one for one in range(10)})
    uscc = here.institution.uscc
    ways = [made.receipt, f" {digits} ", full, made.receipt.replace("-", " "), uscc, uscc.lower(), f"2021-{uscc}"]
    ways += [f"CEPING:{made.receipt}:{'AB' * 32}", f"ceping:2021-{uscc}:{'ab' * 32}"]
    for way in ways:
        assert submission_named(way, here.season, here.area) == made, way


def test_a_wrong_digit_is_told_apart_from_somebody_elses(here: Scene) -> None:
    digits = submission_of(here).receipt.replace("-", "")
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    for given in (wrong, digits[:-1], "1"):
        with pytest.raises(Refused, match="paper_receipt_digits"):
            submission_named(given, here.season, here.area)
    for given, area in (("", here.area), ("乱写", here.area), (digits, here.elsewhere)):
        with pytest.raises(Refused, match="paper_receipt_unknown"):
            submission_named(given, here.season, area)


def test_received_stands_with_its_day_and_who(here: Scene, now: datetime) -> None:
    assert paper_of(here.entry, now).state == "expected"
    made = receive_paper(submission=submission_of(here), on=date(2022, 3, 10), seen=WHOLE, by=here.district, at=now)
    assert (made.received_on, made.received_by) == (date(2022, 3, 10), here.district)
    standing = paper_of(here.entry, now)
    assert (standing.state, standing.late, standing.due) == ("received", False, due_on(here.season))
    entry = JournalEntry.objects.get(act="receive_paper")
    assert entry.body["receipt"] == submission_of(here).receipt


def test_a_missing_seal_says_which(here: Scene, now: datetime) -> None:
    on, who = date(2022, 3, 10), here.district
    half = Seen(seals_complete=True, cross_page_seal=False)
    with pytest.raises(Refused, match="paper_what_is_missing"):
        receive_paper(submission=submission_of(here), on=on, seen=half, by=who, at=now)
    told = Seen(seals_complete=True, cross_page_seal=False, note="缺骑缝章")
    receive_paper(submission=submission_of(here), on=on, seen=told, by=who, at=now)
    standing = paper_of(here.entry, now)
    assert standing.state == "incomplete"
    assert standing.paper is not None
    assert standing.paper.note == "缺骑缝章"


def test_late_is_noted_and_not_refused(here: Scene, now: datetime) -> None:
    later = now + timedelta(days=12)
    assert paper_of(here.entry, later).state == "overdue"
    receive_paper(submission=submission_of(here), on=later.date(), seen=WHOLE, by=here.district, at=later)
    assert paper_of(here.entry, later).late
    (line,) = standings(papers_of(here.season, here.area), here.season, later)
    assert (line.state, line.late) == ("received", True)


@pytest.mark.parametrize("on", [date(2022, 3, 9), date(2022, 3, 11)])
def test_not_before_it_was_submitted_nor_after_today(here: Scene, now: datetime, on: date) -> None:
    with pytest.raises(Refused, match="paper_day"):
        receive_paper(submission=submission_of(here), on=on, seen=WHOLE, by=here.district, at=now)


def test_the_print_of_a_withdrawn_submission_is_not_taken(here: Scene, now: datetime) -> None:
    made = submission_of(here)
    withdraw_report(entry=here.entry, by=here.alice, at=now)
    with pytest.raises(Refused, match="paper_other_version"):
        receive_paper(submission=made, on=date(2022, 3, 10), seen=WHOLE, by=here.district, at=now)
    assert paper_of(here.entry, now).state == "none"
    assert list(papers_of(here.season, here.area)) == []


def test_a_mistake_is_undone_with_a_reason(here: Scene, now: datetime) -> None:
    made = submission_of(here)
    with pytest.raises(Refused, match="paper_not_received"):
        undo_paper(submission=made, reason="拿错了", by=here.district, at=now)
    receive_paper(submission=made, on=date(2022, 3, 10), seen=WHOLE, by=here.district, at=now)
    with pytest.raises(Refused, match="paper_reason"):
        undo_paper(submission=made, reason=" ", by=here.district, at=now)
    undo_paper(submission=made, reason="拿错了", by=here.district, at=now)
    assert paper_of(here.entry, now).state == "expected"
    assert JournalEntry.objects.get(act="undo_paper").reason == "拿错了"


def test_only_the_own_district_checks_in(here: Scene, now: datetime) -> None:
    for who in (here.alice, here.organiser, person("别区", Role.RECOMMENDER, area=here.elsewhere)):
        with pytest.raises(NotAllowed, match="paper_not_your_area"):
            receive_paper(submission=submission_of(here), on=date(2022, 3, 10), seen=WHOLE, by=who, at=now)
