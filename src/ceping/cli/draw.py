"""`ceping draw`: which clients are called, who assesses whom, and whether a recorded draw comes out again."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.cli.season_options import AsJson, check_season
from ceping.cli.table_intake import write_texts
from ceping.core.finding import Finding, fault

if TYPE_CHECKING:
    from ceping.folder.draw_record import Draw
    from ceping.folder.drawing import Size

app = typer.Typer(add_completion=False)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，里面有 season.toml。")]
Seed = Annotated[str, typer.Option("--seed", help="种子；默认用 season.toml 记录的，给出的须与它相同。")]
_RANGE = "要大于 0 且小于 1 的小数，例如 0.1"


@app.command(help="抽取回访的服务对象：样本在前，备选依次在后；写出名单和抽签记录。")
def clients(
    season: Folder,
    seed: Seed = "",
    size: Annotated[
        str,
        typer.Option(
            "--size",
            help="每家机构的完成数：整数、all（全部）或 formula（有限总体公式）；默认按 season.toml，未写的按方案。",
        ),
    ] = "",
    margin: Annotated[str, typer.Option("--margin", help="formula 的允许误差。")] = "0.1",
    share: Annotated[str, typer.Option("--share", help="formula 的预计比例。")] = "0.5",
    strata: Annotated[
        str, typer.Option("--strata", help="按 clients.csv 的这一列分层：service（服务内容）；默认按 season.toml。")
    ] = "",
    out: Annotated[Path, typer.Option("--out", help="名单写到这个 CSV，记录写在旁边的同名 .json。")] = Path(
        "draw-clients.csv"
    ),
    as_json: AsJson = False,
) -> None:
    """The lines as a CSV of keys alone, and the record; exit 0 drawn, 1 findings, 2 wrong use."""
    from ceping.folder.columns import STRATA  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.draws import ClientRequest, clients_drawn  # noqa: PLC0415 -- as above

    if strata and strata not in STRATA:
        refuse(f"--strata 只能用：{'、'.join(STRATA)}。姓名、联系人和电话不作分层。")
    wanted = _size_of(size, margin, share)
    _check_free(out)
    draw, findings = clients_drawn(season, ClientRequest(seed, wanted, strata or None, out.name))
    _write(draw, findings, out, season, as_json=as_json)


@app.command(help="分派评审专家：负荷均衡、专长优先、回避排除，由种子抽定；写出分派表和抽签记录。")
def assessors(
    season: Folder,
    seed: Seed = "",
    per_item: Annotated[
        int | None, typer.Option("--per-item", min=2, help="每项几名专家；默认按方案，至少两名。")
    ] = None,
    by: Annotated[
        Literal["institution", "item"],
        typer.Option("--by", help="institution：一家机构由同一组专家评全部项；item：逐项分派。"),
    ] = "institution",
    out: Annotated[Path, typer.Option("--out", help="分派表写到这个 CSV，记录写在旁边的同名 .json。")] = Path(
        "draw-assessors.csv"
    ),
    as_json: AsJson = False,
) -> None:
    """The lines in the form of assignments.csv, and the record; exit codes as above."""
    from ceping.folder.panels import AssessorRequest, assessors_drawn  # noqa: PLC0415 -- as above

    _check_free(out)
    draw, findings = assessors_drawn(season, AssessorRequest(seed, per_item, by, out.name))
    _write(draw, findings, out, season, as_json=as_json)


@app.command(help="按记录在测评年度文件夹上重抽一次，说明是否相同、哪里不同。")
def verify(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="抽签记录 .json；旁边有名单时一并核对。")],
    season: Folder,
    as_json: AsJson = False,
) -> None:
    """Exit 0 equal, 1 different, 2 when the record or the season cannot be read."""
    from ceping.folder.redrawing import differences, read_record, redrawn  # noqa: PLC0415 -- as above

    found, findings = read_record(record)
    if found is None:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(2)
    check_season(season, as_json=as_json)
    draw, findings = redrawn(found, season)
    if draw is not None:
        findings = differences(found, draw, record)
    if findings or as_json:
        print_findings(findings, as_json=as_json)
    else:
        print(f"相同：按种子“{found.seed}”重抽，与记录一致。")
    raise typer.Exit(1 if findings else 0)


def _size_of(text: str, margin: str, share: str) -> "Size | None":
    if not text:
        return None
    from ceping.folder.drawing import Size  # noqa: PLC0415 -- as above

    if text == "all":
        return Size("all")
    if text == "formula":
        return Size("formula", margin=_part(margin, "--margin"), share=_part(share, "--share"))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 10**6):
        refuse("--size 要正整数、all 或 formula。")
    return Size("fixed", int(text[:10]))


def _part(text: str, option: str) -> Decimal:
    from ceping.core.exact import NotANumber, decimal_of  # noqa: PLC0415 -- as above

    try:
        value = decimal_of(text)
    except NotANumber:
        refuse(f"{option} {_RANGE}。")
    if not 0 < value < 1:
        refuse(f"{option} {_RANGE}。")
    return value


def _check_free(out: Path) -> None:
    if out.suffix.lower() != ".csv":
        refuse("--out 要以 .csv 结尾；抽签记录写在旁边的同名 .json。")
    if not out.parent.is_dir():
        refuse(f"没有文件夹 {out.parent}，请先建好。")


def _write(draw: "Draw | None", findings: list[Finding], out: Path, season: Path, *, as_json: bool) -> None:
    from ceping.folder.draw_record import record_text  # noqa: PLC0415 -- as above

    check_season(season, as_json=as_json)
    if draw is None:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(1)
    texts = {out: draw.lines, out.with_suffix(".json"): record_text(draw.record)}
    for path, text in texts.items():
        if path.exists() and not (path.is_file() and path.read_bytes() == text.encode()):
            refuse(fault("draw_exists", file=str(path)), as_json=as_json)
    write_texts(texts, as_json=as_json)
    if as_json or findings:
        print_findings(findings, as_json=as_json)
    if not as_json:
        print(f"已写出 {out} 和 {out.with_suffix('.json')}")
    if draw.undeclared and not as_json:
        print(f"评价时按 season.toml 核对呼叫，请在其中的 [draw] 写入：{draw.undeclared}")
    raise typer.Exit(1 if findings else 0)
