"""The calls of the demo: through the actions, in calling hours, with work left for both verifiers."""

from time import perf_counter

import pytest
from django.utils import timezone

from ceping.flow import demo_verification
from ceping.flow.demo_people import Cast
from ceping.ground.journal.queries import breaks_in, heads
from ceping.stages.verification.models import Appointment, Attempt, Link
from ceping.stages.verification.queries import boards_of, frames_of, results_of
from ceping.stages.verification.states import SurveyState
from ceping.stages.verification.states.hours import part_at
from tests.factories.survey import MORNING, field

pytestmark = pytest.mark.django_db


def test_the_demo_calls_some_and_leaves_much() -> None:
    made = field(6)
    staff = {"lead-1": made.lead, "verifier-1": made.verifier, "verifier-2": made.colleague}
    begun = perf_counter()
    demo_verification.fill(cast=Cast(staff, [], []), season=made.season, entries=made.entries, at=MORNING)
    assert perf_counter() - begun < 15
    survey = made.survey
    assert survey.state == SurveyState.CALLING
    assert all(part_at(timezone.localtime(one.at)) is not None for one in Attempt.objects.all())
    assert Attempt.objects.count() == 40
    for caller in (made.verifier, made.colleague):
        mine = list(frames_of(survey, handed_to=caller))
        assert sum(len(board.left) for board in boards_of(mine, at=MORNING).values()) > 20
        assert Appointment.objects.filter(frame__verifier=caller, ended_at=None).count() == 1
    assert Link.objects.count() == 2
    assert any(one.verification.verification.whole > 10 for one in results_of(list(frames_of(survey)), at=MORNING))
    assert [one for head in heads() for one in breaks_in(head.chain)] == []
