"""A row that does not count: where it stands, whose it is, and the code that says why."""

from typing import NamedTuple


class Place(NamedTuple):
    """A row of a file: the file's name relative to what was given, and the data row counted from 1."""

    source: str
    row: int


class Refusal(NamedTuple):
    """One refused row; in this order its parts sort as rejected.csv does once the code is moved forward."""

    place: Place
    event_id: str
    shop_id: str
    code: str


def in_order(refusals: list[Refusal]) -> list[Refusal]:
    """By source, row and code; sources by bytes."""
    return sorted(refusals, key=lambda one: (one.place.source.encode(), one.place.row, one.code))
