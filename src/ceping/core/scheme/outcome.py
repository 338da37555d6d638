"""outcome.toml: gates, vetoes, floors, bands, ties and rounding; what turns a score into a grade and a rank."""

from typing import Literal

from pydantic import Field

from ceping.core.scheme.indicators import Origin
from ceping.core.scheme.predicates import Predicate
from ceping.core.scheme.reading import Exact, Rows, Table


class Gate(Table):
    """An entry condition (参评条件), answered and explained before anything is scored."""

    id: str
    title: str
    when: Predicate
    clause: str
    origin: Origin
    waivable_by: Rows[Literal["organiser"]] = ()
    except_categories: Rows[str] = ()


class Veto(Table):
    """What sets the grade whatever the score (一票否决): a condition, a decision of record, or either."""

    id: str
    title: str
    when: Predicate | None = None
    by_decision: bool = False
    grade: str
    clause: str
    origin: Origin


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
    bands: Rows[Band] = Field(alias="band", min_length=1)
    robustness: Robustness
