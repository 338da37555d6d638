"""Metrics as tables: what each is called, which of its three values the rules use, and where each value comes from."""

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Annotated, Literal

from pydantic import Field

from ceping.core.scheme.predicates import Op, Plain
from ceping.core.scheme.reading import Exact, Rows, Table
from ceping.core.scheme.values import Which


class Where(Table):
    """Which rows of a table count: those whose column holds one of these words."""

    column: str
    one_of: Rows[str] = Field(min_length=1)


class FromField(Table):
    """The answer of one field of the report."""

    kind: Literal["field"]
    field: str


class FromRows(Table):
    """The number of rows of a table of the report that are filled in.

    With `either`, a row counts once if any of them holds.
    """

    kind: Literal["rows"]
    table: str
    where: Where | None = None
    either: Rows[Where] = ()


class FromDistinct(Table):
    """The number of different names in a column of the report, by normalised name.

    With `excluding_self` the institution's own name does not count.
    """

    kind: Literal["distinct"]
    table: str
    column: str
    where: Where | None = None
    excluding_self: bool = False


class FromSum(Table):
    """The sum of a column of numbers of the report."""

    kind: Literal["sum"]
    table: str
    column: str
    where: Where | None = None


class FromShop(Table):
    """Counts of the shop in the season's period, several of them added.

    `rules` are quantities of points rules, `facts` shop facts; `of` is the shop's points, or the step of its level: 0
    none, 1 to 5 stars, 6 to 10 diamonds, 11 to 15 crowns.
    """

    kind: Literal["shop"]
    rules: Rows[str] = ()
    facts: Rows[Literal["certificate_count", "product_count", "activity_count", "decorated"]] = ()
    of: Literal["", "points", "level"] = ""


class FromCalls(Table):
    """What the calls to the drawn clients came to."""

    kind: Literal["calls"]
    rate: Literal["verification", "satisfaction", "contact", "response"]


class FromEvidence(Table):
    """What the checks of the attachments came to: how many have this verdict, or their share of all checked."""

    kind: Literal["evidence"]
    verdict: Literal["genuine", "doubtful", "false", "unreadable"]
    measure: Literal["count", "share"]


class FromExternal(Table):
    """The answer of an outside register, yes or no."""

    kind: Literal["external"]
    check: str


class FromListed(Table):
    """How many different clients stand in the official list of specialised firms."""

    kind: Literal["listed"]
    table: str
    column: str


Source = Annotated[
    FromField | FromRows | FromDistinct | FromSum | FromShop | FromCalls | FromEvidence | FromExternal | FromListed,
    Field(discriminator="kind"),
]


class Quotient(Table):
    """A metric that is one metric divided by another, each of its three values from theirs; nothing over zero."""

    over: str
    under: str


class Growth(Table):
    """A metric that is how much one metric grew over another: (after - before) / before; nothing over zero or less."""

    before: str
    after: str


class Run(Table):
    """A metric that is the longest run of metrics, oldest first, that hold the comparison.

    With `latest` only the run that reaches the last of them counts.
    """

    of: Rows[str] = Field(min_length=2)
    op: Op
    value: Plain
    latest: bool = False


class Metric(Table):
    """One thing a rule may read. What has no `verified` source is verified by a person in verified.csv."""

    title: str
    unit: str = ""
    type: Literal["number", "choice", "yes_no"] = "number"
    use: Which = Field(strict=False)
    claimed: Source | None = None
    verified: Source | None = None
    platform: Source | None = None
    quotient: Quotient | None = None
    growth: Growth | None = None
    run: Run | None = None
    least: Exact | None = None
    most: Exact | None = None
    clause: str = ""
    note: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether a person records the verified value."""
        return self.verified is None and not self.derived_from and self.use is Which.VERIFIED

    @property
    def derived_from(self) -> tuple[str, ...]:
        """The metrics this one is worked out from; none when it has values of its own."""
        if self.quotient is not None:
            return self.quotient.over, self.quotient.under
        if self.growth is not None:
            return self.growth.before, self.growth.after
        return self.run.of if self.run is not None else ()

    def sources(self) -> tuple[tuple[Which, Source], ...]:
        """The declared sources, by the value they give."""
        pairs = ((Which.CLAIMED, self.claimed), (Which.VERIFIED, self.verified), (Which.PLATFORM, self.platform))
        return tuple((which, source) for which, source in pairs if source is not None)


def parts_first(metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    """The names of the metrics so that what one is worked out from stands before it; raises graphlib.CycleError."""
    return tuple(TopologicalSorter({name: metric.derived_from for name, metric in metrics.items()}).static_order())
