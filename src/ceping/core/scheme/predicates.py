"""Predicates of the scheme language: `metric op value`, `and`, `or`, `not`; answered yes, no, or not known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, Tag, WithJsonSchema
from pydantic.types import Discriminator
from pydantic_core import PydanticCustomError

from ceping.core.exact import NotANumber, short_text_of
from ceping.core.scheme.reading import Rows, Table, exact_of
from ceping.core.scheme.values import Input, MetricValue, Values

Op = Literal["==", "!=", ">=", ">", "<=", "<"]
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {"==": eq, "!=": ne, ">=": ge, ">": gt, "<=": le, "<": lt}

_YES_NO = {"yes": "是", "no": "否"}


def _plain(value: object) -> Decimal | str:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise PydanticCustomError("not_a_number", "")
    try:
        return exact_of(value)
    except NotANumber:
        if isinstance(value, str):
            return value
        raise PydanticCustomError("not_a_number", "") from None


Plain = Annotated[
    Decimal | str,
    BeforeValidator(_plain),
    PlainSerializer(lambda value: value if isinstance(value, str) else short_text_of(value), return_type=str),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]}),
]


class Comparison(Table):
    """One metric held against one value."""

    metric: str
    op: Op
    value: Plain


class And(Table):
    """Every part holds."""

    parts: Rows["Predicate"] = Field(alias="and", min_length=1)


class Or(Table):
    """At least one part holds."""

    parts: Rows["Predicate"] = Field(alias="or", min_length=1)


class Not(Table):
    """The part does not hold."""

    part: "Predicate" = Field(alias="not")


def _form_of(value: object) -> str:
    for form in ("and", "or", "not"):
        if (isinstance(value, Mapping) and form in value) or type(value).__name__.lower() == form:
            return form
    return "comparison"


Predicate = Annotated[
    Annotated[Comparison, Tag("comparison")]
    | Annotated[And, Tag("and")]
    | Annotated[Or, Tag("or")]
    | Annotated[Not, Tag("not")],
    Discriminator(_form_of),
]
for _table in (And, Or, Not):
    _table.model_rebuild()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a predicate answers; `holds` is None when a value it needs is missing. `inputs` are all it read in order."""

    holds: bool | None
    inputs: tuple[Input, ...]


def answer(predicate: Predicate, values: Values) -> Answer:
    """The predicate over these values; missing is never no: unknown parts decide only where they cannot matter."""
    if isinstance(predicate, Comparison):
        value = values.metric(predicate.metric)
        return Answer(_compare(predicate, value), (value.as_input(),))
    if isinstance(predicate, Not):
        inner = answer(predicate.part, values)
        return Answer(None if inner.holds is None else not inner.holds, inner.inputs)
    answers = [answer(part, values) for part in predicate.parts]
    inputs = tuple(entry for part in answers for entry in part.inputs)
    decisive = isinstance(predicate, Or)
    found = [part.holds for part in answers]
    if decisive in found:
        return Answer(decisive, inputs)
    return Answer(None if None in found else not decisive, inputs)


def _compare(predicate: Comparison, value: MetricValue) -> bool | None:
    return None if value.value is None else holds(value.value, predicate.op, predicate.value)


def holds(given: Decimal | str, op: Op, wanted: Decimal | str) -> bool | None:
    """Whether the comparison holds; None when a word is held against a number by size."""
    if isinstance(given, str) != isinstance(wanted, str):
        # A choice may look like a number ("1"); then both are compared as text, and only for equality.
        return _OPERATORS[op](str(given), str(wanted)) if op in ("==", "!=") else None
    return _OPERATORS[op](given, wanted)


def comparisons_in(predicate: Predicate) -> Iterator[Comparison]:
    """Every comparison, from left to right."""
    if isinstance(predicate, Comparison):
        yield predicate
    elif isinstance(predicate, Not):
        yield from comparisons_in(predicate.part)
    else:
        for part in predicate.parts:
            yield from comparisons_in(part)


def words_of(
    predicate: Predicate, titles: Mapping[str, str], labels: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> str:
    """The predicate as a person reads it, with the titles of metrics and the words of answers; yes is 是, no is 否."""
    if isinstance(predicate, Comparison):
        op = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤"}.get(predicate.op, predicate.op)
        words = labels.get(predicate.metric, _YES_NO)
        value = predicate.value if isinstance(predicate.value, str) else short_text_of(predicate.value)
        return f"{titles.get(predicate.metric, predicate.metric)} {op} {words.get(value, value)}"
    if isinstance(predicate, Not):
        return f"非（{words_of(predicate.part, titles, labels)}）"
    joint = " 且 " if isinstance(predicate, And) else " 或 "
    shown = [words_of(part, titles, labels) for part in predicate.parts]
    # A comparison needs no brackets; what is joined in another way does.
    plain = [isinstance(part, Comparison | Not) for part in predicate.parts]
    return joint.join(text if bare else f"（{text}）" for text, bare in zip(shown, plain, strict=True))
