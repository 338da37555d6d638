"""Calls: whose turn it is and when, recorded once, made void; numbers shown with a reason; what they come to."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

import pytest

from ceping.core.phone import normalised
from ceping.ground.journal.models import Entry as Line
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.verification.actions import (
    Conflict,
    Heard,
    close_calls,
    hand_out,
    hand_over,
    make_appointment,
    note_listening,
    record_attempt,
    reveal_phone,
    void_attempt,
)
from ceping.stages.verification.models import Appointment, Attempt, Client, Drawn, Frame
from ceping.stages.verification.queries import board_of, boards_of, frames_of, next_line, results_of, tables_of
from ceping.stages.verification.states import SurveyState
from ceping.stages.verification.states.hours import PARTS, part_at
from tests.factories.survey import AFTERNOON, ANSWERS, EVENING, MORNING, Field, call, calling

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Field:
    return calling()


def at_position(made: Field, position: int) -> Client:
    return Drawn.objects.get(frame=made.frame, draw__superseded_at=None, position=position).client


def who_is_next(made: Field, at: datetime) -> int | None:
    found = next_line(boards_of(list(frames_of(made.survey)), at=at).values(), at=at)
    return found[1].position if found else None


def test_one_press_is_one_attempt(made: Field) -> None:
    client, key = at_position(made, 1), uuid4()
    twice = [
        record_attempt(client=client, key=key, heard=Heard("10", ANSWERS), revision=0, by=made.verifier, at=MORNING)
        for _ in range(2)
    ]
    assert twice[0].pk == twice[1].pk
    assert (Attempt.objects.count(), Line.objects.filter(act="record_call").count()) == (1, 1)
    line = Line.objects.get(act="record_call")
    assert line.body == {"entry": made.entries[0].pk, "key": client.key, "n": 1, "disposition": "10", "mode": "phone"}


def test_somebody_who_saw_less_is_told_of_what_was_recorded(made: Field) -> None:
    client = at_position(made, 1)
    call(made, client, "30")
    hand_over(frame=made.frame, to=made.colleague, reason="许核验请假", by=made.lead, at=MORNING)
    late = {"client": client, "key": uuid4(), "heard": Heard("12"), "revision": 0, "at": AFTERNOON}
    with pytest.raises(NotAllowed, match="verify_not_yours"):
        record_attempt(by=made.verifier, **late | {"revision": 1})
    with pytest.raises(Conflict) as told:
        record_attempt(by=made.colleague, **late)
    assert told.value.theirs is not None
    assert (told.value.theirs.disposition, told.value.mine.disposition, told.value.revision) == ("30", "12", 1)
    assert Attempt.objects.count() == 1
    record_attempt(by=made.colleague, **late | {"revision": 1})


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (MORNING.replace(hour=0, minute=59), "verify_quiet"),
        (MORNING.replace(hour=4), "verify_quiet"),
        (MORNING.replace(hour=10), "verify_quiet"),
        (MORNING + timedelta(days=2), "verify_quiet"),
    ],
)
def test_nobody_is_called_at_night_at_noon_or_at_the_weekend(made: Field, moment: datetime, code: str) -> None:
    with pytest.raises(NotAllowed, match=code):
        call(made, at_position(made, 1), at=moment)
    with pytest.raises(NotAllowed, match=code):
        reveal_phone(client=at_position(made, 1), reason="拨打", by=made.verifier, at=moment)
    assert who_is_next(made, moment) is None


def test_the_parts_of_the_day_have_no_edges_in_common() -> None:
    for earlier, later in pairwise(PARTS):
        assert earlier.end <= later.begin
    day = datetime(2022, 3, 10)  # noqa: DTZ001 -- local, as the hours count
    assert [part_at(day.replace(hour=h, minute=m)) for h, m in ((12, 0), (18, 0), (8, 59))] == [None] * 3
    assert part_at(day.replace(hour=16)) is PARTS[2]


def test_days_off_and_days_worked_instead_are_the_state_councils() -> None:
    ten = datetime(2022, 1, 29, 10)  # noqa: DTZ001 -- local, a Saturday that was worked
    assert part_at(ten) is PARTS[0]
    assert part_at(ten.replace(month=2, day=2)) is None


def test_after_three_parts_of_the_day_a_reserve_takes_the_place(made: Field) -> None:
    client, reserve = at_position(made, 1), at_position(made, 36)
    with pytest.raises(NotAllowed, match="verify_not_its_turn"):
        call(made, reserve)
    call(made, client, "30")
    with pytest.raises(NotAllowed, match="verify_other_part"):
        call(made, client, "31", at=MORNING + timedelta(hours=1))
    call(made, client, "31", at=AFTERNOON)
    with pytest.raises(NotAllowed, match="verify_enough_today"):
        call(made, client, "32", at=EVENING)
    call(made, client, "32", at=EVENING + timedelta(days=1))
    with pytest.raises(NotAllowed, match="verify_client_closed"):
        call(made, client, "10", at=MORNING + timedelta(days=4))
    call(made, reserve, at=MORNING + timedelta(days=4))
    with pytest.raises(NotAllowed, match="verify_not_its_turn"):
        call(made, at_position(made, 37), at=MORNING + timedelta(days=4))


def test_one_who_is_unsure_is_asked_again_another_day(made: Field) -> None:
    client = at_position(made, 1)
    call(made, client, "13")
    with pytest.raises(NotAllowed, match="verify_tomorrow"):
        call(made, client, at=AFTERNOON)
    call(made, client, "13", at=AFTERNOON + timedelta(days=1))
    with pytest.raises(NotAllowed, match="verify_client_closed"):
        call(made, client, at=AFTERNOON + timedelta(days=4))


def test_an_appointment_is_kept_at_its_moment_also_outside_the_hours(made: Field) -> None:
    client, evening = at_position(made, 3), MORNING.replace(hour=11, minute=30)
    for wrong in (MORNING - timedelta(minutes=1), MORNING.replace(hour=14), MORNING + timedelta(days=31)):
        with pytest.raises(Refused, match="verify_appointment_unfit"):
            make_appointment(client=client, on=wrong, note="", by=made.verifier, at=MORNING)
    make_appointment(client=client, on=evening, note="下班后再打", by=made.verifier, at=MORNING)
    assert Appointment.objects.get().note == "下班后再打"
    with pytest.raises(NotAllowed, match="verify_appointed"):
        call(made, client, at=AFTERNOON)
    assert who_is_next(made, evening) == 3
    call(made, client, at=evening)
    assert Appointment.objects.get().ended_at == evening


def test_a_call_may_end_in_an_appointment(made: Field) -> None:
    client, later = at_position(made, 1), MORNING + timedelta(hours=26)
    call(made, client, "31", again=later)
    assert Appointment.objects.get(ended_at=None).on == later
    assert who_is_next(made, later) == 1


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (Heard("99"), "verify_outcome_unknown"),
        (Heard("10", {"q_served": "yes"}), "verify_answers_wanting"),
        (Heard("30", {"q_served": "yes"}), "verify_answers_unfit"),
        (Heard("11", {"q_served": "perhaps"}), "verify_answer_unknown"),
        (Heard("11", {"q_other": "yes"}), "verify_answer_unknown"),
        (Heard("11", {}, "长" * 2001), "verify_words_long"),
    ],
)
def test_what_the_scheme_does_not_know_is_refused_whole(made: Field, heard: Heard, code: str) -> None:
    with pytest.raises(Refused, match=code):
        record_attempt(client=at_position(made, 1), key=uuid4(), heard=heard, revision=0, by=made.verifier, at=MORNING)
    assert not Attempt.objects.exists()


def test_a_number_is_shown_with_a_reason_that_stays(made: Field) -> None:
    client = at_position(made, 1)
    with pytest.raises(Refused, match="verify_reason_wanted"):
        reveal_phone(client=client, reason=" ", by=made.verifier, at=MORNING)
    for stranger in (made.colleague, made.here.organiser, made.here.alice):
        with pytest.raises(NotAllowed, match="verify_not_yours"):
            reveal_phone(client=client, reason="看看", by=stranger, at=MORNING)
    shown = reveal_phone(client=client, reason="拨打第 1 次核验电话", by=made.verifier, at=MORNING)
    assert shown == normalised(client.told("phone"))
    # The lead may at any hour, and it is the lead's reason that stands.
    reveal_phone(client=client, reason="复核录音", by=made.lead, at=MORNING.replace(hour=20))
    lines = Line.objects.filter(act="reveal_phone").order_by("number")
    assert [(one.role, one.reason) for one in lines] == [("verifier", "拨打第 1 次核验电话"), ("lead", "复核录音")]
    assert all(shown not in json.dumps(one.body) for one in Line.objects.all())


def test_a_slip_is_made_void_with_a_reason_and_stays(made: Field) -> None:
    client = at_position(made, 1)
    slip = call(made, client, "20")
    assert isinstance(slip, Attempt)
    with pytest.raises(NotAllowed, match="verify_not_lead"):
        void_attempt(attempt=slip, reason="点错", by=made.colleague, at=MORNING)
    with pytest.raises(NotAllowed, match="verify_not_lead"):
        void_attempt(attempt=slip, reason="点错", by=made.verifier, at=MORNING + timedelta(days=1))
    void_attempt(attempt=slip, reason="点错了行", by=made.verifier, at=AFTERNOON)
    with pytest.raises(Refused, match="verify_not_voidable"):
        void_attempt(attempt=slip, reason="再点", by=made.lead, at=AFTERNOON)
    call(made, client, at=AFTERNOON)
    assert [(one["attempt"], one["disposition"]) for one in tables_of(made.season)["calls.csv"]] == [("1", "10")]
    assert Line.objects.get(act="void_call").reason == "点错了行"


def test_whose_place_a_reserve_took_cannot_come_back(made: Field) -> None:
    client, reserve = at_position(made, 1), at_position(made, 36)
    slip = call(made, client, "20")
    assert isinstance(slip, Attempt)
    call(made, reserve)
    with pytest.raises(Refused, match="verify_reserve_in"):
        void_attempt(attempt=slip, reason="对方回电", by=made.lead, at=MORNING)
    with pytest.raises(NotAllowed, match="verify_client_closed"):
        call(made, client, at=AFTERNOON)


def test_rates_come_from_the_rules_with_their_intervals(made: Field) -> None:
    for position in range(1, 10):
        call(made, at_position(made, position))
    call(made, at_position(made, 10), "12")
    call(made, at_position(made, 11), "20")
    (result,) = results_of(list(frames_of(made.survey)), at=MORNING)
    rate = result.verification.verification
    assert (rate.part, rate.whole, rate.value) == (9, 10, Decimal("0.9"))
    assert (rate.low, rate.high) == (Decimal("0.5958"), Decimal("0.9821"))
    assert result.small
    assert result.verification.counts == {"confirmed": 9, "denied": 1, "refused": 1}


def test_lists_go_to_whoever_has_least() -> None:
    made = calling(4)
    frames = Frame.objects.filter(survey=made.survey)
    assert set(frames.values_list("verifier", flat=True)) == {made.verifier.pk}
    with pytest.raises(Refused, match="verify_all_handed"):
        hand_out(survey=made.survey, verifiers=[made.colleague], by=made.lead, at=MORNING)
    frames.update(verifier=None)
    with pytest.raises(NotAllowed, match="verify_no_verifier"):
        hand_out(survey=made.survey, verifiers=[made.lead], by=made.lead, at=MORNING)
    given = hand_out(survey=made.survey, verifiers=[made.verifier, made.colleague], by=made.lead, at=MORNING)
    assert given == {made.verifier.pk: 2, made.colleague.pk: 2}


def test_a_listener_notes_and_closing_wants_a_reason_while_somebody_may_be_reached(made: Field) -> None:
    attempt = call(made, at_position(made, 1))
    assert isinstance(attempt, Attempt)
    note = {"attempt": attempt, "grade": "coach", "text": "开场白没有说明用途", "at": MORNING}
    with pytest.raises(NotAllowed, match="verify_not_lead"):
        note_listening(by=made.verifier, **note)
    assert note_listening(by=made.lead, **note).text == "开场白没有说明用途"
    with pytest.raises(Refused, match="verify_unfinished"):
        close_calls(survey=made.survey, reason="", by=made.lead, at=MORNING)
    make_appointment(client=at_position(made, 2), on=AFTERNOON, note="", by=made.verifier, at=MORNING)
    closed = close_calls(survey=made.survey, reason="核验期满", by=made.lead, at=MORNING)
    assert (closed.state, Appointment.objects.filter(ended_at=None).count()) == (SurveyState.CLOSED, 0)
    with pytest.raises(NotAllowed, match="verify_state"):
        call(made, at_position(made, 2), at=AFTERNOON)


def test_boards_cost_the_same_however_many(made: Field, django_assert_num_queries: object) -> None:
    frames = list(frames_of(made.survey))
    with django_assert_num_queries(4):  # type: ignore[operator]
        boards_of(frames * 3, at=MORNING)
    assert board_of(frames[0], at=MORNING) is not None
