"""The lead signs while somebody changes what the result was computed from: the change is in it, or it is not made.

Each round both press at one moment. `CEPING_ROUNDS` says how many.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from testbed.evaluated import NOW, Evaluated, computed, evaluated, season_of

from ceping.flow.results import send_back, sign_first
from ceping.ground.people.access import NotAllowed
from ceping.stages.assessment.actions import set_verified
from ceping.stages.assessment.models import VerifiedValue
from ceping.stages.results.actions import propose_ruling
from ceping.stages.results.models import Computation, Ruling
from ceping.stages.results.queries import inputs_sha256
from ceping.stages.results.states import ComputationState, Effect, RulingKind
from ceping.stages.scheme.states import SeasonState
from tests.stages.test_races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = int(os.environ.get("CEPING_ROUNDS", "12"))
METRIC = "fulltime_count"


def edit(found: Evaluated, version: int, number: int) -> Callable[[], str]:
    """The lead of another hour mends a verified value, as they last saw it."""
    entry = found.second.entries[0]

    def act() -> str:
        value = str(100 + number)
        return set_verified(
            entry=entry, metric=METRIC, value=value, reason="核对", version=version, by=found.lead, at=NOW
        ).value

    return act


def sign(made: Computation, found: Evaluated) -> Callable[[], str]:
    def act() -> str:
        return str(sign_first(computation=made, by=found.lead, at=NOW).state)

    return act


def test_no_change_lands_behind_a_signature(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    found = evaluated(at=NOW, count=2)
    made = computed(found, allow_missing=True)
    # What is under test is who comes first, not whether two institutions make a whole season.
    Computation.objects.filter(pk=made.pk).update(complete=True)
    signed = landed = 0
    for number in range(1, ROUNDS + 1):
        row = VerifiedValue.objects.get(entry=found.second.entries[0], metric=METRIC)
        before = {"value": row.value, "version": row.version, "reason": row.reason}
        told = at_once([edit(found, row.version, number), sign(made, found)])
        made.refresh_from_db()
        season = season_of(found)
        assert all(isinstance(one, str | NotAllowed) for one in told), told
        changed = VerifiedValue.objects.get(pk=row.pk).value != before["value"]
        if made.state == ComputationState.SIGNED_LEAD:
            signed += 1
            assert not changed, "an edit behind the signature"
            assert season.state == SeasonState.COMPUTED
            assert inputs_sha256(season) == made.inputs_sha256
            send_back(computation=made, reason="再来一轮", by=found.cast.organiser, at=NOW)
            Computation.objects.filter(pk=made.pk).update(state=ComputationState.COMPUTED)
        else:
            landed += 1
            assert changed
            assert season.state == SeasonState.EVALUATING
            row.changes.filter(version__gt=before["version"]).delete()
            VerifiedValue.objects.filter(pk=row.pk).update(**before)
        made.refresh_from_db()
    assert signed + landed == ROUNDS


def test_a_ruling_that_comes_after_the_signature_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    found = evaluated(at=NOW, count=2)
    made = computed(found, allow_missing=True)
    Computation.objects.filter(pk=made.pk).update(complete=True)
    sign_first(computation=made, by=found.lead, at=NOW)
    # As a page that was opened before has it.
    stale = found.second.entries[0]
    with pytest.raises(NotAllowed):
        propose_ruling(
            entry=stale,
            kind=RulingKind.WAIVER,
            rule="fifty-clients",
            effect=Effect.WAIVE,
            reason="特殊情况",
            by=found.lead,
            at=NOW,
        )
    assert not Ruling.objects.exists()
