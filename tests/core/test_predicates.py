"""Predicates answer yes, no or not known; not known decides only where the rest does not."""

from decimal import Decimal
from itertools import product as pairs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ceping.core.scheme.predicates import Predicate, answer, comparisons_in, words_of
from ceping.core.scheme.values import MetricValue, Values, Which

READ = TypeAdapter(Predicate)
WORDS = {True: "yes", False: "no", None: None}
Known = bool | None
YES, NO, UNKNOWN = True, False, None


def values(**given_values: Decimal | str | None) -> Values:
    return Values({name: MetricValue(name, Which.CLAIMED, value) for name, value in given_values.items()})


def holds(predicate: object, **given_values: Decimal | str | None) -> Known:
    return answer(READ.validate_python(predicate), values(**given_values)).holds


def about(name: str) -> dict[str, object]:
    return {"metric": name, "op": "==", "value": "yes"}


def kleene(form: str, one: Known, two: Known) -> Known:
    # No is 0, not known is 1, yes is 2: `and` is the least, `or` the greatest.
    order = {NO: 0, UNKNOWN: 1, YES: 2}
    pick = min if form == "and" else max
    return pick(one, two, key=lambda value: order[value])


@pytest.mark.parametrize("form", ["and", "or"])
@pytest.mark.parametrize(("one", "two"), list(pairs([YES, NO, UNKNOWN], repeat=2)))
def test_and_or_follow_kleene(form: str, one: Known, two: Known) -> None:
    wanted = kleene(form, one, two)
    assert holds({form: [about("a"), about("b")]}, a=WORDS[one], b=WORDS[two]) is wanted


@pytest.mark.parametrize(("inner", "outer"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not_turns_yes_and_no_and_leaves_not_known(inner: Known, outer: Known) -> None:
    assert holds({"not": about("a")}, a=WORDS[inner]) is outer


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        *(("==", NO, YES, NO), ("!=", YES, NO, YES), (">=", NO, YES, YES)),
        *((">", NO, NO, YES), ("<=", YES, YES, NO), ("<", YES, NO, NO)),
    ],
)
def test_numbers_by_size(op: str, below: Known, at: Known, above: Known) -> None:
    found = [holds({"metric": "a", "op": op, "value": "50"}, a=Decimal(text)) for text in ("49.99", "50.00", "50.01")]
    assert found == [below, at, above]


@pytest.mark.parametrize("op", ["==", "!=", ">=", ">", "<=", "<"])
def test_missing_is_never_no(op: str) -> None:
    assert holds({"metric": "a", "op": op, "value": 0}, a=None) is None
    assert holds({"metric": "a", "op": op, "value": 0}) is None


def test_a_word_that_looks_like_a_number_is_compared_as_a_word() -> None:
    assert holds({"metric": "a", "op": "==", "value": "1"}, a="1") is True
    assert holds({"metric": "a", "op": "!=", "value": 2}, a="1") is True
    assert holds({"metric": "a", "op": ">=", "value": 1}, a="1") is None


@given(
    st.recursive(
        st.sampled_from("abc").map(about),
        lambda inner: (
            st.builds(lambda p: {"not": p}, inner)
            | st.builds(lambda f, p: {f: p}, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3))
        ),
    ),
    st.fixed_dictionaries({name: st.sampled_from(["yes", "no", None]) for name in "abc"}),
)
def test_knowing_more_never_turns_an_answer_round(predicate: object, known: dict[str, str | None]) -> None:
    first = holds(predicate, **known)
    fillings = [[value] if value else ["yes", "no"] for value in known.values()]
    answers = {holds(predicate, **dict(zip(known, filling, strict=True))) for filling in pairs(*fillings)}
    assert None not in answers
    if first is not None:
        assert answers == {first}


def test_every_value_that_was_read_is_an_input_in_order() -> None:
    predicate = READ.validate_python({"and": [about("b"), {"or": [about("a"), {"not": about("b")}]}]})
    read = answer(predicate, values(a="yes", b="no"))
    assert [(entry.name, entry.value) for entry in read.inputs] == [("b", "no"), ("a", "yes"), ("b", "no")]
    assert [one.metric for one in comparisons_in(predicate)] == ["b", "a", "b"]


def test_words() -> None:
    predicate = READ.validate_python({"or": [{"metric": "a", "op": ">=", "value": "5.0"}, {"not": about("b")}]})
    assert words_of(predicate, {"a": "人数"}) == "人数 ≥ 5 或 非（b = 是）"


@pytest.mark.parametrize(
    "predicate",
    [
        *({}, [], "a", None, {"and": []}, {"or": [about("a")], "and": [about("a")]}, {"metric": "a", "op": "in"}),
        *({"metric": "a", "op": ">", "value": True}, {"metric": "a", "op": ">", "value": float("nan")}, {"not": []}),
    ],
)
def test_nothing_else_is_a_predicate(predicate: object) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(predicate)
