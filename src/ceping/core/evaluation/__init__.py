"""A season's values walked to its outcome: metrics, gates, scores, vetoes, grades and ranks, each with its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ceping.core.assessment import judged
from ceping.core.evaluation.entry import Decision, Entry, Settings, ShopCounts, Verified
from ceping.core.evaluation.peers import asked_peers, peers_of
from ceping.core.evaluation.values import AllValues, metric_values, used
from ceping.core.finding import Finding
from ceping.core.results import (
    Firmness,
    Ranked,
    Ruling,
    Setting,
    Standing,
    Tried,
    after_quotas,
    eligible_by_gates,
    firmness,
    ranked,
    standing_of,
)
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.values import Judged, Peers, Values
from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import ClientDraw, Verification, draw_order, plain_draw, verified

__all__ = [
    "Decision",
    "Entry",
    "Outcome",
    "Result",
    "Settings",
    "ShopCounts",
    "Verified",
    "evaluate",
    "firmness_of",
    "judged_items",
    "rulings_of",
    "setting_of",
    "tried_of",
    "weighed_values",
]


@dataclass(frozen=True, slots=True)
class Result:
    """One institution's whole outcome: its values, its draw and calls, its standing and its ranks."""

    entry: Entry
    values: AllValues
    draw: ClientDraw
    calls: Verification | None
    standing: Standing
    ranks: Ranked
    firmness: Firmness | None
    peers: Mapping[tuple[str, str], Peers]


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
    """Every institution scored, graded and ranked; the order of the entries and of what they hold changes nothing.

    Two passes: values and gates of all, since peer rules read the whole cohort; then scores, ranks, quotas, firmness.
    """
    ordered = sorted(entries, key=lambda entry: entry.uscc)
    read = {entry.uscc: _read(scheme, entry, settings) for entry in ordered}
    chosen = _with_peers(scheme, ordered, {uscc: found.chosen for uscc, found in read.items()})
    standings: dict[str, Standing] = {}
    findings: list[Finding] = []
    for entry in ordered:
        standings[entry.uscc], faults = standing_of(
            scheme,
            chosen[entry.uscc],
            category=entry.category,
            weights=settings.weights,
            rulings=rulings_of(entry),
            past=entry.past_grades,
            gaps=entry.gaps,
        )
        findings += faults
    categories = {entry.uscc: entry.category for entry in ordered}
    totals = {uscc: standing.total if standing.ranks else None for uscc, standing in standings.items()}
    ranks = ranked(totals, categories, ties=scheme.outcome.ties)
    standings = _with_quotas(scheme, standings, categories)
    firm = firmness_of(scheme, standings, settings)
    results = tuple(
        Result(
            entry,
            read[entry.uscc].values,
            read[entry.uscc].draw,
            read[entry.uscc].calls,
            standings[entry.uscc],
            ranks[entry.uscc],
            firm.get(entry.uscc),
            chosen[entry.uscc].peers,
        )
        for entry in ordered
    )
    return Outcome(results, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Read:
    """What the first pass found of one institution."""

    values: AllValues
    chosen: Values
    draw: ClientDraw
    calls: Verification | None


def _read(scheme: Scheme, entry: Entry, settings: Settings) -> _Read:
    table = scheme.verification
    draw = entry.draw or _plainly(table, entry, settings)
    calls = None
    if entry.calls and table is not None:
        calls = verified(entry.calls, draw.order, table, eligibility=settings.eligibility)
    values = metric_values(scheme, entry, calls)
    return _Read(values, Values(used(scheme, values).metrics, judged_items(scheme, entry)), draw, calls)


def _plainly(table: VerificationFile | None, entry: Entry, settings: Settings) -> ClientDraw:
    order = draw_order(seed=settings.client_seed, uscc=entry.uscc, keys=entry.client_keys)
    if table is None:
        return ClientDraw(tuple(order))
    return plain_draw(order, size=table.sample.size, reserves=table.sample.reserves)


def rulings_of(entry: Entry) -> list[Ruling]:
    """The recorded decisions on the entry's gates and vetoes."""
    return [Ruling(d.kind, d.rule_id, d.effect, d.by_role, d.reason, d.source) for d in entry.decisions]


def _with_peers(scheme: Scheme, entries: Sequence[Entry], chosen: Mapping[str, Values]) -> Mapping[str, Values]:
    asked = asked_peers(scheme)
    if not asked:
        return chosen
    eligible = {
        entry.uscc: eligible_by_gates(scheme, chosen[entry.uscc], category=entry.category, rulings=rulings_of(entry))
        for entry in entries
    }
    peers = peers_of(asked, chosen, {entry.uscc: entry.category for entry in entries}, eligible)
    return {uscc: replace(values, peers=peers[uscc]) for uscc, values in chosen.items()}


def _with_quotas(
    scheme: Scheme, standings: Mapping[str, Standing], categories: Mapping[str, str]
) -> dict[str, Standing]:
    ranking = {uscc: s for uscc, s in standings.items() if s.ranks}
    grades = {uscc: standing.grade for uscc, standing in ranking.items()}
    totals = {uscc: standing.total for uscc, standing in ranking.items() if standing.total is not None}
    more = after_quotas(scheme.outcome, grades, totals, categories)
    return {uscc: replace(s, steps=(*s.steps, *more.get(uscc, ()))) for uscc, s in standings.items()}


def judged_items(scheme: Scheme, entry: Entry, *, without: str = "") -> dict[str, Judged]:
    """By item, what its marks came to, for every item that assessors mark.

    `without` leaves one assessor out; with fewer marks than the rule asks what is left still counts.
    """
    found = {}
    for item in scheme.scored:
        if item.judge is not None:
            marks = entry.marks.get(item.key, ())
            left = [mark for mark in marks if mark.assessor != without]
            rule = item.judge if len(left) == len(marks) else item.judge.model_copy(update={"raters": 1})
            found[item.key] = judged(rule, left, entry.adjudications.get(item.key))
    return found


def weighed_values(scheme: Scheme, result: Result) -> Values:
    """The values the result's rules read, as they were: metrics, judged items and peers."""
    return Values(used(scheme, result.values).metrics, judged_items(scheme, result.entry), result.peers)


def tried_of(standings: Mapping[str, Standing]) -> dict[str, Tried]:
    """The rule points and bonus of those who are ranked."""
    return {
        uscc: Tried({item.key: item.node.points or Decimal(0) for item in standing.items}, standing.bonus)
        for uscc, standing in standings.items()
        if standing.ranks
    }


def setting_of(scheme: Scheme, settings: Settings) -> Setting:
    """What a trial of weights holds fixed: the season's weights and the scheme's full marks, cap, places and bands."""
    return Setting(
        whole=scheme.indicators.total,
        weights={item.key: settings.weights.get(item.key, item.item.weight) for item in scheme.scored},
        fulls={item.key: item.item.full for item in scheme.scored},
        cap=scheme.outcome.total_cap,
        places=scheme.outcome.total_places,
        bands=scheme.outcome.bands,
    )


def firmness_of(scheme: Scheme, standings: Mapping[str, Standing], settings: Settings) -> dict[str, Firmness]:
    """How firm the ranks of those who are ranked stand under other weights; see `ceping.core.results.robustness`."""
    robustness = scheme.outcome.robustness
    return firmness(
        tried_of(standings),
        setting_of(scheme, settings),
        seed=settings.robustness_seed,
        draws=robustness.draws,
        spread=robustness.spread,
    )
