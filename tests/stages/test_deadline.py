"""The close is one instant: thousands of moments around it and submits in real time, judged by the server's clock."""

import os
import random
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from testbed.scene import FILING, fill, scene

from ceping.core.finding import Finding
from ceping.ground.people.access import NotAllowed
from ceping.stages.report import access
from ceping.stages.report.access import why_not_write
from ceping.stages.report.actions import submit_report
from ceping.stages.report.models import Entry
from ceping.stages.scheme.actions import close_phase, extend_phase, set_phase
from ceping.stages.scheme.queries import phase_of
from ceping.stages.scheme.states import PhaseKind
from tests.factories.report import complete_report

# CEPING_DEADLINE_MOMENTS=10000 for the whole promise: each moment is four questions to the database.
MOMENTS, WIDTH = int(os.environ.get("CEPING_DEADLINE_MOMENTS", "1000")), 2_000_000
CLOSE = FILING[1]

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Takes an accepted submission back, so that the next moment finds a draft."""


def moments(count: int) -> list[datetime]:
    """Microseconds within two seconds of the close, the close itself and its neighbours first."""
    chance = random.Random(7)  # noqa: S311 -- the same moments in every run
    near = [-1, 0, 1]
    return [CLOSE + timedelta(microseconds=one) for one in near] + [
        CLOSE + timedelta(microseconds=chance.randint(-WIDTH, WIDTH)) for _ in range(count - len(near))
    ]


def wrong_among(found: list[datetime]) -> list[datetime]:
    """The moments at which the report is open and should not be, or the other way round."""
    here = scene()
    entry = Entry.objects.select_related("season__scheme", "institution").get(pk=here.entry.pk)
    return [at for at in found if (why_not_write(here.alice, entry, at) is None) != (at < CLOSE)]


@pytest.mark.slow
def test_moments_around_the_close() -> None:
    assert wrong_among(moments(MOMENTS)) == []


def test_twin_that_lets_the_close_itself_in_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "lies_in", lambda phase, closes, at: phase.opens_at <= at <= closes)
    assert wrong_among(moments(50)) == [CLOSE]


def test_twin_by_another_clock_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    late = timedelta(milliseconds=500)
    monkeypatch.setattr(access, "lies_in", lambda phase, closes, at: phase.opens_at <= at - late < closes)
    wrong = wrong_among(moments(50))
    assert wrong == [at for at in moments(50) if CLOSE <= at < CLOSE + late]
    assert len(wrong) > 3


def test_submits_around_the_close() -> None:
    here = scene()
    fill(here.entry, complete_report(uscc=here.institution.uscc, name=here.institution.name), here.alice)
    chosen = here.entry.answers.get(field="categories").value[0]
    for at in moments(40):
        accepted = False
        try:
            with transaction.atomic():
                submit_report(entry=here.entry, key=uuid4(), category=chosen, let_stand=[], by=here.alice, at=at)
                raise Undone  # noqa: TRY301 -- only so is the transaction undone
        except Undone:
            accepted = True
        except NotAllowed:
            pass
        assert accepted == (at < CLOSE), at


def test_real_time_over_the_close() -> None:
    here = scene()
    closes = datetime.now(UTC) + timedelta(seconds=0.3)
    opens = closes - timedelta(days=1)
    given = {"season": here.season, "kind": PhaseKind.FILING, "opens_at": opens, "closes_at": closes}
    set_phase(**given, reason="测试", by=here.organiser, at=opens)  # type: ignore[arg-type]
    seen: list[tuple[datetime, Finding | None]] = []
    while (at := datetime.now(UTC)) < closes + timedelta(seconds=0.3):
        seen.append((at, why_not_write(here.alice, here.entry, at)))
        time.sleep(0.002)
    assert [at for at, why in seen if (why is None) != (at < closes)] == []
    assert len({why is None for _, why in seen}) == 2


def test_more_time_moves_the_instant_for_one_and_a_close_by_hand_ends_it_for_all() -> None:
    here = scene()
    phase = phase_of(here.season, PhaseKind.FILING)
    assert phase is not None
    later, moment = CLOSE + timedelta(days=1), timedelta(microseconds=1)
    given = {"phase": phase, "until": later, "reason": "停电", "by": here.organiser, "at": CLOSE - timedelta(hours=1)}
    extend_phase(institution=here.institution, **given)  # type: ignore[arg-type]
    assert why_not_write(here.alice, here.entry, later - moment) is None
    assert why_not_write(here.alice, here.entry, later) is not None
    stopped = CLOSE + timedelta(hours=2)
    close_phase(phase=phase, reason="系统维护", by=here.organiser, at=stopped)
    fresh = Entry.objects.select_related("season__scheme", "institution").get(pk=here.entry.pk)
    assert why_not_write(here.alice, fresh, stopped - moment) is None
    assert why_not_write(here.alice, fresh, stopped) is not None
