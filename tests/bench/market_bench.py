"""The directory of 20 000 shops: searched, sorted by level, by name and by points.

python tests/bench/market_bench.py [SHOPS]: the demo served with so many open shops more. Goal: each page in 100 ms.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.serving import Visitor, served

SHOPS = int(next((one for one in sys.argv[1:] if one.isdigit()), "20000"))
GOAL, RUNS = 0.1, 15
_MAKE = """
import sys
from datetime import date
from django.db import connection
from django.utils import timezone
from ceping.core.points.ledger import NO_LEVEL, level_of
from ceping.folder.demo import words
from ceping.ground.people.models import Area, Institution
from ceping.stages.points.models import Standing
from ceping.stages.points.queries import rules_in_force
from ceping.stages.shop.models import Offer, Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.wording import folded

count, at = int(sys.argv[1]), timezone.now()
areas, titles, points = list(Area.objects.all()), list(category_titles().items()), rules_in_force().points
institutions = Institution.objects.bulk_create(
    [Institution(uscc=f"91999{n:013d}", name=f"{words.firm_name(n)}{n}", name_key=words.firm_name(n).encode("gb18030"),
                 area=areas[n % len(areas)], created_at=at) for n in range(count)], batch_size=2000)
made = []
for n, one in enumerate(institutions):
    category, title = titles[n % len(titles)]
    found = folded("\\n".join([one.name, title, one.area.name, "企业管理诊断", "数字化转型方案", f"第{n % 997}号辅导"]))
    made.append(Shop(institution=one, code=one.uscc, name=one.name, name_key=one.name_key,
                     registered_on=date(2013, 6, 1), area=one.area,
                     categories=[category], state="open", asked_at=at, opened_at=at, found_by=found,
                     good_count=n % 37, rating_count=n % 37 + n % 5, sold_count=n % 50, follower_count=n % 90))
shops = Shop.objects.bulk_create(made, batch_size=2000)
Offer.objects.bulk_create(
    [Offer(shop=one, title=title, category=one.categories[0], pricing="free", added_at=at, changed_at=at)
     for one in shops for title in ("企业管理诊断", "数字化转型方案")], batch_size=4000)
rows = []
for n, one in enumerate(shops):
    total = n * 7919 % 12000
    level = level_of(points, total)
    rows.append(Standing(shop=one.code, name=one.name, points=total, level=level.level if level else NO_LEVEL,
                         level_rank=level.rank if level else 0, as_of=at.date()))
Standing.objects.bulk_create(rows, batch_size=2000)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
"""
PAGES = {
    "all, by points": {},
    "searched, by points": {"q": "转型"},
    "searched, by name": {"q": "第77号", "sort": "name"},
    "two words": {"q": "管理 诊断", "sort": "rating"},
    "nothing found": {"q": "没有这样的词"},
    "one level": {"level": "diamond"},
    "category, by name": {"category": "consulting", "sort": "name"},
    "newest": {"sort": "newest"},
    "page 500": {"page": "500"},
    "free in one category": {"category": "legal", "free": "1"},
}


def main() -> int:
    """0 when every page kept the goal; prints each median."""
    with tempfile.TemporaryDirectory(prefix="ceping-market-", ignore_cleanup_errors=True) as name, served(Path(name)):
        command = [sys.executable, "-m", "ceping.config.manage", "shell", "--no-imports", "-c"]
        subprocess.run(
            [*command, _MAKE.replace("sys.argv[1]", f'"{SHOPS}"')], check=True, env=os.environ | {"CEPING_HOME": name}
        )
        visitor, fine = Visitor(), True
        for told, asked in PAGES.items():
            path = f"/market/?{urlencode(asked)}"
            answers = [visitor.get(path) for _ in range(RUNS)]
            median = statistics.median(one.seconds for one in answers)
            kept = median <= GOAL and all(one.status == 200 for one in answers)
            fine = fine and kept
            print(f"shops {SHOPS:,}: {told}: median {median * 1000:.0f} ms{'' if kept else '  NOT KEPT'}", flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
