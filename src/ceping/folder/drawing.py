"""Which clients are called: how many of each institution, in which order, by strata or not, from a public seed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from ceping.core.verification import draw_order

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
    margin: Decimal = Decimal("0.1")
    share: Decimal = Decimal("0.5")
    z: Decimal = Decimal("1.96")

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


def draw_clients(clients: Iterable[Client], *, seed: str, size: Size, reserves: int | None = None) -> list[Drawn]:
    """The draw of every institution, by credit code and position; the order of the input is nothing.

    `reserves` bounds how many stand by after the sample (none: all the rest).
    """
    frames: dict[str, dict[str, Client]] = {}
    for client in clients:
        frames.setdefault(client.uscc, {})[client.key] = client
    lines: list[Drawn] = []
    for uscc, frame in sorted(frames.items()):
        order = [frame[key] for key in draw_order(seed=seed, uscc=uscc, keys=sorted(frame))]
        lines += _lines_of(order, size, reserves)
    return lines


def _lines_of(order: Sequence[Client], size: Size, reserves: int | None) -> list[Drawn]:
    left = strata_sizes(order, size)
    sample: list[Client] = []
    rest: list[Client] = []
    for client in order:
        drawn = left[client.stratum] > 0
        left[client.stratum] -= drawn
        (sample if drawn else rest).append(client)
    standing_by = rest if reserves is None else rest[:reserves]
    roles: list[tuple[Client, Literal["sample", "reserve"]]] = [(client, "sample") for client in sample]
    roles += [(client, "reserve") for client in standing_by]
    return [
        Drawn(client.uscc, position, client.key, role, client.stratum)
        for position, (client, role) in enumerate(roles, 1)
    ]


def strata_sizes(frame: Iterable[Client], size: Size) -> dict[str, int]:
    """How many of each stratum of one institution are in the sample."""
    counts: dict[str, int] = {}
    for client in frame:
        counts[client.stratum] = counts.get(client.stratum, 0) + 1
    return shares_by_largest_remainder(size.of(sum(counts.values())), counts)


def frame_hash(clients: Iterable[Client], *, names: bool = False) -> str:
    """SHA-256 of the list that was drawn from: a line `uscc,client_key` for each client, its stratum if any, sorted.

    With `names` the name closes each line, so that a name changed behind its key shows.
    """
    lines = []
    for client in clients:
        cells = [client.uscc, client.key, *([client.stratum] if client.stratum else []), *([client.name] * names)]
        lines.append(",".join(cells) + "\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
