"""Chance that repeats itself: numbers drawn from SHA-256 of a seed, a name and a counter, the same everywhere."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance:
    """A stream of numbers of its own for every name, so that one part of a season does not move another."""

    def __init__(self, seed: int, *names: object) -> None:
        self._prefix = ":".join(str(part) for part in (seed, *names))
        self._counter = 0

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        self._counter += 1
        digest = hashlib.sha256(f"{self._prefix}:{self._counter}".encode()).digest()
        return int.from_bytes(digest[:8]) % count

    def between(self, least: int, most: int) -> int:
        """A whole number from least to most."""
        return least + self.below(most - least + 1)

    def happens(self, percent: int) -> bool:
        """Whether something of that likelihood in percent happens."""
        return self.below(100) < percent

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things."""
        return things[self.below(len(things))]

    def weighted(self, weights: Sequence[tuple[Thing, int]]) -> Thing:
        """One of the things, each as likely as its weight."""
        left = self.below(sum(weight for _, weight in weights))
        for thing, weight in weights:
            if left < weight:
                return thing
            left -= weight
        raise AssertionError(weights)
