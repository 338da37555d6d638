"""The same events under two rulebooks: which shops have another level, and how every shop's points move."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from ceping.bulk.request import Request
from ceping.bulk.result import totals_in
from ceping.bulk.rulebook import Rulebook
from ceping.bulk.scoring import score_into
from ceping.core.points import Total


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many shops there are, how many have other points, and those with another level, before and after."""

    shops: int
    moved: int
    changed: list[tuple[Total, Total]]


def compared(request: Request, one: Rulebook, other: Rulebook) -> Comparison:
    """What changes from rulebook `one` to `other`; the request's own rules are not used. Raises Unreadable."""
    before, after = (_totals(request, rulebook) for rulebook in (one, other))
    pairs = list(zip(before, after, strict=True))
    changed = [(a, b) for a, b in pairs if (a.level, a.level_rank) != (b.level, b.level_rank)]
    return Comparison(len(pairs), sum(a.points != b.points for a, b in pairs), changed)


def _totals(request: Request, rulebook: Rulebook) -> list[Total]:
    with tempfile.TemporaryDirectory(prefix="ceping-") as scratch:
        folder = Path(scratch) / "result"
        folder.mkdir()
        score_into(
            replace(request, points=rulebook.points, scheme=rulebook.label, scheme_sha256=rulebook.sha256), folder
        )
        return totals_in(folder)
