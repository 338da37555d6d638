"""Who is employed by an institution that takes part: a conflict where the names are one, a question where nearly so."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from ceping.core.names import normalised, skeleton
from ceping.folder.faults import Faults
from ceping.folder.tables import Row

# Shorter names stand within too many others to mean anything.
_LEAST_PART = 4
_LEAST_STEM = 2
_PLACES = ("上海市", "上海")
_FORMS = ("股份有限公司", "有限公司", "公司")


@dataclass(frozen=True, slots=True)
class Employed:
    """An assessor whose employer is an institution by name, or may be: `near` is for a person to settle."""

    assessor: str
    uscc: str
    employer: str
    institution: str
    how: Literal["same", "near"]


def employed_in(employers: Mapping[str, str], institutions: Mapping[str, str]) -> Iterator[Employed]:
    """The pairs by assessor and credit code; `employers` by assessor id, `institutions` are names by credit code."""
    plain = {uscc: normalised(name) for uscc, name in sorted(institutions.items())}
    for assessor, given in sorted(employers.items()):
        employer = normalised(given)
        same = [uscc for uscc, name in plain.items() if employer and employer == name]
        # Who is found by the full name is not looked for among the likes of it.
        near = [uscc for uscc, name in plain.items() if employer and not same and nearly_one(employer, name)]
        for uscc in same or near:
            yield Employed(assessor, uscc, given, institutions[uscc], "same" if same else "near")


def tell_near(
    pairs: Iterable[Employed], settled: Collection[tuple[str, str]], people: Mapping[str, Row], faults: Faults
) -> None:
    """A warning for each near pair of which no row of conflicts.csv says anything; `people` are rows of assessors."""
    for one in pairs:
        row = people.get(one.assessor)
        if one.how == "near" and (one.assessor, one.uscc) not in settled and row is not None:
            values = {"assessor": one.assessor, "employer": one.employer[:60], "uscc": one.uscc}
            faults.warn("employer_near", row.file, row.place("employer"), **values, name=one.institution[:60])


def nearly_one(one: str, other: str) -> bool:
    """Whether two normalised names are nearly one.

    They differ by one character or by place and legal form alone, look alike, or one stands within the other.
    """
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _LEAST_PART and shorter in longer:
        return True
    if _one_apart(shorter, longer) or skeleton(one) == skeleton(other):
        return True
    return len(_stem(one)) >= _LEAST_STEM and _stem(one) == _stem(other)


def _stem(name: str) -> str:
    for place in _PLACES:
        name = name.removeprefix(place)
    for form in _FORMS:
        name = name.removesuffix(form)
    return name


def _one_apart(shorter: str, longer: str) -> bool:
    if len(longer) - len(shorter) > 1 or len(shorter) < _LEAST_PART:
        return False
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(shorter, longer, strict=False)))
    return shorter[same + (len(shorter) == len(longer)) :] == longer[same + 1 :]
