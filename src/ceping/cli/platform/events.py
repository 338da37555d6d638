"""`ceping events import|export|recount`: events taken in from other systems, brought out as files, counted anew."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.platform.opened import open_installation, refuse
from ceping.cli.printing import print_findings, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ceping.bulk.recount import Difference
    from ceping.ground.people.models import User

app = typer.Typer()
_WORDS = {"accepted": "收下", "repeated": "以前收过", "held": "挂起", "conflict": "同号异文，挂起", "refused": "不收"}


@app.command("import", help="收进店铺表和事件文件；检查与 ceping points score 相同，可以重复运行，同一事件只计一次。")
def take(
    events: Annotated[
        list[Path] | None,
        typer.Argument(metavar="文件", help="事件文件，或放同一种事件文件的文件夹；.csv、.jsonl 或 .parquet。"),
    ] = None,
    *,
    shops: Annotated[Path | None, typer.Option("--shops", metavar="文件", help="店铺表，先于事件收进。")] = None,
    rejected: Annotated[Path, typer.Option("--rejected", metavar="文件", help="没有收下的行写到这里（CSV）。")] = Path(
        "rejected.csv"
    ),
    encoding: Annotated[str, typer.Option("--encoding", help="CSV 和 JSON Lines 的编码：utf-8 或 gb18030。")] = "utf-8",
    by: Annotated[str, typer.Option("--by", metavar="登录名", help="由哪位平台运营办理；只有一位时可不写。")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="读不了时，以 JSON 输出问题清单。")] = False,
) -> None:
    """Exit 0 also when rows were refused (their number is printed), 2 when a file cannot be read."""
    open_installation()
    from django.utils import timezone  # noqa: PLC0415 -- set up by now

    from ceping.bulk.request import Encoding  # noqa: PLC0415 -- as above
    from ceping.ground.people.access import Refused  # noqa: PLC0415 -- as above
    from ceping.stages.points.actions.importing import Files, import_files  # noqa: PLC0415 -- as above
    from ceping.stages.points.tasks import ask_to_post  # noqa: PLC0415 -- as above

    if encoding not in list(Encoding):
        refuse(f"没有编码 {encoding}。可用：{'、'.join(Encoding)}。")
    files = Files(shops, events or (), rejected, Encoding(encoding))
    with progress("收进事件", 1000) as advance:
        try:
            made = import_files(files=files, source="file", by=_operator(by), at=timezone.now(), tell=_steps(advance))
        except Refused as refused:
            print_findings(list(refused.findings), as_json=as_json)
            raise typer.Exit(2) from None
    ask_to_post()
    if shops is not None:
        typer.echo(f"店铺 {made.shops:,} 家。")
    if events:
        told = "，".join(f"{word} {made.outcomes[name]:,}" for name, word in _WORDS.items())
        typer.echo(f"事件 {sum(made.outcomes.values()):,} 行：{told}。")
    if made.listed:
        typer.echo(f"没有收下的 {made.listed:,} 行写在 {rejected}，逐行有原因。")
    typer.echo("积分由后台任务随即计入。")


@app.command("export", help="把事件日志导出成 Parquet，按序号分段，接着上次往下写；每段有校验和。")
def export(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="文件夹", help="放在哪里；不给则是平台自己复算用的文件夹。")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="逐段核对以前导出的内容。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="不能导出时，以 JSON 输出问题清单。")] = False,
) -> None:
    """Exit 0 when the folder holds the log up to its newest event, 2 when it cannot."""
    open_installation()
    from django.conf import settings  # noqa: PLC0415 -- set up by now

    from ceping.bulk import eventlog  # noqa: PLC0415 -- as above
    from ceping.bulk.request import Unreadable  # noqa: PLC0415 -- as above
    from ceping.flow.recounting import bring_out  # noqa: PLC0415 -- as above
    from ceping.ground.people.access import Refused  # noqa: PLC0415 -- as above

    folder = to or Path(settings.POINTS_LOG)
    try:
        with progress("导出事件", 1000) as advance:
            made = bring_out(folder, tell=_steps(advance))
        if verify:
            parts = eventlog.parts_in(folder)
            with progress("核对", len(parts)) as advance:
                eventlog.check_parts(folder, parts, lambda _size: advance(1))
    except (Refused, Unreadable) as refused:
        print_findings(list(refused.findings), as_json=as_json)
        raise typer.Exit(2) from None
    typer.echo(f"{folder} 里有 {made.parts:,} 段，事件 {made.events:,} 个，到序号 {made.upto:,}。")
    typer.echo(f"这次导出 {made.new_parts:,} 段，{made.new_events:,} 个。" + ("逐段核对无误。" if verify else ""))


@app.command("recount", help="把全平台的事件重新算一遍，与账目逐店逐条核对；只报告，不改账目。")
def recount(
    *,
    engine: Annotated[str, typer.Option("--engine", help="计算引擎：duckdb 或 spark，结果完全相同。")] = "duckdb",
    master: Annotated[
        str, typer.Option("--spark-master", metavar="地址", help="Spark 集群，如 spark://主机:7077；不给则用本机。")
    ] = "",
    memory: Annotated[str, typer.Option("--memory", help="可用内存。")] = "2GB",
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="把不符的逐条写到这里（CSV）。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="不能复算时，以 JSON 输出问题清单。")] = False,
) -> None:
    """Exit 0 when everything compared is the same, 1 when something differs, 2 when it cannot be counted."""
    open_installation()
    from django.utils import timezone  # noqa: PLC0415 -- set up by now

    from ceping.bulk.request import Cluster, Engine, is_memory  # noqa: PLC0415 -- as above
    from ceping.flow.recounting import Engined, recount_all  # noqa: PLC0415 -- as above
    from ceping.ground.people.access import Refused  # noqa: PLC0415 -- as above

    if engine not in (Engine.DUCKDB, Engine.SPARK):
        refuse(f"没有引擎 {engine}。可用：duckdb、spark。")
    if not is_memory(memory.upper()):
        refuse(f"“{memory}”不是内存大小。请写成 2GB 或 500MB。")
    engined = Engined(Engine(engine), Cluster(master) if master else None, memory.upper())
    try:
        with progress("复算积分", 1000) as advance:
            made, found = recount_all(by=None, at=timezone.now(), tell=_steps(advance), engined=engined)
    except Refused as refused:
        print_findings(list(refused.findings), as_json=as_json)
        raise typer.Exit(2) from None
    seconds = (made.ended_at - made.begun_at).total_seconds()
    typer.echo(
        f"算到 {made.day}，规则 {made.rules}，事件 {made.events:,} 个（到序号 {made.sequence:,}），{seconds:.1f} 秒。"
    )
    typer.echo(f"店铺 {made.shops:,} 家，核对 {made.compared:,} 家。" + _passed(made.passed))
    if out is not None:
        _write(out, found)
    for one in found[:20]:
        typer.echo(
            f"  {one.shop_id}  {one.rule_id or '合计'}  账目 {one.held_points:,}（{one.held_quantity:,}）"
            f"  复算 {one.found_points:,}（{one.found_quantity:,}）"
        )
    if found:
        typer.echo(f"不符 {len(found):,} 条。账目没有改动，请先查明原因。")
        raise typer.Exit(1)
    typer.echo("账目与复算一致。")


def _steps(advance: "Callable[[int], None]") -> "Callable[[int, int], bool]":
    """Work done out of work in all, as steps of a thousand."""
    last = 0

    def tell(done: int, total: int) -> bool:
        nonlocal last
        steps = done * 1000 // max(1, total)
        advance(steps - last)
        last = steps
        return True

    return tell


def _passed(passed: "Mapping[str, int]") -> str:
    words = {"day": "还没有算到当天", "rules": "还按旧规则计分", "waiting": "有事件还没有计入"}
    told = [f"{words[name]} {number:,} 家" for name, number in passed.items() if number]
    return f"没有核对：{'，'.join(told)}。" if told else ""


def _write(path: Path, found: "Sequence[Difference]") -> None:
    heads = ("shop_id", "rule_id", "held_quantity", "found_quantity", "held_points", "found_points")
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(heads)
        lines.writerows([getattr(one, name) for name in heads] for one in found)


def _operator(login: str) -> "User":
    """Who answers for it in the journal."""
    from ceping.ground.people.models import User  # noqa: PLC0415 -- as above
    from ceping.ground.people.roles import Role  # noqa: PLC0415 -- as above

    held = {"grants__role": Role.OPERATOR, "grants__revoked_at": None}
    operators = list(User.objects.filter(is_active=True, **held).order_by("login"))
    found = [one for one in operators if one.login == login] if login else operators
    if len(found) != 1:
        known = "、".join(one.login for one in operators)
        refuse(
            f"请用 --by 写明由哪位平台运营办理：{known}。"
            if known
            else "还没有平台运营的账号。请先请安全管理员在“账号”里邀请。"
        )
    return found[0]
