"""What the rules of a scheme read, and so which files of a season must be there."""

from dataclasses import dataclass
from functools import cached_property

from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.metric_checking import metrics_read
from ceping.core.scheme.metrics import (
    FromCalls,
    FromDistinct,
    FromEvidence,
    FromExternal,
    FromField,
    FromListed,
    FromRows,
    FromShop,
    FromSum,
    Metric,
    Source,
)
from ceping.core.scheme.values import Which


@dataclass(frozen=True)
class Needs:
    """What one scheme reads of a season."""

    scheme: Scheme

    @cached_property
    def read(self) -> frozenset[tuple[str, Which]]:
        """The metrics that are read, each with the value they use; what they are worked out from as well."""
        metrics = self.scheme.indicators.metrics
        pairs: set[tuple[str, Which]] = set()
        for name in metrics_read(self.scheme):
            asked = [name]
            while asked:
                part = asked.pop()
                pairs.add((part, metrics[name].use))
                asked += metrics[part].derived_from
        return frozenset(pairs)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Where the read values come from, those recorded by hand apart."""
        metrics = self.scheme.indicators.metrics
        found = (dict(metrics[name].sources()).get(which) for name, which in sorted(self.read) if name in metrics)
        return tuple(source for source in found if source is not None)

    @cached_property
    def by_hand(self) -> dict[str, Metric]:
        """The metrics whose verified value a person has to record for the rules to read."""
        metrics = self.scheme.indicators.metrics
        names = sorted(name for name, which in self.read if which is Which.VERIFIED and name in metrics)
        return {
            name: metrics[name] for name in names if metrics[name].verified is None and not metrics[name].derived_from
        }

    @property
    def history(self) -> bool:
        """Whether grades of former seasons are read."""
        return bool(self.scheme.outcome.history)

    @property
    def marks(self) -> bool:
        """Whether assessors mark anything."""
        return any(item.judge is not None for item in self.scheme.scored)

    @property
    def adjudications(self) -> bool:
        """Whether marks may differ so far that someone settles them."""
        return any(item.judge is not None and item.judge.difference_limit is not None for item in self.scheme.scored)

    @property
    def decisions(self) -> bool:
        """Whether a gate may be waived or a veto decided."""
        outcome = self.scheme.outcome
        return any(gate.waivable_by for gate in outcome.gates) or any(veto.by_decision for veto in outcome.vetoes)

    @property
    def calls(self) -> bool:
        """Whether clients are called; a scheme whose rules read calls has a verification.toml (a check)."""
        return any(isinstance(source, FromCalls) for source in self.sources)

    @property
    def shop(self) -> bool:
        """Whether shops are read at all."""
        return any(isinstance(source, FromShop) for source in self.sources)

    @property
    def events(self) -> bool:
        """Whether more than the facts of a shop is read."""
        return any(isinstance(source, FromShop) and (source.rules or source.of) for source in self.sources)

    @property
    def level(self) -> bool:
        """Whether the level of a shop is read, which is cumulative."""
        return any(isinstance(source, FromShop) and source.of == "level" for source in self.sources)

    @property
    def facts(self) -> frozenset[str]:
        """The shop facts that are read."""
        return frozenset(fact for source in self.sources if isinstance(source, FromShop) for fact in source.facts)

    @property
    def evidence(self) -> bool:
        """Whether verdicts on attachments are read."""
        return any(isinstance(source, FromEvidence) for source in self.sources)

    @property
    def checks(self) -> tuple[str, ...]:
        """The outside registers that are read."""
        return tuple(dict.fromkeys(source.check for source in self.sources if isinstance(source, FromExternal)))

    @property
    def known_checks(self) -> frozenset[str]:
        """Every outside register the scheme speaks of, read or not."""
        found = (source for metric in self.scheme.indicators.metrics.values() for _, source in metric.sources())
        return frozenset(source.check for source in found if isinstance(source, FromExternal))

    @property
    def report(self) -> bool:
        """Whether anything of the report is read, by a rule or to know who may be called."""
        kinds = (FromField, FromRows, FromDistinct, FromSum, FromListed, FromEvidence)
        return self.calls or any(isinstance(source, kinds) for source in self.sources)
