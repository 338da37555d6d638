"""Deadlines are told once at each threshold, to those who have something due and to nobody else."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from testbed.scene import FILING, START, Scene, an_institution, person, scene

from ceping.flow.advance import decide, undo
from ceping.flow.extend import extend
from ceping.flow.remind import remind, remind_due
from ceping.flow.send_back import return_report
from ceping.folder.demo.words import credit_code
from ceping.ground.messages.models import Message
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.actions import Note
from ceping.stages.report.actions import withdraw_report
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.actions import set_phase
from ceping.stages.scheme.models import Phase
from ceping.stages.scheme.queries import closings_of, open_for, phase_of
from ceping.stages.scheme.states import PhaseKind
from tests.web.recommender.test_pages import submitted

pytestmark = pytest.mark.django_db
CLOSE = FILING[1]


@pytest.fixture
def here() -> Scene:
    return scene()


def filing(here: Scene) -> Phase:
    found = phase_of(here.season, PhaseKind.FILING)
    assert found is not None
    return found


def told(event: str = "deadline") -> list[str]:
    return list(Message.objects.filter(event=event).order_by("pk").values_list("subject", flat=True))


def days_before(days: int, hour: int = 9) -> datetime:
    """That many days before the close, at an hour of Shanghai."""
    return CLOSE.replace(hour=0) + timedelta(hours=hour - 8) - timedelta(days=days)


@pytest.mark.usefixtures("here")
def test_each_threshold_once_however_often_the_clock_rings() -> None:
    for days in range(10, -1, -1):
        for hour in (7, 9, 10, 21):
            remind_due(at=days_before(days, hour))
    assert told() == [f"自评报告{left}截止，尚未提交" for left in ("还有 7 天", "还有 3 天", "还有 1 天", "今天")]
    assert remind_due(at=CLOSE + timedelta(minutes=30)) == 0


@pytest.mark.usefixtures("here")
def test_a_day_without_power_is_told_of_the_next() -> None:
    remind_due(at=days_before(7))
    remind_due(at=days_before(2))
    remind_due(at=days_before(2, 15))
    assert told() == ["自评报告还有 7 天截止，尚未提交", "自评报告还有 2 天截止，尚未提交"]


def test_who_handed_in_is_left_alone_and_who_has_more_time_hears_later(here: Scene, now: datetime) -> None:
    other = Entry.objects.create(season=here.season, institution=here.other, created_at=START, changed_at=START)
    submitted(here.entry, now)
    more = CLOSE + timedelta(days=10)
    extend(phase=filing(here), until=more, reason="搬迁", institutions=[here.other], by=here.organiser, at=now)
    assert remind_due(at=days_before(1)) == 0
    assert remind_due(at=more - timedelta(days=3, hours=4)) == 1
    assert Message.objects.get(event="deadline").to == here.bob
    assert other.state == EntryState.DRAFT


def test_paper_that_did_not_come_is_missed_from_those_who_handed_in(here: Scene, now: datetime) -> None:
    Entry.objects.create(season=here.season, institution=here.other, created_at=START, changed_at=START)
    submitted(here.entry, now)
    set_phase(
        season=here.season,
        kind=PhaseKind.PAPER,
        opens_at=FILING[0],
        closes_at=CLOSE,
        reason="定稿",
        by=here.organiser,
        at=now,
    )
    remind_due(at=days_before(3))
    missed = Message.objects.get(event="paper_missing")
    assert missed.to == here.alice
    assert here.entry.submissions.get().receipt in missed.body


def test_by_hand_once_a_day_and_only_the_organiser(here: Scene, now: datetime) -> None:
    wanted = [here.entry.pk]
    with pytest.raises(NotAllowed):
        remind(season=here.season, entries=wanted, by=here.district, at=now)
    assert remind(season=here.season, entries=wanted, by=here.organiser, at=now) == 1
    assert remind(season=here.season, entries=wanted, by=here.second, at=now + timedelta(hours=1)) == 0
    assert remind(season=here.season, entries=wanted, by=here.second, at=now + timedelta(days=1)) == 1
    submitted(here.entry, now)
    with pytest.raises(Refused):
        remind(season=here.season, entries=wanted, by=here.organiser, at=now + timedelta(days=2))


def test_every_move_is_told_where_it_leads(here: Scene, now: datetime) -> None:
    entry = submitted(here.entry, now)
    decide(entry=entry, forward=False, reason="经营不满三年", by=here.district, at=now)
    undo(entry=entry, by=here.district, at=now)
    withdraw_report(entry=entry, by=here.alice, at=now)
    events = list(here.alice.messages.order_by("pk").values_list("event", flat=True))
    assert events == ["receipt", "not_put_forward", "decision_undone", "withdrawn"]
    assert "经营不满三年" in here.alice.messages.get(event="not_put_forward").body
    assert set(here.alice.messages.values_list("link", flat=True)) == {reverse("institution:entry", args=[entry.pk])}
    assert here.district.messages.get().link == reverse("recommender:desk")


def test_a_return_is_told_with_its_date(here: Scene, now: datetime) -> None:
    entry = submitted(here.entry, now)
    due = now + timedelta(days=5)
    return_report(entry=entry, remarks=[Note("whole", "", "请补")], due_at=due, by=here.district, at=now)
    assert "2022年3月15日 10:00" in here.alice.messages.get(event="returned").subject


def test_all_closes_at_once_are_the_closes_one_by_one(here: Scene, now: datetime) -> None:
    third = an_institution("上海第三家", credit_code(3, "startup"), here.area)
    person("某人", Role.INSTITUTION, institution=third, main=True)
    later = [CLOSE + timedelta(days=days) for days in (1, 2, 5)]
    for until, whom in zip(later, (here.institution, here.other, here.institution), strict=True):
        extend(phase=filing(here), until=until, reason="因故", institutions=[whom], by=here.organiser, at=now)
    extend(phase=filing(here), until=later[1], reason="停电", area=here.area, by=here.organiser, at=now)
    with pytest.raises(Refused):
        extend(phase=filing(here), until=later[1], reason="停电", by=here.organiser, at=now)
    known = closings_of(here.season)[PhaseKind.FILING]
    for one in (here.institution, here.other, third):
        opened = open_for(here.season, PhaseKind.FILING, one)
        assert opened is not None
        assert known.of(one.pk, one.area_id) == opened[1]
