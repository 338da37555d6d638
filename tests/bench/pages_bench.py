"""How long each page takes at the size of a real season: 500 institutions, their lists, every role's pages.

python tests/bench/pages_bench.py [--small] [HOME]: walks the links from each role's front page, one page at a time, a
few of each kind. The goal: no page over 100 ms, 12 ms of processor a page in the mean. HOME keeps the filled demo.
"""

import re
import statistics
import sys
from collections import defaultdict
from html import unescape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.serving import Served, Visitor, served

SMALL = "--small" in sys.argv
HOMES = [Path(one) for one in sys.argv[1:] if not one.startswith("--")]
INSTITUTIONS = 40 if SMALL else 500
MOST_SECONDS, MOST_CPU = 0.1, 0.012
# Pages of one kind differ by a number in the address; so many of each kind are asked, each so often.
OF_A_KIND, ROUNDS = 3, 3
LOGINS = (
    "institution-01",
    "institution-20",
    "recommender-01",
    "recommender-02",
    "organiser-1",
    "lead-1",
    "auditor-1",
    "security-1",
    "system-1",
)
# What ends the walk, and what makes documents rather than pages.
LEFT_OUT = re.compile(r"/accounts/|/demo/|/static/|/logout|\.(pdf|docx|xlsx|zip|csv)$|/(pdf|word|download|export)/")


def main() -> int:
    """0 when every page came, and in time; prints the slowest."""
    slow = 0
    with served(HOMES[0] if HOMES else None, institutions=INSTITUTIONS) as platform:
        print(f"pages  {INSTITUTIONS} institutions, ready in {platform.ready_seconds:.1f} s")
        for login in LOGINS:
            slow += _walk(platform, login)
        print(f"pages  resident {platform.megabytes()} MB")
    return 1 if slow else 0


def _walk(platform: Served, login: str) -> int:
    try:
        visitor = Visitor().enter(login)
    except RuntimeError as error:
        print(f"pages  {error}: nobody of that name")
        return 0
    before, asked = platform.web_seconds(), 0
    waiting, known = ["/"], {"/"}
    kinds: dict[str, int] = defaultdict(int)
    took: dict[str, float] = {}
    wrong = 0
    while waiting:
        path = waiting.pop(0)
        answers = [visitor.get(path) for _ in range(ROUNDS)]
        asked += ROUNDS
        if answers[0].status >= 400:
            print(f"pages  {login} {path}: {answers[0].status}")
            wrong += 1
        took[path] = statistics.median(one.seconds for one in answers)
        for link in map(unescape, re.findall(r'href="(/[^"#]*)"', answers[0].text)):
            kind = re.sub(r"[0-9]+|=[^&]*", "#", link)
            if link in known or LEFT_OUT.search(link) or kinds[kind] >= OF_A_KIND:
                continue
            known.add(link)
            kinds[kind] += 1
            waiting.append(link)
    cpu = (platform.web_seconds() - before) / asked
    over = {path: seconds for path, seconds in took.items() if seconds > MOST_SECONDS}
    middle = statistics.median(took.values())
    verdict = "within" if cpu <= MOST_CPU else f"OVER {MOST_CPU * 1000:.0f} ms"
    worst = max(took.values())
    print(f"pages  {login}: {len(took)} addresses, median {middle * 1000:.0f} ms, worst {worst * 1000:.0f} ms")
    print(f"pages  {login}: processor {cpu * 1000:.1f} ms a page, {verdict}")
    for path, seconds in sorted(over.items(), key=lambda one: -one[1])[:8]:
        print(f"pages     OVER {MOST_SECONDS * 1000:.0f} ms: {path} {seconds * 1000:.0f} ms")
    return wrong + len(over)


if __name__ == "__main__":
    sys.exit(main())
