"""What the calls of each institution come to: verdicts and rates with their intervals, by the rules alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ceping.core.verification import Rate, Verification, rate, verified
from ceping.stages.verification.models import Frame
from ceping.stages.verification.queries.boards import Board, boards_of

# A bar of 90 % is shown at 95 % by this many of this many, and by none of fewer.
SHOWN_BY = 35


@dataclass(frozen=True, slots=True)
class Result:
    """One institution's board and what it comes to so far."""

    board: Board
    verification: Verification

    @property
    def small(self) -> bool:
        """Whether so few were counted that even no denial would not show a rate of nine in ten."""
        return self.verification.verification.whole < SHOWN_BY


def results_of(frames: Sequence[Frame], *, at: datetime) -> list[Result]:
    """A result for each list, in the order given."""
    boards = boards_of(frames, at=at)
    return [result_of(boards[frame.pk]) for frame in frames if frame.pk in boards]


def result_of(board: Board) -> Result:
    """What the calls of one board come to."""
    return Result(board, verified(board.calls, board.draw.order, board.table))


def pooled(results: Sequence[Result], which: str, z: Decimal) -> Rate:
    """A rate over all these institutions together: `verification`, `satisfaction`, `contact` or `response`."""
    parts: list[Rate] = [getattr(one.verification, which) for one in results]
    return rate(sum(one.part for one in parts), sum(one.whole for one in parts), z)


def verdict_words() -> Mapping[str, str]:
    """Each verdict in words."""
    return {
        "confirmed": "确认",
        "denied": "否认",
        "dead": "空号或错号",
        "linked": "关联方",
        "unsure": "记不清",
        "refused": "拒访",
        "none": "未接通",
        "pending": "待再访",
    }
