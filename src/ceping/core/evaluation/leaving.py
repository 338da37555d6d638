"""Ranks with one thing left out: one scored item, or one assessor's marks; what hangs on a single voice shows here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ceping.core.evaluation import Outcome, Result, judged_items, rulings_of, setting_of, tried_of, weighed_values
from ceping.core.evaluation.entry import Settings
from ceping.core.results import ranked, standing_of
from ceping.core.results.robustness import totals_without
from ceping.core.scheme.loading import Scheme

Ranks = dict[str, dict[str, int | None]]


def without_each_item(scheme: Scheme, outcome: Outcome, settings: Settings) -> Ranks:
    """By item left out, the rank of every ranked institution; the weights of the rest are scaled back to the total."""
    setting = setting_of(scheme, settings)
    tried = tried_of({result.entry.uscc: result.standing for result in outcome.results})
    categories = {result.entry.uscc: result.entry.category for result in outcome.results}
    found: Ranks = {}
    for key in setting.weights:
        totals = totals_without(tried, setting, key)
        places = ranked(totals, {uscc: categories[uscc] for uscc in totals}, ties=scheme.outcome.ties)
        found[key] = {uscc: place.rank for uscc, place in sorted(places.items())}
    return found


def without_each_assessor(scheme: Scheme, outcome: Outcome, settings: Settings) -> Ranks:
    """By assessor left out, the rank of every institution that is ranked then; adjudicated marks stand."""
    assessors = sorted({mark.assessor for r in outcome.results for marks in r.entry.marks.values() for mark in marks})
    return {assessor: _without(scheme, outcome.results, settings, assessor) for assessor in assessors}


def _without(scheme: Scheme, results: Sequence[Result], settings: Settings, assessor: str) -> dict[str, int | None]:
    totals: dict[str, Decimal | None] = {}
    for result in results:
        standing = result.standing
        if _marked_by(result, assessor):
            values = replace(
                weighed_values(scheme, result), judged=judged_items(scheme, result.entry, without=assessor)
            )
            standing, _ = standing_of(
                scheme,
                values,
                category=result.entry.category,
                weights=settings.weights,
                rulings=rulings_of(result.entry),
                past=result.entry.past_grades,
                gaps=result.entry.gaps,
            )
        totals[result.entry.uscc] = standing.total if standing.ranks else None
    categories: Mapping[str, str] = {result.entry.uscc: result.entry.category for result in results}
    places = ranked(totals, categories, ties=scheme.outcome.ties)
    return {uscc: place.rank for uscc, place in sorted(places.items()) if place.rank is not None}


def _marked_by(result: Result, assessor: str) -> bool:
    return any(mark.assessor == assessor for marks in result.entry.marks.values() for mark in marks)
