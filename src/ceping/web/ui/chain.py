"""The way of a season on each of its pages: 方案→自评→推荐→测评·核验·积分→结果→公示, what is done, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType

from django.utils import timezone

from ceping.stages.scheme.models import Phase, Season
from ceping.stages.scheme.states import PhaseKind, SeasonState

_STEPS: Sequence[tuple[str, PhaseKind | None, frozenset[SeasonState]]] = (
    ("方案", None, frozenset({SeasonState.DRAFT})),
    ("自评", PhaseKind.FILING, frozenset({SeasonState.FILING})),
    ("推荐", PhaseKind.RECOMMENDING, frozenset({SeasonState.RECOMMENDING})),
    ("测评 · 核验 · 积分", PhaseKind.EVALUATING, frozenset({SeasonState.EVALUATING})),
    ("结果", None, frozenset({SeasonState.COMPUTED, SeasonState.SIGNED})),
    ("公示", PhaseKind.NOTICE, frozenset({SeasonState.NOTICE, SeasonState.PUBLISHED, SeasonState.ARCHIVED})),
)
_AT: Mapping[SeasonState, int] = MappingProxyType(
    {state: number for number, (_, _, states) in enumerate(_STEPS) for state in states}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `state` is done, now or to come; `gone` the share of its time that has passed, in whole percent."""

    word: str
    state: str
    when: str
    gone: int
    split: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps, and in words where the season stands."""

    steps: tuple[Step, ...]
    now: Step
    number: int

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.steps)


def chain_of(season: Season, at: datetime) -> Chain:
    """The chain of the season as it stands `at`."""
    phases = {PhaseKind(phase.kind): phase for phase in season.phases.all()}
    stands = _AT[SeasonState(season.state)]
    steps = []
    for number, (word, kind, _) in enumerate(_STEPS):
        phase = phases.get(kind) if kind is not None else None
        state = "done" if number < stands else "now" if number == stands else ""
        steps.append(Step(word, state, _when(phase, state), _gone(phase, at), split="·" in word))
    return Chain(tuple(steps), steps[stands], stands + 1)


def _when(phase: Phase | None, state: str) -> str:
    if phase is None:
        return "已发布" if state == "done" else ""
    opens, closes = timezone.localtime(phase.opens_at), timezone.localtime(phase.closes_at)
    if state == "now":
        # Midnight is the end of the day before to whoever reads it.
        over = f"{closes - timedelta(1):%m.%d} 24:00" if closes.time() == time() else f"{closes:%m.%d %H:%M}"
        return f"{over} 截止"
    return f"{opens:%m.%d}—{closes:%m.%d}"


def _gone(phase: Phase | None, at: datetime) -> int:
    if phase is None:
        return 50
    share = (at - phase.opens_at) / (phase.closes_at - phase.opens_at)
    return max(5, min(100, round(share * 100)))
