"""What rules read: metric values with where they came from, and what assessors' marks came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ceping.core.exact import short_text_of


class Which(StrEnum):
    """The three values a metric keeps: what was claimed, what was verified, what the platform counted."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Input:
    """One number or word a rule read: its name, which of its values, its text, and the file and row it stands in."""

    name: str
    which: str
    value: str | None
    source: str = ""
    note: str = ""

    def as_json(self) -> dict[str, str | None]:
        """The input as it stands in a trace; empty parts are left out."""
        shown: dict[str, str | None] = {"name": self.name, "which": self.which, "value": self.value}
        if self.source:
            shown["source"] = self.source
        if self.note:
            shown["note"] = self.note
        return shown


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One value of one metric; `value` None is missing, which is not zero."""

    metric: str
    which: Which
    value: Decimal | str | None
    source: str = ""
    note: str = ""

    def as_input(self) -> Input:
        """The value as a trace shows it."""
        text = self.value if self.value is None or isinstance(self.value, str) else short_text_of(self.value)
        return Input(self.metric, self.which.value, text, self.source, self.note)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the marks of one item came to: `mark` None is missing; `inputs` are the marks and the adjudication."""

    mark: Decimal | None
    inputs: tuple[Input, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Peers:
    """Where one value stands among its peers: how many there are, their ends, how many lie above it and below.

    The value itself is one of them when its institution is eligible.
    """

    count: int
    least: Decimal
    most: Decimal
    above: int
    below: int

    def as_inputs(self, metric: str) -> tuple[Input, ...]:
        """The five numbers as a trace keeps them."""
        shown = (
            ("count", self.count),
            ("least", self.least),
            ("most", self.most),
            ("above", self.above),
            ("below", self.below),
        )
        return tuple(Input(f"peers:{metric}", name, short_text_of(value)) for name, value in shown)


@dataclass(frozen=True, slots=True)
class Values:
    """All that the rules of one institution read: metric values as the scheme says which to use, and judged items.

    `peers` are by metric and `all` or `category`.
    """

    metrics: Mapping[str, MetricValue]
    judged: Mapping[str, Judged] = field(default_factory=dict)
    peers: Mapping[tuple[str, str], Peers] = field(default_factory=dict)

    def metric(self, name: str) -> MetricValue:
        """The value of a metric; a metric nobody gave is missing."""
        return self.metrics.get(name) or MetricValue(name, Which.VERIFIED, None)
