"""Two assessors at one item at once: nothing that was kept is lost, nobody who was refused was kept.

Each round both press at one moment, on the value they share and on their own marks. `CEPING_ROUNDS` says how many.
"""

import os
from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from ceping.stages.assessment.actions import Stale, Typed, give_mark, set_verified
from ceping.stages.assessment.models import Assessor, Change, Mark, VerifiedValue
from tests.factories.assessed import NOON, Bench, assigned
from tests.stages.test_races import at_once, slowly

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = int(os.environ.get("CEPING_ROUNDS", "20"))
ITEM, METRIC = "licence", "fulltime_count"


def press(made: Bench, who: Assessor, number: int) -> Callable[[], str]:
    """One assessor's round: the own mark, then the value both work on, as they last saw it."""
    seen = VerifiedValue.objects.filter(entry=made.entry, metric=METRIC).first()
    own = Mark.objects.filter(sheet__assessor=who, item=ITEM).first()

    def act() -> str:
        mark = Typed(str(4 + number % 5), "", f"第 {number} 轮")
        version = own.version if own is not None else 0
        given = {"entry": made.entry, "by": who.user, "at": NOON}
        give_mark(assessor=who, item=ITEM, typed=mark, version=version, **given)  # type: ignore[arg-type]
        value = f"{number}.{who.code[-2:]}"
        version = seen.version if seen is not None else 0
        return set_verified(metric=METRIC, value=value, reason="核对", version=version, **given).value  # type: ignore[arg-type]

    return act


def test_two_assessors_on_one_item_lose_nothing() -> None:
    made = assigned(items=[ITEM])
    first, second, _ = made.people
    put = set_verified(entry=made.entry, metric=METRIC, value="0.5", reason="初", version=0, by=first.user, at=NOON)
    kept, refused = [put.value], 0
    for number in range(1, ROUNDS + 1):
        told = at_once([press(made, who, number) for who in (first, second)])
        kept += [one for one in told if isinstance(one, str)]
        refused += sum(isinstance(one, Stale) for one in told)
        assert all(isinstance(one, str | Stale) for one in told), told
    changes = Change.objects.filter(value__isnull=False).order_by("version")
    # What was kept stands in the history, once each, in an unbroken row of versions; what was refused does not.
    assert [one.new["value"] for one in changes] == kept
    assert [one.version for one in changes] == list(range(1, len(kept) + 1))
    assert [one.old.get("value") for one in changes][1:] == kept[:-1]
    assert (len(kept), refused) == (ROUNDS + 1, ROUNDS)
    assert list(Mark.objects.order_by("pk").values_list("version", flat=True)) == [ROUNDS, ROUNDS]
    assert Change.objects.filter(mark__isnull=False).count() == 2 * ROUNDS


def test_twin_without_the_lock_loses_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made = assigned(items=[ITEM])
    put = {"entry": made.entry, "metric": METRIC, "reason": "核对", "at": NOON}
    set_verified(value="1", version=0, by=made.people[0].user, **put)  # type: ignore[arg-type]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    def act(who: Assessor) -> Callable[[], str]:
        value = f"2.{who.code[-2:]}"
        return lambda: set_verified(value=value, version=1, by=who.user, **put).value  # type: ignore[arg-type]

    with slowly(VerifiedValue):
        told = at_once([act(who) for who in made.people[:2]])
    # Nobody is told of the other: the history's own constraint catches what the lock would have.
    assert sorted(type(one).__name__ for one in told) == ["IntegrityError", "str"]
