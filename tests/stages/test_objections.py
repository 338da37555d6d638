"""An objection: within the days of its notice, looked at again by others, answered; who filed it lies sealed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from testbed.evaluated import NOW, Evaluated
from testbed.published import free_assessor, freeze, noticed, objected
from testbed.scene import person

from ceping.flow import publication as flow
from ceping.ground.journal.models import Entry as Act
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.publication.actions import (
    end_recheck,
    reveal_objector,
    say_recheck,
)
from ceping.stages.publication.models import Objection
from ceping.stages.publication.queries import (
    closes_at,
    involved_in,
    may_recheck,
    objection_by,
)
from ceping.stages.publication.states import ObjectionState, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def made(made: tuple[Path, Evaluated], django_db_blocker: Any) -> tuple[Path, Evaluated]:
    """The evaluated season with its result frozen, once for all of these."""
    media, found = made
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        freeze(found)
    return made


@pytest.fixture
def second(found: Evaluated) -> User:  # noqa: ARG001 -- the season comes first
    """Another person of the organiser."""
    return person("另一位主办方", Role.ORGANISER)


def rechecked(found: Evaluated, objection: Objection) -> Objection:
    free = may_recheck(objection)[0]
    made = flow.ask_recheck(objection=objection, assessor=free.user, by=found.lead, at=NOW)
    say_recheck(recheck=made, advice=Verdict.UPHELD, opinion="材料属实，应改。", by=free.user, at=NOW)
    objection.refresh_from_db()
    return objection


def test_objections_come_within_the_days_and_not_a_second_later(found: Evaluated, second: User) -> None:
    notice = noticed(found, second)
    edge = closes_at(notice)
    assert edge == datetime(2022, 3, 17, 16, tzinfo=UTC), "midnight in Shanghai"
    for at, code in ((NOW + timedelta(hours=2), "objection_early"), (edge, "objection_late")):
        with pytest.raises(NotAllowed) as refused:
            objected(notice, at=at)
        assert refused.value.findings[0].code == code
    made, token = objected(notice, at=edge - timedelta(microseconds=1))
    assert made.number.startswith("YY-")
    assert made.due_on == date(2022, 4, 8), "fifteen working days, the Qingming holiday left out and 04-02 worked"
    assert objection_by(token) == made
    assert objection_by("x" * 32) is None
    row = Objection.objects.values("token_sha256").get()
    assert token not in str(row)
    with pytest.raises(Refused) as missing:
        objected(notice, name=" ", contact="", text="")
    assert [one.code for one in missing.value.findings] == [
        "objection_name_wanted",
        "objection_contact_wanted",
        "objection_text_wanted",
    ]


def test_an_objection_is_looked_at_again_by_somebody_who_had_no_part_and_answered(
    found: Evaluated, second: User
) -> None:
    entry, organiser, lead = found.second.entries[0], found.cast.organiser, found.lead
    notice = noticed(found, second)
    objection, _ = objected(notice, entry=entry)
    with pytest.raises(NotAllowed):
        flow.ask_recheck(objection=objection, assessor=lead, by=lead, at=NOW)
    with pytest.raises(NotAllowed):
        flow.take_objection(objection=objection, accept=True, reason="", by=lead, at=NOW)
    flow.take_objection(objection=objection, accept=True, reason="", by=organiser, at=NOW)
    part = User.objects.get(pk=next(iter(involved_in(entry) - {lead.pk})))
    with pytest.raises(Refused) as involved:
        flow.ask_recheck(objection=objection, assessor=part, by=lead, at=NOW)
    assert involved.value.findings[0].code == "objection_assessor_involved"
    free = free_assessor(found)
    with pytest.raises(NotAllowed) as first:
        flow.decide_objection(objection=objection, verdict=Verdict.UPHELD, answer="成立", by=organiser, at=NOW)
    assert first.value.findings[0].code == "objection_recheck_first"
    recheck = flow.ask_recheck(objection=objection, assessor=free.user, by=lead, at=NOW)
    with pytest.raises(NotAllowed):
        say_recheck(recheck=recheck, advice=Verdict.UPHELD, opinion="看过", by=part, at=NOW)
    say_recheck(recheck=recheck, advice=Verdict.UPHELD, opinion="看过，材料属实", by=free.user, at=NOW)
    decided = flow.decide_objection(
        objection=objection, verdict=Verdict.UPHELD, answer="成立，将更正", by=organiser, at=NOW
    )
    assert (decided.state, decided.verdict) == (ObjectionState.DECIDED, Verdict.UPHELD)
    with pytest.raises(NotAllowed):
        flow.decide_objection(objection=objection, verdict=Verdict.REJECTED, answer="再改", by=organiser, at=NOW)


def test_one_asked_and_let_go_does_not_hold_the_answer_up(found: Evaluated, second: User) -> None:
    objection, _ = objected(noticed(found, second), entry=found.second.entries[0])
    flow.take_objection(objection=objection, accept=True, reason="", by=found.cast.organiser, at=NOW)
    free = free_assessor(found)
    recheck = flow.ask_recheck(objection=objection, assessor=free.user, by=found.lead, at=NOW)
    end_recheck(recheck=recheck, by=found.lead, at=NOW)
    with pytest.raises(NotAllowed):
        say_recheck(recheck=recheck, advice=Verdict.UPHELD, opinion="晚了", by=free.user, at=NOW)
    assert rechecked(found, objection).state == ObjectionState.RECHECKED


def test_who_objects_lies_sealed_and_is_shown_for_a_reason_alone(found: Evaluated, second: User) -> None:
    objection, _ = objected(noticed(found, second))
    with pytest.raises(NotAllowed):
        reveal_objector(objection=objection, reason="核实", by=found.lead, at=NOW)
    with pytest.raises(Refused):
        reveal_objector(objection=objection, reason=" ", by=second, at=NOW)
    assert reveal_objector(objection=objection, reason="电话核实", by=second, at=NOW) == ("王先生", "13800001111")
    act = Act.objects.get(act="reveal_objector")
    assert act.reason == "电话核实"
    assert "13800001111" not in str(act.body)
    from django.db import connection  # noqa: PLC0415 -- looked at beneath the model

    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM publication_objection WHERE id = %s", [objection.pk])
        assert b"13800001111" not in bytes(cursor.fetchone()[0])
