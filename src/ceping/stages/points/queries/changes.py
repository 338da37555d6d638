"""Who would change level under another version of the rules: counted anew from what was posted, nothing written."""

from collections.abc import Callable
from dataclasses import dataclass

from ceping.core.points import entries_of, level_name, quantities_of, total_of
from ceping.stages.points.models import Standing
from ceping.stages.points.queries.counted import facts_on, shop_in, tallies_now
from ceping.stages.points.queries.rules import Rules
from ceping.stages.scheme.models import SchemeVersion
from ceping.stages.scheme.states import VersionState

_SHARE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A shop that has another level by the other rules; levels as people say them."""

    shop: str
    name: str
    before: int
    after: int
    level_before: str
    level_after: str
    up: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """Shops counted, those whose points move, and those whose level does, by shop."""

    shops: int
    moved: int
    levels: list[Change]


def versions_to_adopt() -> list[SchemeVersion]:
    """Published versions of schemes, the newest first; one without a cloud shop is refused when it is looked at."""
    return list(SchemeVersion.objects.filter(state=VersionState.PUBLISHED).order_by("-pk"))


def changes_under(rules: Rules, tell: Callable[[int, int], bool] = lambda _done, _total: True) -> Changes:
    """What the rules would make of every shop on the day it stands at."""
    keys = list(Standing.objects.exclude(as_of=None).order_by("shop").values_list("pk", flat=True))
    found, moved = [], 0
    for start in range(0, len(keys), _SHARE):
        shops = list(Standing.objects.filter(pk__in=keys[start : start + _SHARE]).order_by("shop"))
        for as_of in {one.as_of for one in shops if one.as_of is not None}:
            share = [one for one in shops if one.as_of == as_of]
            tallies = tallies_now(rules.points, [one.pk for one in share], as_of)
            facts = facts_on([one.pk for one in share], as_of)
            for one in share:
                known = shop_in(facts[one.pk], one.shop) if one.pk in facts else None
                counted = quantities_of(rules.points, known, tallies[one.pk], as_of) if known else ()
                entries = entries_of(rules.points, one.shop, counted) if known else []
                total = total_of(rules.points, one.shop, entries)
                moved += total.points != one.points
                if (total.level, total.level_rank) != (one.level, one.level_rank):
                    found.append(
                        Change(
                            one.shop,
                            one.name,
                            one.points,
                            total.points,
                            level_name(rules.points, one.level, one.level_rank),
                            level_name(rules.points, total.level, total.level_rank),
                            total.points > one.points,
                        )
                    )
        if not tell(min(start + _SHARE, len(keys)), len(keys)):
            break
    return Changes(len(keys), moved, sorted(found, key=lambda one: one.shop))
