"""Online answers: a link for one person, once, for some days; the letter leaves through the outbox."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ceping.ground.journal.models import Entry as Line
from ceping.ground.messages.models import Letter
from ceping.ground.messages.sending import claim, hand_over
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.verification.actions import answer_online, send_link, withdraw_link
from ceping.stages.verification.actions.online import LIFETIME, Sent
from ceping.stages.verification.models import Attempt, Client, Drawn, Link
from ceping.stages.verification.queries import tables_of
from tests.factories.survey import AFTERNOON, ANSWERS, EVENING, MORNING, Field, call, calling

pytestmark = pytest.mark.django_db
ADDRESS = "http://localhost/answer/{token}/"


@pytest.fixture
def made() -> Field:
    return calling()


def at_position(made: Field, position: int) -> Client:
    return Drawn.objects.get(frame=made.frame, position=position).client


def sent(made: Field, position: int = 1, email: str = "") -> Sent:
    return send_link(client=at_position(made, position), address=ADDRESS, email=email, by=made.verifier, at=MORNING)


def test_a_link_is_long_stored_hashed_and_sent_once(made: Field, settings: Any) -> None:
    one = sent(made)
    assert len(one.token) >= 43, "32 bytes in base 64"
    assert one.token not in str(Link.objects.values().get())
    letter = Letter.objects.get()
    assert (letter.channel, letter.to) == ("sms", at_position(made, 1).told("phone"))
    assert ADDRESS.replace("{token}", one.token) in str(letter.body)
    assert made.here.institution.name in str(letter.body)
    due = claim(at=MORNING)
    assert due is not None
    hand_over(due, at=MORNING)
    assert len(list(Path(settings.EMAIL_FILE_PATH).glob("*.eml"))) == 1
    assert Letter.objects.get().body == "", "the link is kept nowhere"
    assert Line.objects.get(act="send_answer_link").body["channel"] == "sms"


def test_an_answer_counts_once(made: Field) -> None:
    token = sent(made, email="zhang@example.com").token
    answer_online(token=token, answers=ANSWERS, at=EVENING + timedelta(hours=5))
    with pytest.raises(Refused, match="verify_link_dead"):
        answer_online(token=token, answers=ANSWERS, at=EVENING + timedelta(hours=5))
    (row,) = tables_of(made.season)["calls.csv"]
    assert (row["mode"], row["disposition"], row["q_satisfaction"]) == ("online", "10", "5")
    assert (Attempt.objects.count(), Line.objects.get(act="answer_online").by) == (1, None)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"q_served": "no"}, "12"),
        ({"q_served": "no", "q_satisfaction": "1"}, "12"),
        ({"q_served": "unsure", "q_service": "same"}, "13"),
        ({"q_served": "yes"}, "11"),
        (ANSWERS, "10"),
    ],
)
def test_the_outcome_follows_from_the_answers(made: Field, answers: dict[str, str], outcome: str) -> None:
    assert answer_online(token=sent(made).token, answers=answers, at=MORNING).disposition == outcome


@pytest.mark.parametrize("answers", [{}, {"q_satisfaction": "5"}, {"q_served": "nein"}, {"q_served": "yes", "x": "1"}])
def test_what_cannot_be_meant_leaves_the_link_alive(made: Field, answers: dict[str, str]) -> None:
    token = sent(made).token
    with pytest.raises(Refused, match="verify_answer_"):
        answer_online(token=token, answers=answers, at=MORNING)
    assert answer_online(token=token, answers=ANSWERS, at=MORNING).number == 1


def test_dead_links_are_all_told_alike(made: Field) -> None:
    first = sent(made).token
    second = sent(made).token
    expired, dead = MORNING + LIFETIME, []
    for token, at in ((first, MORNING), (second, expired), ("x" * 43, MORNING), ("", MORNING)):
        with pytest.raises(Refused) as told:
            answer_online(token=token, answers=ANSWERS, at=at)
        dead.append(told.value.findings[0].message())
    assert len(set(dead)) == 1
    assert withdraw_link(client=at_position(made, 1), by=made.verifier, at=MORNING) == 1
    with pytest.raises(Refused, match="verify_link_dead"):
        answer_online(token=second, answers=ANSWERS, at=MORNING)
    assert not Attempt.objects.exists()


def test_who_answered_on_the_telephone_has_no_link_any_more(made: Field) -> None:
    token = sent(made).token
    call(made, at_position(made, 1))
    with pytest.raises(Refused, match="verify_link_dead"):
        answer_online(token=token, answers=ANSWERS, at=MORNING)


def test_while_a_link_is_out_no_reserve_takes_the_place(made: Field) -> None:
    client, reserve = at_position(made, 1), at_position(made, 36)
    call(made, client, "30")
    call(made, client, "30", at=AFTERNOON)
    at = EVENING + timedelta(days=1)
    send_link(client=client, address=ADDRESS, email="", by=made.verifier, at=at - timedelta(minutes=1))
    call(made, client, "30", at=at)
    with pytest.raises(NotAllowed, match="verify_not_its_turn"):
        call(made, reserve, at=at)
    call(made, reserve, at=MORNING + timedelta(days=11))


def test_a_link_wants_a_number_or_an_address(made: Field) -> None:
    client = at_position(made, 1)
    client.particulars = {**client.particulars, "phone": "021-58881234"}
    client.save()
    with pytest.raises(Refused, match="verify_link_no_mobile"):
        sent(made)
    with pytest.raises(Refused, match="verify_link_email"):
        sent(made, email="not an address")
    with pytest.raises(NotAllowed, match="verify_not_yours"):
        send_link(client=client, address=ADDRESS, email="", by=made.colleague, at=MORNING)
    assert not Letter.objects.exists()
