"""The results of a season that were frozen, one after the other: the first, and each that corrects the one before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ceping.stages.results.models import Computation, Correction
from ceping.stages.results.queries.told import Line, computations_of, lines_in
from ceping.stages.results.states import ComputationState, CorrectionState
from ceping.stages.scheme.models import Season


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen result: 1 is the first; a later one with the correction it came of. The last one stands."""

    number: int
    computation: Computation
    stands: bool

    @property
    def correction(self) -> Correction | None:
        """Why it was made and for whom; None for the first."""
        return self.computation.correction

    @property
    def corrects(self) -> Computation | None:
        """The frozen computation it takes the place of."""
        return None if self.correction is None else self.correction.corrects


@dataclass(frozen=True, slots=True)
class Changed:
    """An institution in a frozen result and in what is to take its place; `named` when it is corrected itself.

    Another one may change all the same: ranks are relative, and some rules read peers. None where it is not in.
    """

    uscc: str
    name: str
    before: Line | None
    after: Line | None
    named: bool


def versions_of(season: Season) -> list[Version]:
    """Every frozen result, the newest first; none of them ever changes or goes."""
    return versions_in(computations_of(season))


def versions_in(computations: Iterable[Computation]) -> list[Version]:
    """The same among all computations of a season."""
    rows = [one for one in computations if one.state == ComputationState.FROZEN]
    rows.sort(key=lambda one: -(one.version or 0))
    return [Version(one.version or 0, one, stands=one is rows[0]) for one in rows]


def frozen_of(season: Season) -> Computation | None:
    """The result that stands: the newest frozen one; its `version` says the how-manieth it is."""
    found = season.computations.filter(state=ComputationState.FROZEN).select_related("lead", "organiser", "correction")
    return found.order_by("-version").first()


def open_correction_of(season: Season) -> Correction | None:
    """The correction that is under way."""
    found = season.corrections.filter(state=CorrectionState.OPEN).select_related("corrects", "opened_by")
    return found.first()


def changes_in(computation: Computation) -> Sequence[Changed]:
    """What a computation made for a correction changes of scores, total, grade or ranks: the named first, by rank.

    How firm ranks stand is not held against each other. Empty for one that corrects nothing.
    """
    correction = computation.correction
    if correction is None:
        return []
    named = set(correction.entries.values_list("institution__uscc", flat=True))
    before = {one.uscc: one for one in lines_in(correction.corrects)}
    after = {one.uscc: one for one in lines_in(computation)}
    found = [
        Changed(uscc, (after.get(uscc) or before[uscc]).name, before.get(uscc), after.get(uscc), uscc in named)
        for uscc in dict.fromkeys([*after, *before])
        if _stands(before.get(uscc)) != _stands(after.get(uscc))
    ]
    return sorted(found, key=lambda one: not one.named)


def _stands(line: Line | None) -> tuple[object, ...]:
    if line is None:
        return ()
    ranks = (line.rank, line.rank_in_category)
    return (line.total, line.grade, *ranks, line.scores, line.gates_unmet, line.vetoes)
