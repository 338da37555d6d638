"""outcome.toml: gates, vetoes, floors, bands, ties and rounding; what turns a score into a grade and a rank."""

from typing import Literal

from pydantic import Field

from ceping.core.scheme.indicators import Origin
from ceping.core.scheme.predicates import Predicate
from ceping.core.scheme.reading import Exact, Rows, Table
from ceping.core.scheme.rules import Rule


class Gate(Table):
    """An entry condition (参评条件), answered and explained before anything is scored.

    `checklist` names the items that prove it.
    """

    id: str
    title: str
    when: Predicate
    clause: str
    origin: Origin
    waivable_by: Rows[Literal["organiser"]] = ()
    except_categories: Rows[str] = ()
    checklist: Rows[int] = ()


class Veto(Table):
    """What sets the grade whatever the score (一票否决): a condition, a decision of record, or either."""

    id: str
    title: str
    when: Predicate | None = None
    by_decision: bool = False
    grade: str
    clause: str
    origin: Origin


class AnyOf(Table):
    """Direct qualification (直接认定): one condition that holds lifts the grade to at least the named one."""

    id: str
    title: str
    any_of: Rows[Predicate] = Field(min_length=1)
    grade: str
    clause: str
    origin: Origin


class Ceiling(Table):
    """A grade nobody rises above while the condition holds, whatever the total."""

    id: str
    title: str
    when: Predicate
    grade: str
    clause: str
    origin: Origin


class History(Table):
    """A rule over seasons: one of these grades in so many seasons on end, this one counted, gives the named grade."""

    id: str
    title: str
    grades: Rows[str] = Field(min_length=1)
    seasons: int = Field(ge=2, le=10)
    grade: str
    clause: str
    origin: Origin


class Quota(Table):
    """How many may have a grade: a share of those ranked, rounded down; who is beyond it takes the next grade.

    Those who tie at the edge are all in or all out.
    """

    grade: str
    share: Exact = Field(gt=0, le=1)
    within: Literal["all", "category"] = "all"
    ties: Literal["in", "out"] = "out"
    clause: str
    origin: Origin


class BonusItem(Table):
    """Points outside the base: a rule that gives at most `full`; `missing` says what a missing value does."""

    id: str
    title: str
    full: Exact = Field(gt=0)
    rule: Rule
    missing: Literal["zero", "refuse"] = "refuse"
    clause: str
    origin: Origin


class Bonus(Table):
    """The bonus items and what they may add together at most."""

    cap: Exact = Field(gt=0)
    items: Rows[BonusItem] = Field(alias="item", min_length=1)


class Label(Table):
    """What a grade is called and brings: a label, stars, money."""

    grade: str
    label: str = ""
    stars: int | None = Field(default=None, ge=0, le=5)
    money: Exact | None = None
    unit: str = ""


class Floor(Table):
    """The least a branch or an item must reach for any grade better than the named one."""

    id: str
    node: str
    at_least: Exact
    grade: str
    clause: str
    origin: Origin


class Band(Table):
    """One grade (等次) and the totals it covers; the first has no upper edge and the last no lower."""

    grade: str
    at_least: Exact | None = None
    above: Exact | None = None
    at_most: Exact | None = None
    below: Exact | None = None


class Robustness(Table):
    """How the rank is tried under other weights: each weight times (1 - spread + 2 x spread x u), in so many draws."""

    draws: int = Field(default=1000, ge=1, le=100_000)
    spread: Exact
    origin: Origin


class OutcomeFile(Table):
    """outcome.toml as a whole; `bands` stand from the best grade to the last."""

    total_places: int = Field(default=2, ge=0, le=6)
    ties: Literal["shared", "dense"] = "shared"
    gate_failed_grade: str
    bands_origin: Origin
    gates: Rows[Gate] = Field(default=(), alias="gate")
    vetoes: Rows[Veto] = Field(default=(), alias="veto")
    floors: Rows[Floor] = Field(default=(), alias="floor")
    any_of: Rows[AnyOf] = Field(default=(), alias="any_of")
    ceilings: Rows[Ceiling] = Field(default=(), alias="ceiling")
    history: Rows[History] = ()
    quotas: Rows[Quota] = Field(default=(), alias="quota")
    bonus: Bonus | None = None
    total_cap: Exact | None = None
    mapping: Rows[Label] = ()
    bands: Rows[Band] = Field(alias="band", min_length=1)
    robustness: Robustness
