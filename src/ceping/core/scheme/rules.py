"""The closed rule kinds of the scheme language, as tables: what each kind needs to be told."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ceping.core.scheme.predicates import Predicate
from ceping.core.scheme.reading import Exact, Rows, Table

Edge = Literal["inclusive", "exclusive"]


class RuleBase(Table):
    """What every rule may say: its own name inside a combiner, a title, its clause, the places it is rounded to."""

    id: str = ""
    title: str = ""
    clause: str = ""
    places: int = Field(default=2, ge=0, le=10)


class Count(RuleBase):
    """Points for each unit: floor((metric - free) / every) x points, kept within floor and cap."""

    kind: Literal["count"]
    metric: str
    points: Exact
    every: Exact = Field(default=Decimal(1), gt=0)
    free: Exact = Field(default=Decimal(0), ge=0)
    floor: Exact = Decimal(0)
    cap: Exact


class Step(Table):
    """One edge of a step table and the points beyond it."""

    at: Exact
    edge: Edge = "inclusive"
    points: Exact


class Choice(Table):
    """The points of one word a metric may hold."""

    value: str
    points: Exact


class Tier(RuleBase):
    """A step table: on a number, the points of the furthest edge reached; on a word, the points of that word."""

    kind: Literal["tier"]
    metric: str
    direction: Literal["higher", "lower"] = "higher"
    steps: Rows[Step] = ()
    choices: Rows[Choice] = ()
    default: Exact


class Ratio(RuleBase):
    """Metric / target x points (or target / metric when inverse), kept between 0 and the points.

    With a slope: the points less `slope_below` or `slope_above` for each unit below or above the target.
    """

    kind: Literal["ratio"]
    metric: str
    target: Exact
    points: Exact
    inverse: bool = False
    slope_below: Exact | None = None
    slope_above: Exact | None = None


class Flag(RuleBase):
    """The points when the condition holds, else `otherwise`; `evidence` names checklist items that prove it."""

    kind: Literal["flag"]
    when: Predicate
    points: Exact
    otherwise: Exact = Decimal(0)
    evidence: Rows[int] = ()


class Coefficient(Table):
    """The band in which an assessor may choose the coefficient that a mark is multiplied by."""

    least: Exact
    most: Exact


class Judge(RuleBase):
    """Assessors' marks: range and step, how many, how they are brought together, and when they must be explained."""

    kind: Literal["judge"]
    max: Exact = Field(gt=0)
    step: Exact = Field(gt=0)
    raters: int = Field(ge=1, le=99)
    aggregate: Literal["mean", "median", "trimmed_mean"] = "mean"
    trim_from: int = Field(default=5, ge=3, le=99)
    coefficient: Coefficient | None = None
    comment_below: Exact | None = None
    comment_above: Exact | None = None
    difference_limit: Exact | None = None


class Violation(Table):
    """One thing that costs points: how often it happened, and the points for each time."""

    metric: str
    points: Exact
    title: str = ""
    group: str = ""


class Deduct(RuleBase):
    """Starts full and subtracts for each violation down to the floor.

    With `largest_only`, of the violations of one group only the dearest counts.
    """

    kind: Literal["deduct"]
    start: Exact
    floor: Exact = Decimal(0)
    largest_only: bool = False
    violations: Rows[Violation] = Field(min_length=1)


class Sum(RuleBase):
    """The parts added, kept within floor and cap; one missing part makes the sum missing."""

    kind: Literal["sum"]
    parts: Rows["Rule"] = Field(min_length=1)
    cap: Exact | None = None
    floor: Exact | None = None


class WeightedPart(Table):
    """A rule, the points it reaches at most, and what full points are worth in the parent."""

    weight: Exact = Field(gt=0)
    full: Exact = Field(gt=0)
    rule: "Rule"


class Weighted(RuleBase):
    """Each part's share of its full points times its weight, added.

    `missing` says what a missing part does: `zero` counts it as zero, `rescale` drops it and lets the rest share its
    weight, `refuse` makes the whole missing.
    """

    kind: Literal["weighted"]
    missing: Literal["zero", "rescale", "refuse"] = "refuse"
    parts: Rows[WeightedPart] = Field(min_length=1)


class Choose(RuleBase):
    """The best of the parts; or, with `by`, the part whose id the applicant declared in that metric.

    The best is missing while a missing part could be better than what is known.
    """

    kind: Literal["choose"]
    by: str = ""
    parts: Rows["Rule"] = Field(min_length=2)


class Period(RuleBase):
    """Parts of successive periods, oldest first (quarters, years), brought together.

    `growth` gives `points` for a growth by the whole from the first part to the last, kept between 0 and `points`;
    `missing` says what a missing period does.
    """

    kind: Literal["period"]
    combine: Literal["sum", "mean", "best", "worst", "latest", "growth"]
    missing: Literal["zero", "drop", "refuse"] = "refuse"
    points: Exact | None = None
    cap: Exact | None = None
    parts: Rows["Rule"] = Field(min_length=2)


class Peer(RuleBase):
    """Points by where a metric stands among its peers, the eligible institutions of the season or of the category.

    `min_max` (x - worst) / (best - worst), `of_best` x / best, `rank` (n - rank) / (n - 1), `percentile` the share of
    peers not better, each times the points. Frozen when computed.
    """

    kind: Literal["peer"]
    metric: str
    method: Literal["min_max", "of_best", "rank", "percentile"]
    among: Literal["all", "category"] = "all"
    direction: Literal["higher", "lower"] = "higher"
    points: Exact = Field(gt=0)
    alone: Exact | None = None


Rule = Annotated[
    Count | Tier | Ratio | Flag | Judge | Deduct | Sum | Weighted | Choose | Period | Peer,
    Field(discriminator="kind"),
]
for _table in (Sum, WeightedPart, Weighted, Choose, Period):
    _table.model_rebuild()


def parts_of(rule: Rule) -> tuple[Rule, ...]:
    """The rules directly under a combiner; none under a leaf rule."""
    if isinstance(rule, Weighted):
        return tuple(part.rule for part in rule.parts)
    return rule.parts if isinstance(rule, Sum | Choose | Period) else ()


def rules_in(rule: Rule) -> tuple[Rule, ...]:
    """The rule and all under it, parents first."""
    return (rule, *(inner for part in parts_of(rule) for inner in rules_in(part)))


def judge_in(rule: Rule) -> Judge | None:
    """The judge rule of an item, which has at most one (a check)."""
    return next((inner for inner in rules_in(rule) if isinstance(inner, Judge)), None)
