"""`ceping journal`: whether the journal still says what was written, and its heads to be kept outside."""

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ceping.cli.platform.opened import open_installation, refuse

if TYPE_CHECKING:
    from ceping.ground.journal.queries import Head

app = typer.Typer()
_WHAT = {"missing": "这一条不见了", "changed": "内容与当时封存的不一致", "cut": "末尾被截去，当时已有这一条"}
_SHOWN = 20


@app.command(help="校验操作日志：逐条核对哈希链；有不符时返回 1。")
def verify(
    chain: Annotated[str, typer.Option("--chain", metavar="链", help="只校验这一条链，例如 season-1。")] = "",
    head: Annotated[
        Path | None, typer.Option("--head", metavar="文件", help="以前用 journal head 存在别处的链头，可发现截尾。")
    ] = None,
) -> None:
    """Prints every chain with its verdict."""
    kept = {} if head is None else _kept(head)
    open_installation()
    from ceping.ground.journal.queries import breaks_in, heads  # noqa: PLC0415 -- Django is set up by now

    found = {one.chain: one for one in heads()}
    names = sorted(found.keys() | kept.keys())
    if chain and chain not in names:
        known = "、".join(names) or "还没有任何记录"
        refuse(f"没有名为 {chain} 的链。现有：{known}")
    if not names:
        typer.echo("还没有任何记录。")
    bad = 0
    for name in [chain] if chain else names:
        breaks = list(breaks_in(name, known=kept.get(name)))
        bad += len(breaks)
        last = found.get(name)
        typer.echo(f"{name}：{last.number if last else 0} 条，" + ("有不符之处" if breaks else "完好"))
        for one in breaks[:_SHOWN]:
            typer.echo(f"  第 {one.number} 条：{_WHAT[one.what]}")
        if len(breaks) > _SHOWN:
            typer.echo(f"  另有 {len(breaks) - _SHOWN} 处")
    if bad:
        typer.echo("请保留数据库现状和备份，通知审计员。", err=True)
        raise typer.Exit(1)


@app.command(help="导出各链的链头，每天存到平台以外的地方，供 verify --head 对照。")
def head(out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪个文件。")]) -> None:
    """Writes number and hash of every chain's last entry."""
    open_installation()
    from ceping.ground.journal.queries import heads  # noqa: PLC0415 -- as above

    told = [{"chain": one.chain, "number": one.number, "sha256": one.sha256} for one in heads()]
    at = datetime.now(UTC).isoformat(timespec="seconds")
    _write(out, json.dumps({"at": at, "heads": told}, ensure_ascii=False, indent=2) + "\n")
    typer.echo(f"已写入 {out}：{len(told)} 条链")


def _kept(path: Path) -> dict[str, "Head"]:
    try:
        given: Any = json.loads(path.read_text(encoding="utf-8"))
        rows = [(str(row["chain"]), int(row["number"]), str(row["sha256"])) for row in given["heads"]]
    except (ValueError, KeyError, TypeError):
        refuse(f"{path}：不是链头文件。请给出 ceping journal head 写的文件。")
    open_installation()
    from ceping.ground.journal.queries import Head  # noqa: PLC0415 -- as above

    return {row[0]: Head(*row) for row in rows}


def _write(path: Path, text: str) -> None:
    # Whole or not at all: yesterday's file stays until today's is complete.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    Path(stream.name).replace(path)
