"""What is left open is told before a season moves on; going on needs a reason, and results move the rest."""

from datetime import datetime, timedelta

import pytest
from testbed.scene import START, Scene, scene

from ceping.flow.advance import decide
from ceping.flow.closing import alerts_of, move_on
from ceping.ground.journal.models import Entry as Act
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.recommendation.actions import issue_table
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState
from tests.web.recommender.test_pages import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Scene:
    return scene()


def codes(season: Season, at: datetime) -> list[str]:
    return [one.code for one in alerts_of(Season.objects.select_related("scheme").get(pk=season.pk), at)]


def later(season: Season) -> datetime:
    return max(phase.closes_at for phase in season.phases.all()) + timedelta(days=1)


def test_while_people_still_write_that_is_told(found: Scene, now: datetime) -> None:
    assert codes(found.season, now) == ["closing_still_open", "closing_drafts"]
    submitted(found.entry, now)
    assert codes(found.season, later(found.season)) == []


def test_without_a_reason_nothing_moves_and_the_reason_is_kept(found: Scene, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        move_on(season=found.season, reason=" ", by=found.organiser, at=now)
    assert refused.value.findings[0].code == "closing_reason_wanted"
    assert Season.objects.get().state == SeasonState.FILING
    move_on(season=found.season, reason="主办方会议决定", by=found.organiser, at=now)
    row = Act.objects.get(act="advance_season", reason="主办方会议决定")
    assert row.body["to"] == SeasonState.RECOMMENDING


def test_what_a_district_left_undone_is_told_by_its_name(found: Scene, now: datetime) -> None:
    submission = submitted(found.entry, now)
    Season.objects.update(state=SeasonState.RECOMMENDING)
    at = later(found.season)
    told = {one.code: one.message() for one in alerts_of(Season.objects.select_related("scheme").get(), at)}
    assert list(told) == ["closing_undecided", "closing_none_forward", "closing_illustrative"]
    assert "浦东新区" in told["closing_undecided"]
    assert submission is not None
    decide(entry=found.entry, forward=True, by=found.district, at=now)
    assert codes(found.season, at) == ["closing_unissued", "closing_illustrative"]
    issue_table(season=found.season, area=found.area, filled_on=now.date(), by=found.district, at=now)
    assert codes(found.season, at) == ["closing_unscanned", "closing_illustrative"]


@pytest.mark.parametrize("state", [SeasonState.EVALUATING, SeasonState.COMPUTED, SeasonState.PUBLISHED])
def test_from_the_evaluation_on_its_results_move_it(found: Scene, state: SeasonState) -> None:
    Season.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        move_on(season=found.season, reason="急", by=found.organiser, at=START)
    assert refused.value.findings[0].code == "closing_by_results"
    assert Season.objects.get().state == state


def test_nobody_else_moves_it(found: Scene, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        move_on(season=found.season, reason="急", by=found.alice, at=now)
