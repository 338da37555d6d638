"""A season's values walked to its outcome: metrics, gates, scores, vetoes, grades and ranks, each with its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.assessment import judged
from ceping.core.evaluation.entry import Decision, Entry, Settings, ShopCounts, Verified
from ceping.core.evaluation.values import AllValues, metric_values, used
from ceping.core.finding import Finding
from ceping.core.results import Ranked, Ruling, Standing, rank_intervals, ranked, standing_of
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.values import Judged, Values
from ceping.core.verification import Verification, draw_order, verified

__all__ = ["Decision", "Entry", "Outcome", "Result", "Settings", "ShopCounts", "Verified", "evaluate", "judged_items"]


@dataclass(frozen=True, slots=True)
class Result:
    """One institution's whole outcome: its values, its draw and calls, its standing and its ranks."""

    entry: Entry
    values: AllValues
    draw: tuple[str, ...]
    calls: Verification | None
    standing: Standing
    ranks: Ranked
    rank_interval: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A season's results in the order of usccs, and what was found while walking it."""

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether no value was missing anywhere."""
        return all(result.standing.complete for result in self.results)


def evaluate(scheme: Scheme, entries: Sequence[Entry], settings: Settings) -> Outcome:
    """Every institution scored, graded and ranked; the order of the entries and of what they hold changes nothing."""
    ordered = sorted(entries, key=lambda entry: entry.uscc)
    walked = [_walk(scheme, entry, settings) for entry in ordered]
    standings = {entry.uscc: standing for entry, (_, _, _, standing, _) in zip(ordered, walked, strict=True)}
    totals = {uscc: standing.total if standing.ranks else None for uscc, standing in standings.items()}
    ranks = ranked(totals, {entry.uscc: entry.category for entry in ordered}, ties=scheme.outcome.ties)
    intervals = _intervals(scheme, standings, settings)
    results = tuple(
        Result(entry, values, draw, calls, standing, ranks[entry.uscc], intervals.get(entry.uscc))
        for entry, (values, draw, calls, standing, _) in zip(ordered, walked, strict=True)
    )
    return Outcome(results, tuple(finding for *_, findings in walked for finding in findings))


_Walked = tuple[AllValues, tuple[str, ...], Verification | None, Standing, list[Finding]]


def _walk(scheme: Scheme, entry: Entry, settings: Settings) -> _Walked:
    draw = tuple(draw_order(seed=settings.client_seed, uscc=entry.uscc, keys=entry.client_keys))
    calls = verified(entry.calls, draw, scheme.verification) if entry.calls else None
    values = metric_values(scheme, entry, calls)
    chosen = Values(used(scheme, values).metrics, judged_items(scheme, entry))
    rulings = [Ruling(d.kind, d.rule_id, d.effect, d.by_role, d.reason, d.source) for d in entry.decisions]
    standing, findings = standing_of(
        scheme, chosen, category=entry.category, weights=settings.weights, rulings=rulings, gaps=entry.gaps
    )
    return values, draw, calls, standing, findings


def judged_items(scheme: Scheme, entry: Entry) -> dict[str, Judged]:
    """By item, what its marks came to, for every item that assessors mark."""
    return {
        item.key: judged(item.judge, entry.marks.get(item.key, ()), entry.adjudications.get(item.key))
        for item in scheme.scored
        if item.judge is not None
    }


def _intervals(scheme: Scheme, standings: Mapping[str, Standing], settings: Settings) -> dict[str, tuple[int, int]]:
    items = scheme.scored
    ranking = {uscc: standing for uscc, standing in standings.items() if standing.ranks}
    points: dict[str, list[Decimal]] = {}
    for uscc, standing in ranking.items():
        points[uscc] = [item.node.points for item in standing.items if item.node.points is not None]
    robustness = scheme.outcome.robustness
    return rank_intervals(
        points,
        keys=[item.key for item in items],
        weights=[settings.weights.get(item.key, item.item.weight) for item in items],
        fulls=[item.item.full for item in items],
        seed=settings.robustness_seed,
        draws=robustness.draws,
        spread=robustness.spread,
    )
