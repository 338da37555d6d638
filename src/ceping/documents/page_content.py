"""What the report page shows, as plain values: every number already the text that stands on the page."""

from collections.abc import Mapping
from dataclasses import dataclass

# Parts of the page that may rest on a parameter the official text does not give.
SCORES, BANDS, GATES, CALLS, RANKS = "scores", "bands", "gates", "calls", "ranks"


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose results these are, by which scheme; `parameters` says in words how the open parameters stand."""

    title: str
    period: str
    authority: str
    scheme_title: str
    scheme_label: str
    sha256: str
    parameters: str
    source: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, quartiles and most of `count` values; quartiles by linear interpolation."""

    count: int
    least: str
    lower: str
    median: str
    upper: str
    most: str


@dataclass(frozen=True, slots=True)
class Bin:
    """How many totals lie from `low` to below `high`; of the last bin the upper edge counts as well."""

    low: str
    high: str
    count: int


@dataclass(frozen=True, slots=True)
class Band:
    """One grade, the totals it covers in words, how many have it, and the total it begins at; empty for the last."""

    grade: str
    covers: str
    count: int
    begins: str


@dataclass(frozen=True, slots=True)
class Item:
    """One scored item over all institutions: its rule in words, shares of full marks in per cent, points lost."""

    key: str
    title: str
    branch: str
    full: str
    rule: str
    clause: str
    illustrative: bool
    shares: Spread | None
    mean_lost: str
    full_count: int
    nothing_count: int


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item of one institution: `score` as results.json has it, None when missing; `share` in per cent.

    `read` is what the rule read, in words; `peers` the shares of its category; `among_most_lost` says that hardly any
    item cost more.
    """

    key: str
    title: str
    full: str
    read: str
    score: str | None
    lost: str
    share: str
    peers: Spread | None
    among_most_lost: bool
    clause: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A gate, veto, floor or other rule that bears on the grade: what it read, how it came out, its clause."""

    kind: str
    title: str
    read: str
    verdict: str
    note: str
    clause: str
    illustrative: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """A share as verification.json has it, with its parts and its Wilson interval; None when nothing was counted."""

    part: int
    whole: int
    value: str | None
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class Calls:
    """The verification of one institution: clients on the list, called, by verdict, its four rates, what to know."""

    frame: int
    called: int
    counts: tuple[tuple[str, int], ...]
    rates: tuple[Rate | None, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ShopLine:
    """What one rule counted for a shop and what it gave."""

    rule_id: str
    title: str
    quantity: int
    points: int


@dataclass(frozen=True, slots=True)
class Shop:
    """The points of one shop in the period, and its level in words."""

    points: int
    level: str
    lines: tuple[ShopLine, ...]


@dataclass(frozen=True, slots=True)
class PointsRule:
    """One points rule over all shops."""

    rule_id: str
    title: str
    unit: str
    each: int
    cap: int | None
    shops: int
    quantity: int
    points: int
    clause: str


@dataclass(frozen=True, slots=True)
class Left:
    """The best and the worst rank when one thing is left out, what moves it most, and how many things move it at all.

    `told` are names with the rank without them, None for none.
    """

    best: int
    worst: int
    told: tuple[tuple[str, int | None], ...]
    moving: int


@dataclass(frozen=True, slots=True)
class Firm:
    """How firm a rank stands: the share of draws with another band, ranks without an item and without an assessor."""

    change: str
    items: Left | None
    assessors: Left | None


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution as it stands on the page; ranks and total None when it has none.

    `shop` None means that it has none; `category_count` is how many are ranked in its category.
    """

    uscc: str
    name: str
    category: str
    category_title: str
    category_count: int
    total: str | None
    grade: str
    reason: str
    label: str
    complete: bool
    rank: int | None
    rank_in_category: int | None
    interval: tuple[int, int] | None
    firm: Firm | None
    items: tuple[ItemScore, ...]
    conditions: tuple[Condition, ...]
    calls: Calls | None
    shop: Shop | None

    @property
    def scores(self) -> Mapping[str, str | None]:
        """Scores by item, as results.json has them."""
        return {item.key: item.score for item in self.items}


@dataclass(frozen=True, slots=True)
class Category:
    """One category: how many filed, how many are ranked, and the spread of the totals compared."""

    id: str
    title: str
    count: int
    ranked: int
    totals: Spread | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A question the official text leaves open, and how the scheme reads it."""

    question: str
    reading: str
    clause: str


@dataclass(frozen=True, slots=True)
class PageValues:
    """The whole page; institutions in the order of their ranks, those without one last.

    `marked` holds the parts in which a parameter is illustrative; `compared` is how many institutions the spreads and
    quartiles are of: gates passed or waived, no veto.
    """

    heading: Heading
    marked: frozenset[str]
    incomplete: bool
    full: str
    ranked: int
    compared: int
    draws: int
    spread_percent: str
    confidence_percent: str
    sample_size: str
    bands: tuple[Band, ...]
    categories: tuple[Category, ...]
    bins: tuple[Bin, ...]
    items: tuple[Item, ...]
    rules: tuple[PointsRule, ...]
    institutions: tuple[Institution, ...]
    readings: tuple[Reading, ...]
