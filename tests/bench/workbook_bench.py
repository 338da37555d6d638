"""How long a workbook of 100 000 rows takes to write, and to read with every check; how much memory either needs."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ceping.core.scheme.loading import load
from ceping.documents.excel import Sheet, write_workbook
from ceping.documents.intake.clients import Intake, take_in

_ROWS = 100_000
_MOST_SECONDS = 6.0
_MOST_MB = 500
_HEADERS = ("序号", "企业名称", "联系人", "手机", "参与的服务（活动）", "统一社会信用代码", "服务日期", "备注")
_LOOPS = 5_000_000


def main() -> int:
    """0 when both are quick and small enough; prints the figures and how fast this machine is just now."""
    print(f"workbook  {_LOOPS:,} empty additions: {_pace():.2f} s")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "清单.xlsx"
        written = _written(path)
        scheme, _ = load("shanghai-2021")
        assert scheme is not None
        table = scheme.form.table_by_id["clients"]
        taken: list[Intake] = []
        read = _timed("read and checked", lambda: taken.append(take_in(path, scheme, table)))
        assert len(taken[0].rows) == _ROWS
    largest = max(_peak(resource.RUSAGE_SELF), _peak(resource.RUSAGE_CHILDREN))
    print(f"workbook  largest process {largest} MB of {_MOST_MB}")
    return 1 if max(written, read) > _MOST_SECONDS or largest > _MOST_MB else 0


def _written(path: Path) -> float:
    sheet = Sheet("服务清单", _HEADERS, [_row(number) for number in range(1, _ROWS + 1)])
    seconds = _timed("written", lambda: write_workbook(path, [sheet], title="清单"))
    print(f"workbook  {_ROWS:,} rows of {len(_HEADERS)} columns: {path.stat().st_size:,} bytes")
    return seconds


def _row(number: int) -> tuple[int | str, ...]:
    return (
        number,
        f"上海第{number:06d}号科技有限公司",
        f"联系人{number % 977}",
        f"138{number:08d}",
        f"{('政策宣讲会', '融资对接', '数字化诊断')[number % 3]}第{number % 50}期",
        f"91310{number:013d}",
        "2021-05-01",
        f"备注{number}",
    )


def _timed(done: str, work: Callable[[], object]) -> float:
    begun, before = time.perf_counter(), _burnt()
    work()
    seconds, burnt = time.perf_counter() - begun, _burnt() - before
    verdict = "within" if seconds <= _MOST_SECONDS else "OVER"
    print(f"workbook  {done} in {seconds:.2f} s ({burnt:.2f} s of processor), {verdict} {_MOST_SECONDS} s")
    return seconds


def _burnt() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _pace() -> float:
    begun = time.perf_counter()
    total = 0
    for number in range(_LOOPS):
        total += number
    return time.perf_counter() - begun


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
