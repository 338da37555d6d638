"""Whoever gets work is told of it, once, in the words of the own role."""

import pytest

from ceping.flow.assigning import ask_third, assign_by_hand, draw_assignments, hand_out, hand_over
from ceping.ground.messages.models import Message
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.assessment.models import Difference
from ceping.stages.verification.actions import draw_clients, freeze_frame, record_seed
from ceping.stages.verification.models import Frame
from tests.factories.assessed import NOON, assigned, bench
from tests.factories.survey import MORNING, SEED, field

pytestmark = pytest.mark.django_db


def _told(whose: User) -> list[str]:
    return list(Message.objects.filter(to=whose).order_by("pk").values_list("subject", flat=True))


def test_assessors_are_told_of_a_draw_and_of_what_is_added_by_hand() -> None:
    made = bench(2, 3)
    draw_assignments(season=made.season, seed="2022-公开摇号", by=made.lead, at=MORNING)
    title = made.season.title
    assert [_told(one.user) for one in made.people] == [[f"{title}：请为 3 家机构评分"]] * 2
    first = made.people[0]
    # Nothing is new, so nothing is told.
    assert assign_by_hand(assessor=first, entry=made.entry, reason="专业对口", by=made.lead, at=NOON) == []
    assert len(_told(first.user)) == 1


def test_the_third_assessor_is_told_and_a_refusal_tells_nobody() -> None:
    made = assigned()
    first, second, third = made.people
    made.sign(first, {"licence": "9.5"})
    made.sign(second, {"licence": "3"})
    found = Difference.objects.get()
    with pytest.raises(Refused):
        ask_third(difference_of=found, assessor=second, reason="请裁定", by=made.lead, at=NOON)
    ask_third(difference_of=found, assessor=third, reason="请裁定", by=made.lead, at=NOON)
    assert _told(third.user) == [f"请裁定{made.entry.institution.name}的一项打分"]
    assert not Message.objects.filter(to__in=[first.user, second.user]).exists()


def test_verifiers_are_told_how_many_lists_are_theirs() -> None:
    made = field(3)
    survey = record_seed(season=made.season, seed=SEED, by=made.lead, at=MORNING)
    freeze_frame(survey=survey, by=made.lead, at=MORNING)
    draw_clients(survey=survey, by=made.lead, at=MORNING)
    given = hand_out(survey=survey, verifiers=[made.verifier, made.colleague], by=made.lead, at=MORNING)
    for one in (made.verifier, made.colleague):
        assert _told(one) == [f"{made.season.title}：{given[one.pk]} 家机构的核验名单已交给您"]
    frame = Frame.objects.filter(verifier=made.verifier).order_by("pk")[0]
    hand_over(frame=frame, to=made.colleague, reason="请假", by=made.lead, at=NOON)
    assert _told(made.colleague)[-1] == f"{made.season.title}：1 家机构的核验名单已交给您"
