"""The indicator tree as tables: branches, leaves, scored items, their weights, rules and anchors."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import Field

from ceping.core.scheme.metrics import Metric
from ceping.core.scheme.reading import Exact, Rows, Table
from ceping.core.scheme.rules import Judge, Rule, judge_in

# The places of a scored item's score, whatever its rule is rounded to.
SCORE_PLACES = 2
Origin = Literal["official", "illustrative"]


class Anchors(Table):
    """What nothing, half and full marks look like, for those who judge."""

    zero: str
    half: str
    full: str


class Branch(Table):
    """A first-level indicator (一级指标)."""

    id: str
    title: str
    clause: str = ""


class Cohort(Table):
    """Institutions that are held against a table of their own: which categories they are of."""

    id: str
    title: str
    categories: Rows[str] = Field(min_length=1)


class Item(Table):
    """One scored item: what it is worth, and the rule that scores it. `full` is what its rule gives at most.

    `cohorts` are those it is scored for, all when none is named.
    """

    id: str = ""
    title: str = ""
    evidence: str = ""
    weight: Exact = Field(gt=0)
    full: Exact = Field(gt=0)
    origin: Origin
    rule: Rule
    anchors: Anchors | None = None
    cohorts: Rows[str] = ()
    readings: Rows[str] = ()


class Leaf(Table):
    """A second-level indicator (二级指标) with its official words; one item, or several that are scored apart."""

    id: str
    branch: str
    title: str
    as_printed: str = ""
    description: str = ""
    evidence: str = ""
    sources: Rows[Literal["institution", "cloud", "agency", "outside"]] = Field(min_length=1)
    checklist: Rows[int] = ()
    fields: Rows[str] = ()
    slots: Rows[str] = ()
    clause: str
    items: Rows[Item] = Field(alias="item", min_length=1)


class ScoredItem(Table):
    """An item where it stands: its key in marks and results, its leaf and its branch."""

    key: str
    title: str
    leaf: Leaf
    branch: Branch
    item: Item

    @property
    def nodes(self) -> tuple[str, str, str]:
        """The names under which a floor may ask for its score: its own, its leaf's, its branch's."""
        return self.key, self.leaf.id, self.branch.id

    @property
    def judge(self) -> Judge | None:
        """The judge rule, when assessors mark this item."""
        return judge_in(self.item.rule)


class IndicatorsFile(Table):
    """indicators.toml: the indicator table of the official text, and how each item is scored."""

    title: str
    annex: str = ""
    headers: Rows[str] = ()
    total: Exact = Decimal(100)
    cohorts: Rows[Cohort] = Field(default=(), alias="cohort")
    metrics: Mapping[str, Metric] = Field(default_factory=dict, alias="metric")
    branches: Rows[Branch] = Field(default=(), alias="branch")
    leaves: Rows[Leaf] = Field(default=(), alias="indicator")

    @cached_property
    def scored(self) -> tuple[ScoredItem, ...]:
        """The scored items in the order of the table; a leaf with one item gives it its own id and title."""
        return tuple(self._scored())

    def cohort_of(self, category: str) -> str:
        """The cohort of a category; nothing when it belongs to none."""
        return next((cohort.id for cohort in self.cohorts if category in cohort.categories), "")

    def scored_for(self, category: str) -> tuple[ScoredItem, ...]:
        """The items that are scored for a category, in the order of the table."""
        cohort = self.cohort_of(category)
        return tuple(item for item in self.scored if not item.item.cohorts or cohort in item.item.cohorts)

    def _scored(self) -> Iterator[ScoredItem]:
        branches = {branch.id: branch for branch in self.branches}
        for leaf in self.leaves:
            branch = branches.get(leaf.branch, self.branches[0])
            for item in leaf.items:
                key, title = item.id or leaf.id, item.title or leaf.title
                yield ScoredItem(key=key, title=title, leaf=leaf, branch=branch, item=item)
