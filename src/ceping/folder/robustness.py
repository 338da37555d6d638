"""robustness.json: how firm each rank is, under other weights, without one item, without one assessor."""

import json
from decimal import Decimal

from ceping.core.evaluation import Outcome, Settings
from ceping.core.evaluation.leaving import Ranks, without_each_assessor, without_each_item
from ceping.core.exact import quotient, rounded, text_of
from ceping.core.results import Firmness
from ceping.core.scheme.loading import Scheme

_SHARE_PLACES = 3


def robustness_text(scheme: Scheme, settings: Settings, outcome: Outcome) -> str:
    """One ranked institution a line: its rank, the interval, how often its band changed, ranks with one left out."""
    trial = scheme.outcome.robustness
    head = {
        "format": 1,
        "scheme": {"id": scheme.id, "version": scheme.version, "sha256": scheme.sha256},
        "seed": settings.robustness_seed,
        "draws": trial.draws,
        "spread": text_of(trial.spread),
        "origin": trial.origin,
    }
    items = without_each_item(scheme, outcome, settings)
    assessors = without_each_assessor(scheme, outcome, settings)
    lines = []
    for result in outcome.results:
        uscc, firm = result.entry.uscc, result.firmness
        if firm is None:
            continue
        line = {
            "uscc": uscc,
            "rank": result.ranks.rank,
            "rank_interval": [firm.low, firm.high],
            "band_changes": firm.band_changes,
            "band_change_share": text_of(changed_share(scheme, firm)),
            "without_item": _of(uscc, items),
            "without_assessor": _of(uscc, assessors),
        }
        lines.append(_compact(line))
    return _compact(head)[:-1] + ',"institutions":[\n' + ",\n".join(lines) + "\n]}\n"


def changed_share(scheme: Scheme, firm: Firmness) -> Decimal:
    """The share of the draws in which the band was another one, to three places."""
    draws = Decimal(scheme.outcome.robustness.draws)
    return rounded(quotient(Decimal(firm.band_changes), draws), _SHARE_PLACES)


def _of(uscc: str, ranks: Ranks) -> dict[str, int | None]:
    return {left: found.get(uscc) for left, found in ranks.items()}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
