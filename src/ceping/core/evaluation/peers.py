"""Where each institution's values stand among its peers: the first of the two passes that peer rules need."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from decimal import Decimal

from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.rules import Peer, rules_in
from ceping.core.scheme.values import Peers, Values

Key = tuple[str, str]


def asked_peers(scheme: Scheme) -> frozenset[Key]:
    """The metrics that peer rules read, each with `all` or `category`."""
    rules = [item.item.rule for item in scheme.scored]
    rules += [item.rule for item in scheme.outcome.bonus.items] if scheme.outcome.bonus is not None else []
    return frozenset((r.metric, r.among) for rule in rules for r in rules_in(rule) if isinstance(r, Peer))


def peers_of(
    asked: frozenset[Key], values: Mapping[str, Values], categories: Mapping[str, str], eligible: Mapping[str, bool]
) -> dict[str, dict[Key, Peers]]:
    """By uscc the standing of each asked value among the eligible; who has no value, or no peers, has none."""
    pools: dict[tuple[str, str, str], list[Decimal]] = {}
    for uscc, held in values.items():
        for metric, among in asked:
            value = held.metric(metric).value
            if eligible[uscc] and isinstance(value, Decimal):
                pools.setdefault((metric, among, _pool(among, categories[uscc])), []).append(value)
    for pool in pools.values():
        pool.sort()
    found: dict[str, dict[Key, Peers]] = {}
    for uscc, held in values.items():
        found[uscc] = {}
        for metric, among in asked:
            value = held.metric(metric).value
            ordered = pools.get((metric, among, _pool(among, categories[uscc])))
            if isinstance(value, Decimal) and ordered:
                above = len(ordered) - bisect_right(ordered, value)
                below = bisect_left(ordered, value)
                found[uscc][metric, among] = Peers(len(ordered), ordered[0], ordered[-1], above, below)
    return found


def _pool(among: str, category: str) -> str:
    return category if among == "category" else ""
