"""Pictures that are the same, or the same but for size and compression, in the hands of different institutions.

Of each picture two signs are kept: the 64 and the 1024 lowest frequencies of its cosine transform, above or below
their middle (a perceptual hash). The short sign finds what may be alike; the long one tells a page that was saved
again from another page of the same printed form. What comes of it is for a person to look at, never a verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ceping.documents.pictures import upright

# Of 64 and of 1024 bits; measured on forms, licences and photographs: see tests/documents/test_likeness.py.
NEAR, SURE = 8, 110
_SHORT, _LONG, _SIDE = 8, 32, 128
_BLOCK, _PART = 512, 1 << 16
# A blank page has nothing to be known by: less than this much of the picture's range, in grey levels.
_PLAIN = 4.0


@dataclass(frozen=True, slots=True)
class Sign:
    """What a picture is known by: both signs as bytes; `plain` pictures (blank pages) are like nothing."""

    short: bytes
    long: bytes
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures by their places in what was given, and by how many of 1024 bits they differ."""

    one: int
    other: int
    distance: int


def sign_of(path: Path) -> Sign:
    """The signs of the first page of a picture or PDF; raises Refused."""
    with upright(path, side=_SIDE * 3) as image:
        return sign_of_picture(image)


def sign_of_picture(image: Image.Image) -> Sign:
    """As `sign_of`, for a picture already open."""
    small = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    levels = np.asarray(small, dtype=np.float64)
    waves = _cosines() @ levels @ _cosines().T
    return Sign(_bits(waves, _SHORT), _bits(waves, _LONG), plain=bool(levels.std() < _PLAIN))


@cache
def _cosines() -> NDArray[np.float64]:
    """The cosine transform as a matrix, as far as it is used; scipy's own takes longer to load than a picture."""
    frequency, place = np.arange(_LONG + 1)[:, None], np.arange(_SIDE)[None]
    matrix: NDArray[np.float64] = np.cos(np.pi * frequency * (2 * place + 1) / (2 * _SIDE))
    return matrix


def _bits(waves: NDArray[np.float64], side: int) -> bytes:
    # The first row and column are the light as a whole, which a scanner's lamp decides.
    low = waves[1 : side + 1, 1 : side + 1].ravel()
    return np.packbits(low > np.median(low)).tobytes()


def pairs_alike(signs: Sequence[Sign], owners: Sequence[str], *, near: int = NEAR, sure: int = SURE) -> Iterator[Pair]:
    """Every two pictures of different owners that are alike, in order; 15 000 pictures take seconds, memory is flat.

    `near` bits of 64 and `sure` bits of 1024 may differ.
    """
    if not signs:
        return
    short = np.frombuffer(b"".join(one.short for one in signs), dtype=np.uint64)
    long = np.frombuffer(b"".join(one.long for one in signs), dtype=np.uint64).reshape(len(signs), -1)
    plain = np.array([one.plain for one in signs])
    _, owner = np.unique(np.array(owners, dtype=object).astype(str), return_inverse=True)
    for start in range(0, len(signs), _BLOCK):
        stop = min(start + _BLOCK, len(signs))
        close = np.bitwise_count(short[start:stop, None] ^ short[None, start:]) <= near
        close &= owner[start:stop, None] != owner[None, start:]
        close &= ~(plain[start:stop, None] | plain[None, start:])
        rows, columns = np.nonzero(close)
        later = columns > rows
        rows, columns = rows[later] + start, columns[later] + start
        # Forms of one kind are all near by the short sign: their long ones are compared a part at a time.
        for part in range(0, len(rows), _PART):
            ones, others = rows[part : part + _PART], columns[part : part + _PART]
            distances = np.bitwise_count(long[ones] ^ long[others]).sum(axis=1, dtype=np.int64)
            for place in np.nonzero(distances <= sure)[0]:
                yield Pair(int(ones[place]), int(others[place]), int(distances[place]))


def groups_of(pairs: Sequence[Pair]) -> list[list[int]]:
    """The pictures joined by pairs into groups, each in order, the groups by their first picture."""
    first: dict[int, int] = {}

    def root(place: int) -> int:
        while first.setdefault(place, place) != place:
            place = first[place]
        return place

    for pair in pairs:
        one, other = sorted((root(pair.one), root(pair.other)))
        first[other] = one
    groups: dict[int, list[int]] = {}
    for place in sorted(first):
        groups.setdefault(root(place), []).append(place)
    return [groups[key] for key in sorted(groups)]
