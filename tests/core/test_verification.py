"""Whom to call and in which order, what a client's calls say, and the rates that come of it."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.exact import quotient, rounded
from ceping.core.scheme.loading import load
from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import (
    Call,
    ClientDraw,
    Rate,
    callable_keys,
    completed,
    draw_order,
    plain_draw,
    rate,
    verdict_of,
    verified,
)

Z = Decimal("1.959963984540054")
CONFIRMED, PARTLY, DENIED, UNSURE, REFUSED, SILENT = "10", "11", "12", "13", "20", "30"
DEAD, WRONG, LEFT, STAFF, SHARED, LANGUAGE = "40", "41", "42", "50", "51", "60"


@pytest.fixture(scope="module")
def table() -> VerificationFile:
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    assert scheme.verification is not None
    return scheme.verification


def twenty_lines(seed: str, uscc: str, keys: list[str]) -> list[str]:
    """The draw as anyone would write it again: a digest for each client, then the smallest first."""
    rows = []
    for key in keys:
        digest = hashlib.sha256()
        digest.update((seed + ":" + uscc + ":" + key).encode("utf-8"))
        rows.append((digest.digest(), key))
    drawn = []
    while rows:
        least = min(rows)
        rows.remove(least)
        drawn.append(least[1])
    return drawn


@given(st.text(max_size=6), st.lists(st.integers(1, 9999).map("C{:04}".format), unique=True, max_size=40), st.randoms())
def test_the_draw_is_what_anyone_can_draw_again(seed: str, keys: list[str], chance: object) -> None:
    wanted = twenty_lines(seed, "91310000X", keys)
    chance.shuffle(keys)  # type: ignore[attr-defined]
    assert draw_order(seed=seed, uscc="91310000X", keys=keys) == wanted


def test_the_draw_is_another_for_each_institution_and_seed() -> None:
    keys = [f"C{number:04}" for number in range(1, 30)]
    orders = {tuple(draw_order(seed=s, uscc=u, keys=keys)) for s in ("1", "2") for u in ("A", "B")}
    assert len(orders) == 4


@pytest.mark.parametrize(
    ("closed", "reserves", "wanted"),
    [
        *(({}, None, "ABC"), ({"A": True}, None, "ABC"), ({"A": False}, None, "ABCD")),
        *(
            ({"A": False, "D": False}, None, "ABCDE"),
            ({"D": False}, None, "ABC"),
            ({"A": False, "D": True}, None, "ABCD"),
        ),
        *(({"A": False, "B": False, "C": False}, 1, "ABCD"), ({"A": False}, 0, "ABC")),
        ({"A": False, "B": False, "C": False, "D": False, "E": False}, None, "ABCDEF"),
    ],
)
def test_a_reserve_is_called_for_each_that_did_not_complete(
    closed: Mapping[str, bool], reserves: int | None, wanted: str
) -> None:
    assert callable_keys(plain_draw("ABCDEF", size=3, reserves=reserves), closed) == list(wanted)


def test_a_short_list_is_called_whole() -> None:
    assert callable_keys(plain_draw(["A", "B"], size=35, reserves=None), {"A": False}) == ["A", "B"]
    assert callable_keys(plain_draw([], size=35, reserves=0), {}) == []


@pytest.mark.parametrize(
    ("closed", "wanted"),
    [
        ({"A": False}, "ABC"),
        ({"B": False}, "ABD"),
        ({"A": False, "B": False}, "ABCD"),
        ({"A": False, "C": False}, "ABCE"),
        ({"A": False, "C": False, "E": False}, "ABCE"),
        ({"A": False, "C": True}, "ABC"),
        ({"C": False}, "AB"),
    ],
)
def test_a_reserve_stands_in_for_its_own_stratum(closed: Mapping[str, bool], wanted: str) -> None:
    strata = {"A": "大", "B": "小", "C": "大", "D": "小", "E": "大"}
    assert callable_keys(ClientDraw(("A", "B"), ("C", "D", "E"), strata), closed) == list(wanted)


def calls(*ends: str, answers: Mapping[str, str] | None = None) -> list[Call]:
    return [Call("C0001", number, end, answers or {}) for number, end in enumerate(ends, 1)]


@pytest.mark.parametrize(
    ("ends", "verdict", "disposition"),
    [
        *(([CONFIRMED], "confirmed", CONFIRMED), ([PARTLY], "confirmed", PARTLY), ([LEFT], "confirmed", LEFT)),
        *(([DENIED], "denied", DENIED), ([DEAD], "dead", DEAD), ([WRONG], "dead", WRONG), ([STAFF], "linked", STAFF)),
        *(([SHARED], "linked", SHARED), ([REFUSED], "refused", REFUSED), ([SILENT, LANGUAGE], "none", LANGUAGE)),
        # The last of the furthest class: completed > unsure > refused > number problem > linked > non-contact.
        *(([CONFIRMED, DENIED], "denied", DENIED), ([DENIED, CONFIRMED, SILENT], "confirmed", CONFIRMED)),
        *(([CONFIRMED, UNSURE, REFUSED, DEAD], "confirmed", CONFIRMED), ([REFUSED, DEAD], "refused", REFUSED)),
        *(([DEAD, STAFF], "dead", DEAD), ([STAFF, SILENT], "linked", STAFF), ([SILENT, DEAD], "dead", DEAD)),
        # Not sure is asked again; a refusal reached the client as well.
        *(([UNSURE], "pending", UNSURE), ([UNSURE, SILENT], "pending", UNSURE), ([UNSURE, UNSURE], "unsure", UNSURE)),
        *(([UNSURE, REFUSED], "unsure", UNSURE), ([UNSURE, DEAD], "pending", UNSURE)),
        ([UNSURE, CONFIRMED], "confirmed", CONFIRMED),
    ],
)
def test_one_clients_calls(ends: list[str], verdict: str, disposition: str, table: VerificationFile) -> None:
    found = verdict_of(calls(*ends), position=1, table=table)
    assert (found.verdict, found.disposition, found.attempts) == (verdict, disposition, len(ends))
    assert found == verdict_of(calls(*ends)[::-1], position=1, table=table)


def test_only_who_confirms_says_how_satisfied(table: VerificationFile) -> None:
    marks = {
        (end, mark): verdict_of(calls(end, answers={"q_satisfaction": mark}), position=1, table=table).satisfied
        for end in (CONFIRMED, DENIED, UNSURE)
        for mark in ("5", "4", "3", "")
    }
    wanted = {(CONFIRMED, "5"): True, (CONFIRMED, "4"): True, (CONFIRMED, "3"): False}
    assert marks == dict.fromkeys(marks) | wanted


def test_a_denial_is_a_completed_answer(table: VerificationFile) -> None:
    found = {end: completed(calls(SILENT, end), table) for end in (CONFIRMED, PARTLY, DENIED, LEFT, UNSURE, REFUSED)}
    assert found == {CONFIRMED: True, PARTLY: True, DENIED: True, LEFT: True, UNSURE: False, REFUSED: False}


def season(table: VerificationFile, *ends: list[str]) -> dict[str, Rate | Decimal | None]:
    keys = [f"C{number:04}" for number in range(1, len(ends) + 1)]
    given_calls = {
        key: calls(*row, answers={"q_satisfaction": "4"}) for key, row in zip(keys, ends, strict=True) if row
    }
    found = verified(given_calls, keys, table)
    names = ("verification", "satisfaction", "contact", "response", "response_estimated")
    return {name: getattr(found, name) for name in names}


def parts(found: dict[str, Rate | Decimal | None]) -> dict[str, tuple[int, int]]:
    return {name: (value.part, value.whole) for name, value in found.items() if isinstance(value, Rate)}


def test_who_counts_in_which_rate(table: VerificationFile) -> None:
    ends = [[CONFIRMED], [PARTLY], [LEFT], [DENIED], [UNSURE, UNSURE], [UNSURE], [REFUSED], [SILENT], [DEAD], [WRONG]]
    found = season(table, *ends, [STAFF], [])
    assert parts(found) == {
        "verification": (3, 7),
        "satisfaction": (3, 3),
        "contact": (7, 11),
        "response": (3, 8),
    }
    # Seven were reached, three of ten of whom it is known could not have answered: the silent one counts 0.7.
    assert found["response_estimated"] == quotient(Decimal(3), Decimal("7.7"))


def test_a_declared_share_of_the_unreached_takes_the_place_of_the_estimate(table: VerificationFile) -> None:
    given_calls = {"C1": calls(CONFIRMED), "C2": calls(REFUSED), "C3": calls(SILENT), "C4": calls(DEAD)}
    estimated = verified(given_calls, list(given_calls), table)
    assert (estimated.eligibility, estimated.response_estimated) == (
        quotient(Decimal(2), Decimal(3)),
        Decimal("0.375"),
    )
    declared = verified(given_calls, list(given_calls), table, eligibility=Decimal("0.5"))
    assert (declared.eligibility, declared.response_estimated) == (Decimal("0.5"), Decimal("0.4"))
    assert declared.response == estimated.response
    silent = verified({"C1": calls(SILENT)}, ["C1"], table, eligibility=Decimal("0.5"))
    assert (silent.eligibility, silent.response_estimated) == (Decimal("0.5"), 0)


def test_nothing_counted_is_no_rate(table: VerificationFile) -> None:
    found = season(table, [SILENT], [SILENT])
    assert found["verification"] == Rate(0, 0, None, None, None)
    assert found["satisfaction"] == Rate(0, 0, None, None, None)
    assert parts(found)["contact"] == (0, 2)
    assert found["response_estimated"] == 0
    assert season(table)["response_estimated"] is None


def test_clients_outside_the_draw_count_nothing(table: VerificationFile) -> None:
    found = verified({"C0001": calls(CONFIRMED), "C0009": calls(DENIED)}, ["C0002", "C0001"], table)
    assert [(verdict.client_key, verdict.position) for verdict in found.verdicts] == [("C0001", 2)]
    assert found.counts == {"confirmed": 1}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        *((10, 10, ".722", "1"), (20, 20, ".839", "1"), (30, 30, ".886", "1"), (35, 35, ".901", "1")),
        *((29, 30, ".833", ".994"), (28, 30, ".787", ".982"), (45, 50, ".786", ".957"), (95, 100, ".888", ".978")),
    ],
)
def test_wilson_intervals_of_the_published_table(part: int, whole: int, low: str, high: str) -> None:
    found = rate(part, whole, Z)
    assert found.value == quotient(Decimal(part), Decimal(whole))
    assert found.low is not None
    assert found.high is not None
    # The table has three places, the rate four.
    assert abs(found.low - Decimal(low)) <= Decimal("0.00055")
    assert abs(found.high - Decimal(high)) <= Decimal("0.00055")


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_rate_and_mirrors(pair: tuple[int, int]) -> None:
    part, whole = pair
    found, mirrored = rate(part, whole, Z), rate(whole - part, whole, Z)
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert 0 <= found.low <= rounded(found.value, 4) <= found.high <= 1
    assert (mirrored.low, mirrored.high) == (1 - found.high, 1 - found.low)
    assert part > 0 or found.low == 0
    assert part < whole or found.high == 1
