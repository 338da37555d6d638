"""Assessors without their names: the pseudonyms under which they stand wherever results are shown."""

from collections.abc import Iterable

_LEAST_DIGITS = 2


def pseudonyms(ids: Iterable[str]) -> dict[str, str]:
    """By id A01, A02 and so on in the order of the ids, of as many digits as the last one needs.

    Pseudonyms are their own: given A01 to A12, each stays what it is, so that a pseudonymised season reads as it was.
    """
    ordered = sorted(set(ids))
    digits = max(_LEAST_DIGITS, len(str(len(ordered))))
    return {one: f"A{number:0{digits}d}" for number, one in enumerate(ordered, 1)}
