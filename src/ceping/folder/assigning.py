"""Who assesses whom: drawn by a seed, loads as even as bounds and conflicts allow, experts where the subject is theirs.

Three wishes, one after the other: even loads (the least sum of squares, what is left over to those the seed names);
then as many assessors as possible on their own subject; then the least sum of the seed's numbers. The last makes the
answer one of a kind, which `optimum` proves; so any exact solver, on any machine, gives the same assignment.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from ceping.folder.optimum import Integers, Network, NotProved, Proof, Taken

ALGORITHM = (
    "先定：人工指定的（pinned）留在原位，计入件数；以下只抽其余的位置。",
    "一、负荷尽量均衡：各专家承担件数的平方和最小；并列时，取 load(专家,第 s 件) 之和最小者。",
    "二、在此负荷下，专长相符的人次最多（专长为空视为相符）。",
    "三、仍并列时，取 pair(机构,评分项,专家) 之和最小者。",
    'load 为 sha256("种子:次数:load:专家编号:s") 的前 4 位十六进制数。',
    'pair 为 sha256("种子:次数:统一社会信用代码:评分项:专家编号") 的前 6 位十六进制数；整组评审时评分项为空。',
    "次数从 0 起，只有该次数的最优解不唯一时才加 1。最优和唯一均以整数验证，记录中的势（potentials）可供复核。",
)
_LOAD_DIGITS, _PAIR_DIGITS = 4, 6
_LOAD_RANGE, _PAIR_RANGE = 16**_LOAD_DIGITS, 16**_PAIR_DIGITS
_MOST_ATTEMPTS = 100
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Assessor:
    """One assessor: the subjects named, and the most units to be given (none: no bound)."""

    id: str
    expertise: tuple[str, ...] = ()
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What one panel judges: an institution with an empty item, or one item of it; `topics` are its subjects."""

    uscc: str
    item: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """The panels by unit, each in order of assessor ids, and what proves them.

    `attempts` and `potentials` are of the loads and of the panels.
    """

    panels: Mapping[tuple[str, str], tuple[str, ...]]
    loads: Mapping[str, int]
    on_subject: int
    without_expert: tuple[tuple[str, str], ...]
    attempts: tuple[int, int]
    potentials: tuple[Mapping[str, int], Mapping[str, int]]


def on_subject(assessor: Assessor, unit: Unit) -> bool:
    """Whether a subject the assessor names is one of the unit's; who names none is at home everywhere."""
    return not assessor.expertise or any(
        _alike(word.casefold(), topic.casefold()) for word in assessor.expertise for topic in unit.topics
    )


def _alike(word: str, topic: str) -> bool:
    # 法律 is of 法律服务类 and 法律服务类（含公证） as well; short Latin ids must be equal.
    return word == topic or (not topic.isascii() and len(word) > 1 and (word in topic or topic in word))


def load_number(seed: str, attempt: int, assessor: str, place: int) -> int:
    """The seed's number for an assessor's s-th unit."""
    return int(hashlib.sha256(f"{seed}:{attempt}:load:{assessor}:{place}".encode()).hexdigest()[:_LOAD_DIGITS], 16)


def pair_number(seed: str, attempt: int, unit: Unit, assessor: str) -> int:
    """The seed's number for an assessor on a unit."""
    text = f"{seed}:{attempt}:{unit.uscc}:{unit.item}:{assessor}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:_PAIR_DIGITS], 16)


@dataclass(frozen=True)
class Problem:
    """Units to fill, assessors to choose from, who may not judge whom; the order of the input is nothing.

    `pinned` pairs are settled beforehand: they take places and loads, and what is left is drawn.
    """

    units: Sequence[Unit]
    assessors: Sequence[Assessor]
    pairs: Sequence[tuple[int, int]]
    per_unit: int
    seed: str
    pinned: Sequence[tuple[int, int]] = ()

    @classmethod
    def of(
        cls,
        units: Iterable[Unit],
        assessors: Iterable[Assessor],
        conflicts: Iterable[tuple[str, str]],
        *,
        pins: Iterable[tuple[str, str, str]] = (),
        per_unit: int,
        seed: str,
    ) -> "Problem":
        """The problem with its pairs that are allowed and not settled.

        A conflict names assessor and institution; a pin names the item too, where units are items.
        """
        ordered = sorted(units, key=lambda unit: (unit.uscc, unit.item))
        able = sorted((one for one in assessors if one.most is None or one.most > 0), key=lambda one: one.id)
        apart, settled = frozenset(conflicts), frozenset(pins)
        every = [(place, who) for place in range(len(ordered)) for who in range(len(able))]
        pinned = [
            (place, who)
            for place, who in (every if settled else ())
            if (able[who].id, ordered[place].uscc, ordered[place].item) in settled
        ]
        kept = frozenset(pinned)
        pairs = [
            (place, who)
            for place, who in every
            if (able[who].id, ordered[place].uscc) not in apart and (place, who) not in kept
        ]
        return cls(ordered, able, pairs, per_unit, seed, pinned)

    @cached_property
    def unit_of(self) -> Integers:
        """The unit of each pair."""
        return np.array([unit for unit, _ in self.pairs], dtype=np.int64)

    @cached_property
    def assessor_of(self) -> Integers:
        """The assessor of each pair."""
        return np.array([who for _, who in self.pairs], dtype=np.int64)

    @cached_property
    def settled(self) -> Integers:
        """The units pinned to each assessor."""
        return np.bincount([who for _, who in self.pinned], minlength=len(self.assessors)).astype(np.int64)

    @cached_property
    def needs(self) -> Integers:
        """The places left to fill in each unit."""
        pinned = np.bincount([unit for unit, _ in self.pinned], minlength=len(self.units)).astype(np.int64)
        return self.per_unit - pinned

    @cached_property
    def bounds(self) -> Integers:
        """The most units left for each assessor, never more than there are pairs for."""
        open_to = np.bincount(self.assessor_of, minlength=len(self.assessors))
        given = [
            int(free) if one.most is None else min(one.most - int(own), int(free))
            for one, free, own in zip(self.assessors, open_to, self.settled, strict=True)
        ]
        return np.array(given, dtype=np.int64)

    @property
    def wanted(self) -> int:
        """How many places there are left to fill."""
        return int(self.needs.sum())


def assign(problem: Problem) -> Assigned:
    """The drawn panels; the problem must have a solution (`shortage` says whether), else NotProved is raised."""
    if problem.wanted:
        first, loads, load_proof = _first_alone(_even_loads(problem, attempt) for attempt in range(_MOST_ATTEMPTS))
        tries = (_panels(problem, loads, attempt) for attempt in range(_MOST_ATTEMPTS))
        second, chosen, panel_proof = _first_alone(tries)
    else:
        first, second, loads = 0, 0, np.zeros(len(problem.assessors), dtype=np.int64)
        chosen = np.zeros(len(problem.pairs), dtype=bool)
        nothing = np.zeros(len(problem.assessors) + len(problem.units) + 1, dtype=np.int64)
        load_proof = panel_proof = Proof(nothing, alone=True)
    panels: dict[tuple[str, str], list[str]] = {(unit.uscc, unit.item): [] for unit in problem.units}
    experts: dict[tuple[str, str], int] = dict.fromkeys(panels, 0)
    drawn = [pair for pair, taken in zip(problem.pairs, chosen, strict=True) if taken]
    for place, who in (*problem.pinned, *drawn):
        unit, assessor = problem.units[place], problem.assessors[who]
        panels[unit.uscc, unit.item].append(assessor.id)
        experts[unit.uscc, unit.item] += on_subject(assessor, unit)
    return Assigned(
        {key: tuple(sorted(panel)) for key, panel in panels.items()},
        {one.id: int(load) for one, load in zip(problem.assessors, loads + problem.settled, strict=True)},
        sum(experts.values()),
        tuple(key for key, count in experts.items() if not count),
        (first, second),
        (_named(problem, load_proof), _named(problem, panel_proof)),
    )


def _first_alone(tries: Iterator[tuple[Answer, Proof]]) -> tuple[int, Answer, Proof]:
    for attempt, (answer, proved) in enumerate(tries):
        if proved.alone:
            return attempt, answer, proved
    raise NotProved


def _even_loads(problem: Problem, attempt: int) -> tuple[Integers, Proof]:
    """The loads whose squares add up to the least, and the proof of it; the arcs run source, assessors, units."""
    people, pairs = len(problem.assessors), len(problem.pairs)
    source = people + len(problem.units)
    slots = np.repeat(np.arange(people), problem.bounds)
    # An assessor's own units stand first: what is drawn comes on top of them.
    own = problem.settled
    places = np.concatenate([np.arange(n + 1, n + most + 1) for n, most in zip(own, problem.bounds, strict=True)])
    numbers = [
        load_number(problem.seed, attempt, problem.assessors[who].id, place)
        for who, place in zip(slots.tolist(), places.tolist(), strict=True)
    ]
    squares = np.concatenate([np.zeros(pairs, dtype=np.int64), 2 * places - 1])
    seeded = np.concatenate([np.zeros(pairs, dtype=np.int64), np.array(numbers, dtype=np.int64)])
    network = Network(
        np.concatenate([problem.assessor_of, np.full(len(slots), source)]),
        np.concatenate([people + problem.unit_of, slots]),
        np.concatenate([np.zeros(people, dtype=np.int64), problem.needs, [-problem.wanted]]),
    )
    taken = network.cheapest([squares, seeded])
    # One square outweighs all of the seed's numbers together.
    together = squares * (_LOAD_RANGE * (problem.wanted + 1)) + seeded
    loads = np.bincount(problem.assessor_of[taken[:pairs]], minlength=people)
    return loads, network.proof(taken, together, through=source)


def _panels(problem: Problem, loads: Integers, attempt: int) -> tuple[Taken, Proof]:
    """Which pairs are drawn under these loads, and the proof that no others are cheaper."""
    people = len(problem.assessors)
    pairs = [(problem.units[place], problem.assessors[who]) for place, who in problem.pairs]
    strangers = np.array([not on_subject(assessor, unit) for unit, assessor in pairs], dtype=np.int64)
    seeded = np.array([pair_number(problem.seed, attempt, unit, one.id) for unit, one in pairs], dtype=np.int64)
    network = Network(problem.assessor_of, people + problem.unit_of, np.concatenate([-loads, problem.needs]))
    taken = network.cheapest([strangers, seeded])
    return taken, network.proof(taken, strangers * (_PAIR_RANGE * (problem.wanted + 1)) + seeded)


def _named(problem: Problem, proved: Proof) -> Mapping[str, int]:
    """The potentials by assessor id, by `uscc:item`, and of the source of loads by the empty name."""
    names = [one.id for one in problem.assessors] + [f"{unit.uscc}:{unit.item}" for unit in problem.units] + [""]
    return dict(zip(names, proved.potentials.tolist(), strict=False))
