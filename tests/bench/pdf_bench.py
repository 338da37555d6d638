"""How long a report of 12 pages takes to become a PDF, and a thousand of them on all cores, with flat memory.

python tests/bench/pdf_bench.py [--short]
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psutil
import pypdfium2

from ceping.documents.pdf import to_pdf, to_pdf_many
from ceping.documents.sheet import Document
from tests.factories.pdf import text_of
from tests.factories.report_document import report_document

_SINGLE, _MANY, _SHORT = 30, 1000, 200
_MOST_SECONDS, _MOST_SECONDS_MANY = 0.150, 180.0
# Memory of all processes at the end against that after a tenth of the documents.
_MOST_GROWTH = 1.25
_PAGES = 12


def main() -> int:
    """0 when both figures are within their limits and memory stays flat; prints them."""
    # How much of the machine others take is printed, because it decides what the figures mean.
    print(f"pdf   {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    median, best, cpu, pages = single()
    took = f"median of {_SINGLE} {median * 1000:.0f} ms of {_MOST_SECONDS * 1000:.0f}"
    print(f"pdf   {pages} pages: {took}, best {best * 1000:.0f} ms, CPU {cpu:.0f} ms")
    count = _SHORT if "--short" in sys.argv[1:] else _MANY
    used = cpu_seconds()
    seconds, growth, peak = many(count)
    used = cpu_seconds() - used
    limit = _MOST_SECONDS_MANY * count / _MANY
    print(f"pdf   {count} reports in {seconds:.1f} s of {limit:.0f}, CPU {used:.1f} s in all")
    print(f"pdf   memory of all processes {peak / 1e6:.0f} MB at most, {growth:.2f} of what it was after a tenth")
    within = pages >= _PAGES and median <= _MOST_SECONDS and seconds <= limit and growth <= _MOST_GROWTH
    print("pdf   within" if within else "pdf   OVER")
    return 0 if within else 1


def single() -> tuple[float, float, float, int]:
    """Median and best seconds of a report once the fonts are there, its median CPU in milliseconds, and its pages."""
    documents = list(reports(_SINGLE + 2))
    for document in documents[:2]:
        pdf = to_pdf(document)
    seconds, cpu = [], []
    for document in documents[2:]:
        begun, used = time.perf_counter(), time.process_time()
        pdf = to_pdf(document)
        seconds.append(time.perf_counter() - begun)
        cpu.append((time.process_time() - used) * 1000)
    opened = pypdfium2.PdfDocument(pdf)
    pages = len(opened)
    opened.close()
    return statistics.median(seconds), min(seconds), statistics.median(cpu), pages


def many(count: int) -> tuple[float, float, float]:
    """Seconds for all, and the memory of this process and its workers: growth since a tenth of them, and the most."""
    begun, early, peak = time.perf_counter(), 0.0, 0.0
    for number, _ in enumerate(to_pdf_many(reports(count)), start=1):
        if number % 10 == 0:
            used = memory()
            peak = max(peak, used)
            early = used if number <= count // 10 else early
    return time.perf_counter() - begun, peak / early, peak


def cpu_seconds() -> float:
    """CPU time of this process and of those it started and that have ended: what idle cores would take together."""
    return sum(time for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) for time in resource.getrusage(who)[:2])


def memory() -> float:
    """Bytes resident in this process and those it started."""
    this = psutil.Process()
    return sum(one.memory_info().rss for one in (this, *this.children(recursive=True)))


def reports(count: int) -> Iterator[Document]:
    """So many reports, no two alike: 52 clients each, and texts as long as institutions write them."""
    for number in range(count):
        told = f"第{number}家："
        answers = {
            "introduction": told + text_of(280),
            "plan_near": told + text_of(500),
            "plan_far": told + text_of(400),
            "benefit_cases": told + text_of(900),
            "problems": told + text_of(400),
        }
        yield report_document("final", name=f"上海示例第{number}企业服务有限公司", client_count=52, answers=answers)


if __name__ == "__main__":
    sys.exit(main())
