"""How long a report takes to become a Word file, and whether a thousand of them leave the memory as it was."""

import statistics
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ceping.documents.word import to_word
from tests.factories.report_document import report_document

_MOST_SECONDS = 0.25
_RUNS = 30
_DOCUMENTS = 1000
# What the allocator may keep over a thousand files; the parts of one file are a hundred times a thousandth of it.
_MOST_GROWTH = 8 << 20


def main() -> int:
    """0 when a report is quick enough and memory flat; prints the figures."""
    over = [timed("report of 12 pages", client_count=52), timed("list of 500 clients", client_count=500)]
    growth = grown()
    print(f"word  {_DOCUMENTS} reports: memory grew by {growth / (1 << 20):.1f} MB of {_MOST_GROWTH >> 20}")
    return 1 if any(over) or growth >= _MOST_GROWTH else 0


def timed(called: str, *, client_count: int) -> bool:
    """Whether the median is over the limit, from the document to the bytes; prints the figures."""
    document = report_document("final", client_count=client_count)
    size = len(to_word(document))
    seconds = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        to_word(document)
        seconds.append(time.perf_counter() - begun)
    median = statistics.median(seconds)
    told = f"median of {_RUNS} {median * 1000:.0f} ms of {_MOST_SECONDS * 1000:.0f}, worst {max(seconds) * 1000:.0f}"
    print(f"word  {called}: {told}, {size:,} bytes")
    return median >= _MOST_SECONDS


def grown() -> int:
    """By how many bytes the process is larger after a thousand reports, each built anew, than after the first fifty."""
    process = psutil.Process()
    before = 0
    for number in range(_DOCUMENTS):
        to_word(report_document("draft", client_count=52, name=f"上海示例{number}企业服务有限公司"))
        if number == _RUNS:
            before = process.memory_info().rss
    return max(process.memory_info().rss - before, 0)


if __name__ == "__main__":
    sys.exit(main())
