"""`ceping points score|explain|compare`: files of shops and events into points and levels, and why."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ceping.cli.points_page import print_comparison, print_explanation, print_run, print_window
from ceping.cli.printing import print_findings, progress
from ceping.core.finding import Finding, fault

if TYPE_CHECKING:
    from ceping.bulk.request import Request
    from ceping.core.points import Window

app = typer.Typer(add_completion=False)

_STEPS = 1000

SchemeName = Annotated[str, typer.Option("--scheme", metavar="方案", help="方案名（如 shanghai-2021）或方案文件夹。")]
Shops = Annotated[Path, typer.Option("--shops", metavar="文件", help="店铺表：.csv、.jsonl 或 .parquet。")]
Events = Annotated[
    list[Path],
    typer.Option("--events", metavar="文件", help="事件文件，或放同一种事件文件的文件夹；可多次给出。"),
]
From = Annotated[str, typer.Option("--from", metavar="日期", help="起始日；不给则从首个事件算起（累计）。")]
To = Annotated[str, typer.Option("--to", metavar="日期", help="截止日，当天计入。")]
EngineName = Annotated[str, typer.Option("--engine", help="计算引擎：duckdb、reference 或 spark，结果完全相同。")]
Master = Annotated[
    str, typer.Option("--spark-master", metavar="地址", help="Spark 集群，如 spark://主机:7077；不给则用本机。")
]
Memory = Annotated[str, typer.Option("--memory", help="可用内存，超出部分写临时文件。")]
Threads = Annotated[int, typer.Option("--threads", help="线程数；0 表示与处理器核数相同。")]
EncodingName = Annotated[str, typer.Option("--encoding", help="CSV 和 JSON Lines 的编码：utf-8 或 gb18030。")]
AsJson = Annotated[bool, typer.Option("--json", help="读不了时，以 JSON 输出问题清单。")]


@app.command("score", help="计算一段期间内各店铺的积分和等级，写出总分、账目和被拒的行。")
def score_shops(
    *,
    scheme: SchemeName,
    shops: Shops,
    events: Annotated[
        list[str],
        typer.Option(
            "--events",
            metavar="文件",
            help="事件文件，或放同一种事件文件的文件夹；可多次给出。spark 也可用地址，如 s3a://…",
        ),
    ],
    end: To,
    out: Annotated[
        str,
        typer.Option(
            "--out",
            metavar="文件夹",
            help="结果文件夹：不存在、为空，或是以前的结果。spark 也可用地址，须不存在或为空。",
        ),
    ],
    start: From = "",
    engine: EngineName = "duckdb",
    master: Master = "",
    memory: Memory = "2GB",
    threads: Threads = 0,
    form: Annotated[str, typer.Option("--format", help="结果的格式：csv、parquet，或分区的 dataset。")] = "csv",
    encoding: EncodingName = "utf-8",
    as_json: AsJson = False,
) -> None:
    """The results stand in `out`; exit 0 also when rows were refused, 2 when something cannot be read."""
    from ceping.bulk.scoring import score_files  # noqa: PLC0415 -- help must not wait for the database
    from ceping.bulk.store import is_address  # noqa: PLC0415 -- as above

    far = [is_address(one) for one in (*events, out)]
    with _told(as_json=as_json):
        options = (engine, memory, threads, form, encoding)
        request = _request(scheme, shops, list(map(Path, events)), (start, end), options, master)
        if any(far) and not (all(far) and engine == "spark" and form == "dataset"):
            _refuse(fault("points_far", place="--events、--out"))
        with progress("计算积分", _STEPS) as advance:
            if any(far):
                from ceping.bulk.cluster import score_far  # noqa: PLC0415 -- only where it is asked for

                run = score_far(request, events, out, _share_of(advance))
            else:
                run = score_files(request, Path(out), _share_of(advance))
    print_run(request, run, out)


@app.command("explain", help="逐条说明一家店铺的积分：数量、分值、封顶和离下一级还差多少。")
def explain_shop(
    *,
    shop_id: Annotated[str, typer.Argument(metavar="店铺", help="店铺编号。")],
    scheme: SchemeName,
    shops: Shops,
    events: Events,
    end: To,
    start: From = "",
    engine: EngineName = "duckdb",
    memory: Memory = "2GB",
    threads: Threads = 0,
    encoding: EncodingName = "utf-8",
    as_json: AsJson = False,
) -> None:
    """Every rule of the shop, one line each, then its total and the distance to the next level."""
    from dataclasses import replace  # noqa: PLC0415 -- help must not wait

    from ceping.bulk.result import ledger_in, totals_in  # noqa: PLC0415 -- as above
    from ceping.bulk.scoring import score_into  # noqa: PLC0415 -- as above
    from ceping.core.points import explain  # noqa: PLC0415 -- as above

    with _told(as_json=as_json), tempfile.TemporaryDirectory(prefix="ceping-") as scratch:
        options = (engine, memory, threads, "csv", encoding)
        request = replace(_request(scheme, shops, events, (start, end), options), only=shop_id)
        folder = Path(scratch) / "result"
        folder.mkdir()
        with progress("计算积分", _STEPS) as advance:
            score_into(request, folder, _share_of(advance))
        total = next((total for total in totals_in(folder) if total.shop_id == shop_id), None)
        if total is None:
            _refuse(fault("points_shop_unknown", file=shops.name, given=shop_id))
        explanation = explain(request.points, total, ledger_in(folder))
    print_window(request)
    print_explanation(explanation)


@app.command("compare", help="用两版规则计算同样的事件，列出等级有变的店铺。")
def compare_rules(
    *,
    one: Annotated[str, typer.Option("--a", metavar="方案", help="原来的规则：方案名或文件夹。")],
    other: Annotated[str, typer.Option("--b", metavar="方案", help="新的规则：方案名或文件夹。")],
    shops: Shops,
    events: Events,
    end: To,
    start: From = "",
    engine: EngineName = "duckdb",
    master: Master = "",
    memory: Memory = "2GB",
    threads: Threads = 0,
    encoding: EncodingName = "utf-8",
    as_json: AsJson = False,
) -> None:
    """Who changes level from the one rule version to the other, by shop."""
    from ceping.bulk.comparison import compared  # noqa: PLC0415 -- help must not wait for the database
    from ceping.bulk.rulebook import rulebook_of  # noqa: PLC0415 -- as above

    with _told(as_json=as_json):
        books = rulebook_of(one), rulebook_of(other)
        options = (engine, memory, threads, "csv", encoding)
        request = _request(one, shops, events, (start, end), options, master)
        comparison = compared(request, *books)
    print_window(request)
    print_comparison(books, comparison)


@contextmanager
def _told(*, as_json: bool) -> Iterator[None]:
    from ceping.bulk.request import Unreadable  # noqa: PLC0415 -- help must not wait

    try:
        yield
    except Unreadable as refusal:
        print_findings(refusal.findings, as_json=as_json)
        raise typer.Exit(2) from None


def _refuse(*findings: Finding) -> NoReturn:
    from ceping.bulk.request import Unreadable  # noqa: PLC0415 -- help must not wait

    raise Unreadable(*findings)


def _request(
    scheme: str,
    shops: Path,
    events: Sequence[Path],
    days: tuple[str, str],
    options: tuple[str, str, int, str, str],
    master: str = "",
) -> "Request":
    from ceping.bulk.request import (  # noqa: PLC0415 -- as above
        Cluster,
        Encoding,
        Engine,
        FileFormat,
        Request,
        Unreadable,
        is_memory,
    )
    from ceping.bulk.rulebook import rulebook_of  # noqa: PLC0415 -- as above

    engine, memory, threads, form, encoding = options
    window, faults = _window(*days)
    faults += [
        fault("points_choice", place=option, given=given, known="、".join(known))
        for option, given, known in (("--format", form, list(FileFormat)), ("--encoding", encoding, list(Encoding)))
        if given not in known
    ]
    if engine not in list(Engine):
        faults.append(fault("points_choice", place="--engine", given=engine, known="、".join(Engine)))
    if not is_memory(memory.upper()):
        faults.append(fault("points_memory_malformed", place="--memory", given=memory))
    if not 0 <= threads <= 256:
        faults.append(fault("points_threads", place="--threads", given=threads))
    try:
        book = rulebook_of(scheme)
    except Unreadable as refusal:
        _refuse(*faults, *refusal.findings)
    if faults or window is None:
        _refuse(*faults)
    return Request(
        points=book.points,
        scheme=book.label,
        scheme_sha256=book.sha256,
        shops=shops,
        events=tuple(events),
        window=window,
        engine=Engine(engine),
        memory=memory.upper(),
        threads=threads,
        format=FileFormat(form),
        encoding=Encoding(encoding),
        cluster=Cluster(master) if master else None,
    )


def _window(start: str, end: str) -> tuple["Window | None", list[Finding]]:
    from ceping.core.points import Window  # noqa: PLC0415 -- as above
    from ceping.core.points.grammar import date_of  # noqa: PLC0415 -- as above

    first, last = date_of(start) if start else None, date_of(end)
    faults = [
        fault("points_date_malformed", place=option, given=given)
        for option, given, day in (("--from", start, first), ("--to", end, last))
        if day is None and (given or option == "--to")
    ]
    if faults or last is None:
        return None, faults
    if first is not None and first > last:
        return None, [fault("points_window_reversed", place="--from", start=first, end=last)]
    return Window(first, last), []


def _share_of(advance: Callable[[int], None]) -> Callable[[float], None]:
    done = 0

    def move(share: float) -> None:
        nonlocal done
        steps = int(share * _STEPS) - done
        done += steps
        advance(steps)

    return move
