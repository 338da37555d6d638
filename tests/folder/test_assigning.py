"""The draw of assessors: bounds and conflicts kept, as good as brute force finds, one answer whatever the order."""

from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.folder.assigning import Assessor, Problem, Unit, assign, load_number, on_subject, pair_number
from ceping.folder.optimum import Integers, Network, NotProved
from ceping.folder.shortage import shortage

WORDS = ("法律", "财务", "")
SUBJECTS = ("法律", "财务", "技术")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    people = draw(st.integers(2, 4))
    assessors = [
        Assessor(
            f"A{number}",
            tuple(word for word in [draw(st.sampled_from(WORDS))] if word),
            draw(st.one_of(st.none(), st.integers(0, 4))),
        )
        for number in range(people)
    ]
    units = [Unit(f"U{number}", "", (draw(st.sampled_from(["法律服务类", "财务类"])),)) for number in range(4)]
    pairs = st.tuples(st.sampled_from([one.id for one in assessors]), st.sampled_from([one.uscc for one in units]))
    conflicts = draw(st.sets(pairs, max_size=4))
    per_unit = draw(st.integers(1, 2))
    pins: list[tuple[str, str, str]] = []
    for who, uscc in sorted(draw(st.sets(pairs, max_size=3)) - conflicts):
        most = next(one.most for one in assessors if one.id == who)
        own, panel = sum(pin[0] == who for pin in pins), sum(pin[1] == uscc for pin in pins)
        # What is refused beforehand: over the bound, or more than a panel holds.
        if (most is None or own < most) and panel < per_unit:
            pins.append((who, uscc, ""))
    return Problem.of(units, assessors, conflicts, pins=pins, per_unit=per_unit, seed=draw(st.text(max_size=4)))


def every_answer(problem: Problem) -> list[tuple[tuple[int, ...], ...]]:
    """All ways to fill the panels within bounds, by brute force."""
    open_to = sorted((*problem.pairs, *problem.pinned))
    allowed = [[who for place, who in open_to if place == unit] for unit in range(len(problem.units))]
    found = []
    for panels in product(*(combinations(people, problem.per_unit) for people in allowed)):
        loads = [sum(who in panel for panel in panels) for who in range(len(problem.assessors))]
        if not all(who in panels[place] for place, who in problem.pinned):
            continue
        if all(one.most is None or load <= one.most for one, load in zip(problem.assessors, loads, strict=True)):
            found.append(panels)
    return found


def worth(problem: Problem, panels: tuple[tuple[int, ...], ...], attempts: tuple[int, int]) -> tuple[int, ...]:
    """Squares of loads, their numbers, strangers, and the pairs' numbers: what the draw makes least, in this order."""
    loads = [sum(who in panel for panel in panels) for who in range(len(problem.assessors))]
    pairs = [(problem.units[place], problem.assessors[who]) for place, panel in enumerate(panels) for who in panel]
    return (
        sum(load * load for load in loads),
        sum(
            load_number(problem.seed, attempts[0], one.id, place)
            for one, load in zip(problem.assessors, loads, strict=True)
            for place in range(1, load + 1)
        ),
        sum(not on_subject(one, unit) for unit, one in pairs),
        sum(pair_number(problem.seed, attempts[1], unit, one.id) for unit, one in pairs),
    )


@given(problems())
@settings(max_examples=150)
def test_the_answer_is_the_best_of_all(problem: Problem) -> None:
    answers = every_answer(problem)
    assert bool(shortage(problem)) is not bool(answers)
    if not answers:
        return
    found = assign(problem)
    ids = [one.id for one in problem.assessors]
    panels = tuple(tuple(ids.index(who) for who in found.panels[unit.uscc, unit.item]) for unit in problem.units)
    assert panels in answers
    best = min(worth(problem, answer, found.attempts) for answer in answers)
    assert [answer for answer in answers if worth(problem, answer, found.attempts) == best] == [panels]
    assert found.on_subject == len(problem.units) * problem.per_unit - best[2]


def season(institutions: int, people: int, seed: int, **settings: int | None) -> Problem:
    chance = Random(seed)  # noqa: S311 -- made-up input, no secret
    assessors = [
        Assessor(
            f"A{number:02d}", tuple(chance.sample(["法律", "财务", "技术"], chance.randint(0, 2))), settings.get("most")
        )
        for number in range(people)
    ]
    units = [
        Unit(f"U{number:03d}", "", (chance.choice(["法律服务类", "财务", "技术类"]),)) for number in range(institutions)
    ]
    conflicts = [(one.id, unit.uscc) for one in assessors for unit in units if chance.random() < 0.05]
    return Problem.of(units, assessors, conflicts, per_unit=settings.get("per_unit") or 2, seed=f"s{seed}")


@pytest.mark.parametrize("seed", range(6))
def test_a_season_keeps_bounds_and_conflicts(seed: int) -> None:
    problem = season(60, 11, seed, most=12)
    allowed = {(problem.units[place].uscc, problem.assessors[who].id) for place, who in problem.pairs}
    found = assign(problem)
    assert [len(set(panel)) for panel in found.panels.values()] == [2] * 60
    assert {(uscc, who) for (uscc, _), panel in found.panels.items() for who in panel} <= allowed
    assert max(found.loads.values()) <= 12
    assert sum(found.loads.values()) == 120
    assert max(found.loads.values()) - min(found.loads.values()) <= 1


def test_neither_order_nor_repetition_changes_the_draw() -> None:
    first = season(40, 9, 3)
    again = Problem.of(
        list(first.units)[::-1],
        list(first.assessors)[::-1],
        {
            (one.id, unit.uscc)
            for who, one in enumerate(first.assessors)
            for place, unit in enumerate(first.units)
            if (place, who) not in set(first.pairs)
        },
        per_unit=first.per_unit,
        seed=first.seed,
    )
    assert assign(again) == assign(first)


def test_another_seed_draws_otherwise() -> None:
    one, other = season(40, 9, 3), season(40, 9, 3)
    object.__setattr__(other, "seed", "another")
    assert assign(one).panels != assign(other).panels


def test_a_known_draw() -> None:
    units = [Unit(f"U{number}") for number in range(1, 5)]
    people = [Assessor(f"A{number}") for number in range(1, 4)]
    found = assign(Problem.of(units, people, [("A1", "U1")], per_unit=2, seed="2021-seed"))
    assert dict(found.panels) == KNOWN
    assert sorted(found.loads.values()) == [2, 3, 3]


KNOWN = {("U1", ""): ("A2", "A3"), ("U2", ""): ("A1", "A3"), ("U3", ""): ("A1", "A2"), ("U4", ""): ("A2", "A3")}


@pytest.mark.parametrize(
    ("words", "topics", "fits"),
    [
        ((), ("法律服务类",), True),
        (("法律",), ("legal", "法律服务类"), True),
        (("LEGAL",), ("legal", "法律服务类"), True),
        (("法律服务类、公证",), ("法律服务类",), True),
        (("律",), ("法律服务类",), False),
        (("membership",), ("ip", "知识产权类"), False),
        (("财务", "技术"), ("法律服务类",), False),
    ],
)
def test_whose_subject_it_is(words: tuple[str, ...], topics: tuple[str, ...], fits: bool) -> None:  # noqa: FBT001
    assert on_subject(Assessor("A", words), Unit("U", "", topics)) is fits


def told(problem: Problem) -> list[tuple[str, str, dict[str, str]]]:
    return [(one.code, one.place, dict(one.values)) for one in shortage(problem)]


def test_too_few_people() -> None:
    problem = Problem.of([Unit("U1"), Unit("U2")], [Assessor("A1"), Assessor("A2", (), 0)], [], per_unit=2, seed="s")
    assert told(problem) == [("draw_people_short", "", {"able": "1", "per_item": "2"})]


def test_an_institution_all_are_kept_from() -> None:
    people = [Assessor(f"A{number}") for number in range(3)]
    problem = Problem.of([Unit("U1"), Unit("U2")], people, [("A0", "U2"), ("A1", "U2")], per_unit=2, seed="s")
    values = {"uscc": "U2", "assessors": "3", "apart": "2", "able": "1", "per_item": "2"}
    assert told(problem) == [("draw_raters_short", "U2", values)]


def test_bounds_that_do_not_reach() -> None:
    people = [Assessor("A1", (), 2), Assessor("A2", (), 1)]
    problem = Problem.of([Unit("U1"), Unit("U2")], people, [], per_unit=2, seed="s")
    assert told(problem) == [
        ("draw_room_short", "load_max", {"units": "2", "per_item": "2", "places": "4", "room": "3"})
    ]


def test_a_group_that_shares_too_few() -> None:
    people = [Assessor("A1", (), 1), Assessor("A2", (), 1), *(Assessor(f"B{number}") for number in range(3))]
    units = [Unit(f"U{number}") for number in range(1, 5)]
    apart = [(f"B{number}", f"U{unit}") for number in range(3) for unit in (1, 2) if (number, unit) != (0, 1)]
    problem = Problem.of(units, people, apart, per_unit=2, seed="s")
    values = {"count": "2", "uscc": "U1、U2", "missing": "1", "able": "A1、A2", "full": "2"}
    assert told(problem) == [("draw_panels_short", "load_max", values)]


def network(costs: list[int]) -> tuple[Network, Integers]:
    """Two ways from node 0 to node 3, over 1 or over 2, one unit to send."""
    tails, heads = np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3])
    return Network(tails, heads, np.array([-1, 0, 0, 1])), np.array(costs)


@pytest.mark.parametrize(
    ("costs", "over_first", "alone"),
    [([1, 5, 1, 1], True, True), ([5, 1, 1, 1], False, True), ([1, 2, 3, 2], True, False)],
)
def test_a_solution_is_proved_and_known_to_be_alone(costs: list[int], over_first: bool, alone: bool) -> None:  # noqa: FBT001
    flow, prices = network(costs)
    taken = flow.cheapest([prices])
    if alone:
        assert taken.tolist() == [over_first, not over_first] * 2
    assert flow.proof(taken, prices).alone is alone


def test_a_dearer_solution_is_not_proved() -> None:
    flow, prices = network([1, 5, 1, 1])
    with pytest.raises(NotProved):
        flow.proof(np.array([False, True, False, True]), prices)
    with pytest.raises(NotProved):
        Network(flow.tails, flow.heads, np.array([-3, 0, 0, 3])).cheapest([prices])


def test_a_later_level_moves_nothing_that_costs_an_earlier_one() -> None:
    flow, prices = network([1, 2, 3, 2])
    assert flow.cheapest([prices, np.array([9, 0, 0, 0])]).tolist() == [False, True, False, True]
    assert flow.cheapest([np.array([0, 1, 0, 0]), np.array([9, 0, 0, 0])]).tolist() == [True, False, True, False]


def test_another_number_is_drawn_where_the_answer_is_not_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def dull(_seed: str, attempt: int, unit: Unit, assessor: str) -> int:
        asked.append(attempt)
        return 0 if attempt < 2 else int(unit.uscc[1:]) * int(assessor[1:])

    monkeypatch.setattr("ceping.folder.assigning.pair_number", dull)
    units = [Unit(f"U{number}") for number in range(1, 5)]
    people = [Assessor(f"A{number}") for number in range(1, 3)]
    found = assign(Problem.of(units, people, [], per_unit=1, seed="s"))
    assert found.attempts[1] == 2
    assert sorted(set(asked)) == [0, 1, 2]
    assert dict(found.panels) == {("U1", ""): ("A2",), ("U2", ""): ("A2",), ("U3", ""): ("A1",), ("U4", ""): ("A1",)}


def test_by_item_each_item_has_its_own_panel() -> None:
    units = [Unit(uscc, item) for uscc in ("U1", "U2") for item in ("a", "b")]
    people = [Assessor(f"A{number}", (), 2) for number in range(4)]
    found = assign(Problem.of(units, people, [("A0", "U1")], per_unit=2, seed="s"))
    assert sorted(found.panels) == [("U1", "a"), ("U1", "b"), ("U2", "a"), ("U2", "b")]
    assert set(found.loads.values()) == {2}
