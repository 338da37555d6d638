"""What is known of one institution in one season, as plain checked values: the only thing an evaluation reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ceping.core.assessment import Adjudication, Mark
from ceping.core.scheme.values import MetricValue, Which
from ceping.core.verification import Call, ClientDraw


@dataclass(frozen=True, slots=True)
class ShopCounts:
    """What the platform counted for one shop: quantities by rule in the period, facts, points, level step 0 to 15."""

    quantities: Mapping[str, int]
    facts: Mapping[str, int]
    points: int
    level_step: int
    level_text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified value (核定值) as a person recorded it."""

    value: Decimal | str
    reason: str = ""
    by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A waiver of a gate or a veto, decided by a role with a reason; `effect` is `waive`, `veto` or `refuse`."""

    kind: str
    rule_id: str
    effect: str
    reason: str
    by_role: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is known of one institution in one season (参评), checked; missing things are absent, never zero.

    `answers` and `tables` are the report's; `evidence` is the verdict of each checked attachment; `listed` the
    normalised names of the official specialised list, None when the season has no list; `shop` None means no shop,
    unless `shop_known` says that there is one whose counts are missing. `gaps` says that something is missing which the
    values here cannot show, such as one of more marks than needed: the result is then incomplete. `given` holds
    metric values as they came out before, of a season whose reports are not at hand: they stand for their sources.
    `draw` says who of them is drawn, None where it is the scheme's plain sample. `past_grades` are those of former
    seasons, the last is the latest.
    """

    uscc: str
    name: str
    category: str
    answers: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    shop: ShopCounts | None = None
    shop_known: bool = True
    verified: Mapping[str, Verified] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    external: Mapping[str, str] = field(default_factory=dict)
    listed: frozenset[str] | None = None
    client_keys: Sequence[str] = ()
    draw: ClientDraw | None = None
    calls: Mapping[str, Sequence[Call]] = field(default_factory=dict)
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)
    adjudications: Mapping[str, Adjudication] = field(default_factory=dict)
    decisions: Sequence[Decision] = ()
    gaps: bool = False
    given: Mapping[str, Mapping[Which, MetricValue]] = field(default_factory=dict)
    past_grades: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a season fixes beside its scheme: seeds, weights by item (all of them, or none to keep the scheme's).

    `eligibility` is the share of unreached clients taken to be able to answer; None has it estimated from the calls.
    """

    client_seed: str
    robustness_seed: str
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    eligibility: Decimal | None = None
