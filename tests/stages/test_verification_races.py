"""Two at once at the call desk: one press pressed often, two outcomes for one client, a call and its online answer."""

from uuid import uuid4

import pytest

from ceping.ground.journal.models import Entry as Line
from ceping.stages.verification.actions import Conflict, Heard, answer_online, close_calls, record_attempt, send_link
from ceping.stages.verification.models import Attempt, Drawn
from ceping.stages.verification.states import SurveyState
from tests.factories.survey import ANSWERS, MORNING, Field, calling
from tests.stages.test_races import CROWD, at_once, slowly, unlocked

__all__ = ["unlocked"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def press(made: Field, key: object, disposition: str = "10") -> object:
    client = Drawn.objects.get(position=1).client
    heard = Heard(disposition, ANSWERS if disposition == "10" else {})
    return record_attempt(client=client, key=key, heard=heard, revision=0, by=made.verifier, at=MORNING)  # type: ignore[arg-type]


def test_one_press_pressed_often_is_one_call() -> None:
    made, key = calling(), uuid4()
    with slowly(Attempt):
        told = at_once([lambda: press(made, key)] * CROWD)
    assert {one.pk for one in told if isinstance(one, Attempt)} == {Attempt.objects.get().pk}
    assert Line.objects.filter(act="record_call").count() == 1


def test_of_two_outcomes_one_stands_and_the_other_is_told() -> None:
    made = calling()
    with slowly(Attempt):
        told = at_once([lambda: press(made, uuid4()), lambda: press(made, uuid4(), "12")])
    assert Attempt.objects.count() == 1
    (conflict,) = [one for one in told if isinstance(one, Conflict)]
    assert conflict.theirs is not None
    assert conflict.theirs.disposition != conflict.mine.disposition


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_both_would_try_to_stand() -> None:
    made = calling()
    with slowly(Attempt):
        told = at_once([lambda: press(made, uuid4()), lambda: press(made, uuid4(), "12")])
    assert not any(isinstance(one, Conflict) for one in told)


def test_a_call_and_an_online_answer_never_both_count() -> None:
    made = calling()
    client = Drawn.objects.get(position=1).client
    token = send_link(client=client, address="{token}", email="", by=made.verifier, at=MORNING).token
    revision = Drawn.objects.get(position=1).client.revision

    def by_phone() -> object:
        return record_attempt(
            client=client, key=uuid4(), heard=Heard("10", ANSWERS), revision=revision, by=made.verifier, at=MORNING
        )

    with slowly(Attempt):
        at_once([by_phone, lambda: answer_online(token=token, answers=ANSWERS, at=MORNING)])
    assert Attempt.objects.count() == 1


def test_nothing_is_recorded_after_the_close() -> None:
    made = calling()
    with slowly(Attempt):
        close = lambda: close_calls(survey=made.survey, reason="期满", by=made.lead, at=MORNING)  # noqa: E731
        told = at_once([close, lambda: press(made, uuid4())])
    assert made.survey.state == SurveyState.CLOSED
    stood = [one for one in told if isinstance(one, Attempt)]
    assert Attempt.objects.count() == len(stood)
    last = Line.objects.order_by("-number").values_list("act", flat=True)[0]
    assert last == "close_calls"
