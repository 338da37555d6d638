"""Which clients are called: how many of each institution, in which order, by strata or not, from a public seed."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from ceping.core.exact import short_text_of
from ceping.core.verification import ClientDraw, draw_order

MARGIN, SHARE = Decimal("0.1"), Decimal("0.5")
ALGORITHM = (
    '每家机构的服务对象按 sha256("种子:统一社会信用代码:服务对象编号") 的十六进制值从小到大排列。',
    "不分层时，前 n 家为样本，其余依次为备选。",
    "分层时，样本数按各层家数以最大余数法分配；余数相同的，家数多的层在先，再按层名的 Unicode 顺序。",
    "各层取该层排在最前的若干家；样本和备选仍各按上述顺序排列。",
)


@dataclass(frozen=True, slots=True)
class Client:
    """One client of the frozen list; the stratum is empty when none is asked for."""

    uscc: str
    key: str
    name: str = ""
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of the draw; positions count from 1 within an institution, the sample before the reserves."""

    uscc: str
    position: int
    key: str
    role: Literal["sample", "reserve"]
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How many completed answers are wanted of each institution.

    `fixed` wants `count`; `formula` what a finite population asks for at this margin, share and quantile; `all` all.
    """

    rule: Literal["fixed", "formula", "all"]
    count: int = 0
    margin: Decimal = MARGIN
    share: Decimal = SHARE
    z: Decimal = Decimal("1.96")

    @property
    def declaration(self) -> str:
        """The keys of `[draw]` in season.toml that ask for this size."""
        match self.rule:
            case "fixed":
                return f"size = {self.count}"
            case "formula":
                margin, share = short_text_of(self.margin), short_text_of(self.share)
                return f'size = "formula"; margin = "{margin}"; share = "{share}"'
            case "all":
                return 'size = "all"'

    def of(self, population: int) -> int:
        """The number for a list of so many clients, never more than there are."""
        match self.rule:
            case "fixed":
                return min(self.count, population)
            case "formula":
                return sample_size(population, margin=self.margin, share=self.share, z=self.z)
            case "all":
                return population


def sample_size(population: int, *, margin: Decimal, share: Decimal, z: Decimal) -> int:
    """The finite-population sample: n0 = z²·p·(1−p)/e², n = n0/(1 + (n0−1)/N), exact and rounded up.

    At least one of a list that is not empty, never more than the list.
    """
    if not population:
        return 0
    quantile, part, error = Fraction(z), Fraction(share), Fraction(margin)
    endless = quantile**2 * part * (1 - part) / error**2
    return min(population, max(1, ceil(endless * population / (population + endless - 1))))


def shares_by_largest_remainder(total: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """The total split in proportion to the sizes, so that the parts add up to it; no part exceeds its size.

    Ties go to the larger stratum, then to the first by name.
    """
    whole = sum(sizes.values())
    wanted = min(total, whole)
    parts = {name: wanted * size // whole if whole else 0 for name, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % whole), -sizes[name], name))
    for name in by_remainder[: wanted - sum(parts.values())]:
        parts[name] += 1
    return parts


def client_draw(strata: Mapping[str, str], *, uscc: str, seed: str, size: Size, reserves: int | None) -> ClientDraw:
    """Who is drawn of one institution; `strata` gives each key its stratum, an empty one where none is asked for.

    `reserves` bounds how many stand by after the sample (none: all the rest).
    """
    left = strata_sizes(strata.values(), size)
    sample: list[str] = []
    rest: list[str] = []
    for key in draw_order(seed=seed, uscc=uscc, keys=strata):
        stratum = strata[key]
        drawn = left[stratum] > 0
        left[stratum] -= drawn
        (sample if drawn else rest).append(key)
    return ClientDraw(tuple(sample), tuple(rest[:reserves]), strata if any(strata.values()) else {})


def draw_clients(clients: Iterable[Client], *, seed: str, size: Size, reserves: int | None = None) -> list[Drawn]:
    """The draw of every institution, by credit code and position; the order of the input is nothing."""
    frames: dict[str, dict[str, str]] = {}
    for client in clients:
        frames.setdefault(client.uscc, {})[client.key] = client.stratum
    lines: list[Drawn] = []
    for uscc, strata in sorted(frames.items()):
        draw = client_draw(strata, uscc=uscc, seed=seed, size=size, reserves=reserves)
        first_reserve = len(draw.sample) + 1
        lines += [
            Drawn(uscc, position, key, "sample" if position < first_reserve else "reserve", strata[key])
            for position, key in enumerate(draw.order, 1)
        ]
    return lines


def strata_sizes(strata: Iterable[str], size: Size) -> dict[str, int]:
    """How many of each stratum of one institution are in the sample, by the stratum of each of its clients."""
    counts = Counter(strata)
    return shares_by_largest_remainder(size.of(counts.total()), counts)


def frame_hash(clients: Iterable[Client], *, names: bool = False) -> str:
    """SHA-256 of the list that was drawn from: a line `uscc,client_key` for each client, its stratum if any, sorted.

    With `names` the name closes each line, so that a name changed behind its key shows.
    """
    lines = []
    for client in clients:
        cells = [client.uscc, client.key, *([client.stratum] if client.stratum else []), *([client.name] * names)]
        lines.append(",".join(cells) + "\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
