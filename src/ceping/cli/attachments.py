"""`ceping attachments check` and `convert`: evidence looked over and brought into the form that the report asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ceping.cli.printing import exit_for, print_findings, progress, refuse

if TYPE_CHECKING:
    from ceping.core.finding import Finding
    from ceping.folder.attachments import Gathered

app = typer.Typer(add_completion=False)

_PLACE = "测评年度文件夹，或一家机构的文件夹（里面有 attachments，或就是扫描件）。"
_SCHEME = "按哪个方案的资料清单归项：方案名或方案文件夹；默认按 season.toml 或报告所写。"
_OUT = "写到这个文件夹：须不存在、为空，或是先前转换的；中断后再运行会接着做。"
_WORKERS = "同时处理几家机构；默认与处理器核数相同。"


@app.command(help="检查附件：打不开、没归项、不是 JPG、文件名没写内容、几家机构材料雷同；--ocr 识别营业执照。")
def check(
    place: Annotated[Path, typer.Argument(metavar="DIR", help=_PLACE)],
    ocr: Annotated[bool, typer.Option("--ocr", help="识别营业执照，与报告核对（需 ceping[ocr]）。")] = False,
    scheme: Annotated[str, typer.Option("--scheme", help=_SCHEME)] = "",
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help=_WORKERS)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 列出问题。")] = False,
) -> None:
    """Every finding; exit 0 clean, 1 findings, 2 when the folder or its scheme cannot be read."""
    from ceping.folder.attachments_check import check as check_all  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.attachments_licence import read_licences  # noqa: PLC0415 -- as above

    gathered = _gathered(place, scheme, as_json=as_json)
    with progress("检查附件", len(gathered.holdings)) as move:
        findings = check_all(gathered, step=move, workers=workers)
    if ocr:
        with progress("识别证照", len(gathered.holdings)) as move:
            findings += read_licences(gathered, step=move)
    if not as_json:
        files = sum(len(held.names) for held in gathered.holdings)
        print(f"看了 {len(gathered.holdings)} 家机构的 {files} 个附件。")
    print_findings(findings, as_json=as_json)
    raise typer.Exit(exit_for(findings))


@app.command(help="转换附件：扫描件转成 JPG（200 dpi、去掉拍摄信息），改成官方文件名，更新报告所列；原件不动。")
def convert(
    place: Annotated[Path, typer.Argument(metavar="DIR", help=_PLACE)],
    out: Annotated[Path, typer.Option("--out", help=_OUT)],
    by_name: Annotated[bool, typer.Option("--by-name", help="报告没有列的文件，照文件名归项；默认不归项。")] = False,
    items: Annotated[
        Path | None, typer.Option("--items", metavar="FILE", help="改好的 对照表.csv：以其中的附件序号和内容为准。")
    ] = None,
    scheme: Annotated[str, typer.Option("--scheme", help=_SCHEME)] = "",
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help=_WORKERS)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 列出问题。")] = False,
) -> None:
    """Converted folders stand in OUT; exit 0 done, 1 with findings, 2 when nothing could be done."""
    from ceping.core.finding import errors_in, fault  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder import attachments_conversion as conversion  # noqa: PLC0415 -- as above
    from ceping.folder.attachments_table import Choices, read_choices  # noqa: PLC0415 -- as above
    from ceping.folder.batch import filling  # noqa: PLC0415 -- as above
    from ceping.folder.output import Refused  # noqa: PLC0415 -- as above

    gathered = _gathered(place, scheme, as_json=as_json)
    choices: Choices = {}
    if items is not None and gathered.scheme is not None:
        numbers = {item.number for item in gathered.scheme.form.checklist.items}
        files = {(held.uscc, name) for held in gathered.holdings for name in held.names}
        choices, found = read_choices(items, items=numbers, files=files)
        if errors_in(found):
            _end(found, as_json=as_json)
    if not any(held.names for held in gathered.holdings):
        refuse(fault("attachments_none", file=str(place)), as_json=as_json)
    total = sum(1 for held in gathered.holdings if held.names)
    try:
        with (
            filling(out, command=conversion.COMMAND, marker=conversion.MARKER, season=place) as batch,
            progress("转换附件", total) as move,
        ):
            findings = conversion.convert(batch, gathered, choices, by_name=by_name, workers=workers, step=move)
            kept = sum(made.kept for made in batch.done.values())
            done = sum(bool(made.files) for made in batch.done.values())
    except Refused as refusal:
        refuse(refusal.finding, as_json=as_json)
    if as_json or findings:
        print_findings(findings, as_json=as_json)
    if not as_json:
        before = f"（其中 {kept} 家先前已完成）" if kept else ""
        if done:
            print(f"已转换 {done} 家机构{before}，写入 {out}；每个文件的去向见 对照表.csv。")
        if done < total:
            print(f"{total - done} 家有文件不能用，没有转换。")
    raise typer.Exit(exit_for(findings))


def _gathered(place: Path, scheme: str, *, as_json: bool) -> "Gathered":
    from ceping.folder.attachments import gather  # noqa: PLC0415 -- help pages need none of it

    folder = Path(scheme) if scheme and Path(scheme).is_dir() else None
    gathered = gather(place, scheme="" if folder else scheme, scheme_folder=folder)
    if gathered.scheme is None:
        print_findings(gathered.findings, as_json=as_json)
        raise typer.Exit(2)
    return gathered


def _end(findings: "list[Finding]", *, as_json: bool) -> NoReturn:
    print_findings(findings, as_json=as_json)
    raise typer.Exit(2)
