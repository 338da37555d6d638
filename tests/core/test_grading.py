"""From a total to a grade step by step: what lifts, what holds down, many seasons, and quotas over all institutions."""

import itertools
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.results import after_quotas, grade_of
from ceping.core.results.grading import Step, lift_known, steps_of
from ceping.core.scheme.outcome import OutcomeFile
from ceping.core.scheme.values import MetricValue, Values, Which

FEWER = settings(max_examples=settings.default.max_examples // 2)
GRADES = "甲乙丙丁"
BANDS = [
    {"grade": "甲", "above": "90"},
    {"grade": "乙", "above": "80", "at_most": "90"},
    {"grade": "丙", "at_least": "60", "at_most": "80"},
    {"grade": "丁", "below": "60"},
]
SAID = {"clause": "条", "origin": "official"}


def flag(metric: str) -> dict[str, str]:
    return {"metric": metric, "op": "==", "value": "yes"}


def outcome_of(**keys: Any) -> OutcomeFile:
    whole = {"gate_failed_grade": "不参评", "bands_origin": "official", "band": BANDS}
    return OutcomeFile.model_validate(whole | {"robustness": {"spread": "0.2", "origin": "official"}} | keys)


def direct(grade: str, *metrics: str) -> dict[str, Any]:
    return {"id": f"d-{grade}", "title": "直", "any_of": [flag(m) for m in metrics], "grade": grade, **SAID}


def ceiling(grade: str, metric: str) -> dict[str, Any]:
    return {"id": f"c-{grade}", "title": "顶", "when": flag(metric), "grade": grade, **SAID}


def floor(grade: str) -> dict[str, Any]:
    return {"id": f"f-{grade}", "node": "x", "at_least": "5", "grade": grade, **SAID}


def history(grades: str, seasons: int, grade: str) -> dict[str, Any]:
    return {
        "id": f"h-{grades}",
        "title": "史",
        "grades": list(grades),
        "seasons": seasons,
        "grade": grade,
        **SAID,
    }


def answers(**given_answers: str | None) -> Values:
    return Values({name: MetricValue(name, Which.VERIFIED, value) for name, value in given_answers.items()})


def walked(outcome: OutcomeFile, total: str, values: Values, *, missed: str = "", past: str = "") -> list[str]:
    floors = [f"f-{grade}" for grade in missed]
    steps = steps_of(outcome, Decimal(total), values, floors_missed=floors, past=list(past))
    return [f"{step.rule}:{step.grade}" for step in steps]


def test_a_plain_total_has_one_step() -> None:
    [step] = steps_of(outcome_of(), Decimal("80.00"), answers(), floors_missed=[], past=[])
    assert step == Step("bands", "", "丙", "总分 80.00")


@pytest.mark.parametrize(
    ("values", "total", "wanted"),
    [
        ({"p": "yes"}, "85", ["bands:乙", "any_of:甲"]),
        ({"p": "no", "q": "yes"}, "10", ["bands:丁", "any_of:甲"]),
        ({"p": "no", "q": "no", "r": "yes"}, "10", ["bands:丁", "any_of:丙"]),
        ({"p": "no", "q": "no", "r": "yes"}, "85", ["bands:乙"]),
        ({"p": None, "q": "no", "r": "no"}, "10", ["bands:丁"]),
    ],
)
def test_direct_qualification_lifts_and_never_lowers(
    values: dict[str, str | None], total: str, wanted: list[str]
) -> None:
    outcome = outcome_of(any_of=[direct("甲", "p", "q"), direct("丙", "r")])
    assert walked(outcome, total, answers(**values)) == wanted


@pytest.mark.parametrize(
    ("values", "total", "known"),
    [
        ({"p": "no", "r": "no"}, "10", True),
        ({"p": None, "r": "no"}, "10", False),
        ({"p": "no", "r": None}, "10", False),
        # What is not known matters only where it would lift.
        ({"p": "yes", "r": None}, "10", True),
        ({"p": "no", "r": None}, "70", True),
        ({"p": None, "r": None}, "95", True),
        ({"p": None, "r": "yes"}, "95", True),
        ({"p": None, "r": "yes"}, "10", False),
    ],
)
def test_an_unknown_direct_qualification_is_no_no(values: dict[str, str | None], total: str, known: bool) -> None:  # noqa: FBT001
    outcome = outcome_of(any_of=[direct("甲", "p"), direct("丙", "r")])
    assert lift_known(outcome, Decimal(total), answers(**values)) == known


def test_floors_and_ceilings_hold_down_what_was_lifted() -> None:
    outcome = outcome_of(any_of=[direct("甲", "p")], floor=[floor("乙"), floor("丙")], ceiling=[ceiling("丁", "c")])
    yes, no = answers(p="yes", c="yes"), answers(p="yes", c="no")
    assert walked(outcome, "10", no, missed="乙丙") == ["bands:丁", "any_of:甲", "floor:乙", "floor:丙"]
    assert walked(outcome, "10", no, missed="乙") == ["bands:丁", "any_of:甲", "floor:乙"]
    assert walked(outcome, "95", yes, missed="丙") == ["bands:甲", "floor:丙", "ceiling:丁"]


def test_nothing_that_holds_down_ever_lifts() -> None:
    outcome = outcome_of(floor=[floor("甲"), floor("乙")], ceiling=[ceiling("甲", "c"), ceiling("丙", "c")])
    assert walked(outcome, "70", answers(c="yes"), missed="甲乙") == ["bands:丙"]


@pytest.mark.parametrize(
    ("past", "total", "wanted"),
    [
        *(("", "70", ["bands:丙"]), ("丙", "70", ["bands:丙"]), ("丙丙", "70", ["bands:丙", "history:丁"])),
        *(("丙丁", "70", ["bands:丙", "history:丁"]), ("丙乙丙", "70", ["bands:丙"])),
        *(("丙丙乙", "70", ["bands:丙"]), ("乙丙丙", "70", ["bands:丙", "history:丁"]), ("丙丙", "85", ["bands:乙"])),
        # It is in these grades already: nothing to set.
        ("丁丁", "10", ["bands:丁"]),
    ],
)
def test_a_rule_over_three_seasons_counts_this_one_and_the_two_before(past: str, total: str, wanted: list[str]) -> None:
    assert walked(outcome_of(history=[history("丙丁", 3, "丁")]), total, answers(), past=past) == wanted


def test_a_rule_over_seasons_may_lift_and_reads_the_grade_held_down() -> None:
    up = outcome_of(history=[history("乙", 2, "甲")], ceiling=[ceiling("乙", "c")])
    assert walked(up, "95", answers(c="yes"), past="乙") == ["bands:甲", "ceiling:乙", "history:甲"]
    assert walked(up, "95", answers(c="no"), past="乙") == ["bands:甲"]


def quota(grade: str, share: str, **keys: str) -> dict[str, Any]:
    return {"grade": grade, "share": share, **keys, **SAID}


def graded(outcome: OutcomeFile, totals: Mapping[str, str], categories: str = "") -> dict[str, str]:
    """By name the grade after quotas, from totals by name; categories one letter each."""
    exact = {name: Decimal(total) for name, total in totals.items()}
    grades = {name: grade_of(outcome.bands, total) for name, total in exact.items()}
    named = dict(itertools.zip_longest(totals, categories, fillvalue="x"))
    steps = after_quotas(outcome, grades, exact, named)
    return grades | {name: more[-1].grade for name, more in steps.items()}


TEN = dict(zip("ABCDEFGHIJ", ("99", "98", "97", "96", "95", "85", "84", "83", "70", "10"), strict=True))


@pytest.mark.parametrize(
    ("share", "best"),
    [("0.5", "ABCDE"), ("0.49", "ABCD"), ("0.4", "ABCD"), ("0.3", "ABC"), ("0.1", "A"), ("0.09", ""), ("1", "ABCDE")],
)
def test_the_room_is_rounded_down(share: str, best: str) -> None:
    found = graded(outcome_of(quota=[quota("甲", share)]), TEN)
    assert "".join(name for name, grade in found.items() if grade == "甲") == best
    assert "".join(name for name, grade in found.items() if grade == "乙") == "ABCDEFGH".removeprefix(best)


def test_who_falls_is_counted_in_the_next_grade() -> None:
    found = graded(outcome_of(quota=[quota("乙", "0.3"), quota("甲", "0.2")]), TEN)
    assert found == dict(zip(TEN, "甲甲乙乙乙丙丙丙丙丁", strict=True))


def test_the_reason_says_how_many_may_have_it() -> None:
    outcome = outcome_of(quota=[quota("甲", "0.40"), quota("乙", "0.125", within="category")])
    totals = {name: Decimal(total) for name, total in TEN.items()}
    steps = after_quotas(
        outcome, {n: grade_of(outcome.bands, t) for n, t in totals.items()}, totals, dict.fromkeys(TEN, "x")
    )
    assert [(step.grade, step.reason) for step in steps["E"]] == [("乙", "甲名额为参评数的 40%，按总分已满")]
    assert [(step.grade, step.reason) for step in steps["F"]] == [("丙", "乙名额为本类别参评数的 12.5%，按总分已满")]


@pytest.mark.parametrize(
    ("ties", "totals", "best"),
    [
        *(("out", "99 98 98 91", "A"), ("in", "99 98 98 91", "ABC"), ("out", "98 98 98 91", "")),
        *(("in", "98 98 98 91", "ABC"), ("out", "99 98 97 97", "AB"), ("in", "99 98 97 97", "AB")),
        *(("in", "98 98 98 98", "ABCD"), ("out", "98 98 98 98", "")),
    ],
)
def test_ties_at_the_edge_share_their_fate(ties: str, totals: str, best: str) -> None:
    found = graded(outcome_of(quota=[quota("甲", "0.5", ties=ties)]), dict(zip("ABCD", totals.split(), strict=True)))
    assert "".join(name for name, grade in found.items() if grade == "甲") == best


def test_without_room_nobody_ties_their_way_in() -> None:
    totals = {"A": "95", "B": "95"}
    assert graded(outcome_of(quota=[quota("甲", "0.4", ties="in")]), totals) == {"A": "乙", "B": "乙"}


def test_each_category_has_its_own_room() -> None:
    totals = dict(zip("ABCDEF", ("99", "98", "97", "96", "95", "94"), strict=True))
    outcome = outcome_of(quota=[quota("甲", "0.5", within="category")])
    assert graded(outcome, totals, "xxxxyy") == dict(zip(totals, "甲甲乙乙甲乙", strict=True))


TOTALS = st.dictionaries(
    st.sampled_from([*map(chr, range(65, 80))]), st.tuples(st.integers(50, 99), st.sampled_from("xy")), max_size=15
)
QUOTAS = st.lists(
    st.tuples(
        st.sampled_from(GRADES[:3]),
        st.decimals("0.05", 1, places=2),
        st.sampled_from(["in", "out"]),
        st.sampled_from(["all", "category"]),
    ),
    max_size=3,
    unique_by=lambda row: row[0],
)


@FEWER
@given(TOTALS, QUOTAS, st.randoms(use_true_random=False))
def test_whatever_the_quotas(totals: dict[str, tuple[int, str]], rows: list[tuple[Any, ...]], chance: Any) -> None:
    quotas = [quota(grade, str(share), ties=ties, within=within) for grade, share, ties, within in rows]
    outcome = outcome_of(quota=quotas)
    plain = {name: str(total) for name, (total, _) in totals.items()}
    found = graded(outcome, plain, "".join(category for _, category in totals.values()))
    # Nobody rises, and nobody with more is worse off than somebody with less in the same group.
    for name, grade in found.items():
        assert GRADES.index(grade) >= GRADES.index(grade_of(outcome.bands, Decimal(plain[name])))
    for one, two in itertools.permutations(totals, 2):
        if totals[one][1] == totals[two][1] and totals[one][0] >= totals[two][0]:
            assert GRADES.index(found[one]) <= GRADES.index(found[two])
    for grade, share, ties, within in rows:
        for group in ("x", "y") if within == "category" else ("",):
            members = [name for name in totals if group in ("", totals[name][1])]
            held = [name for name in members if found[name] == grade]
            room = int((share * len(members)).to_integral_value(ROUND_FLOOR))
            edge = sorted((totals[name][0] for name in held), reverse=True)[:room]
            tied = sum(totals[name][0] == edge[-1] for name in held) if edge else 0
            # Beyond the room stand only those who tie with the last inside it.
            assert len(held) <= room if ties == "out" else len(held) <= max(room, len(edge) + tied - 1)
    names = list(totals)
    chance.shuffle(names)
    again = graded(outcome, {n: plain[n] for n in names}, "".join(totals[n][1] for n in names))
    assert again == found
