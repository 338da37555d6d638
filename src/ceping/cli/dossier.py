"""`ceping dossier`: report, attachments and hashes of each institution as one ZIP, for a whole season if wanted."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import print_findings, progress, refuse

_MB = 1_000_000


def dossier(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，或一家机构的文件夹。")],
    out: Annotated[Path, typer.Option("--out", help="写到这个文件夹；中断后再运行，做好的保留，没做完的重做。")],
    institution: Annotated[
        list[str] | None, typer.Option("--institution", metavar="USCC", help="只做这家机构；可写多次。")
    ] = None,
    zip_to: Annotated[
        Path | None, typer.Option("--zip", metavar="FILE", help="全部做完后，另合成一个 ZIP 文件。")
    ] = None,
    scheme: Annotated[
        Path | None, typer.Option("--scheme", help="方案文件夹；默认用随程序提供的、所写的那一版。")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="同时做几家；默认与处理器核数相同。")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 列出问题。")] = False,
) -> None:
    """每家机构一个档案包（ZIP）：自评报告的 Word 和 PDF、附件（官方文件名）、SHA-256 清单；逐字节可复现。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.core.finding import fault  # noqa: PLC0415 -- help pages need none of it
    from ceping.core.uscc import normalised  # noqa: PLC0415 -- as above
    from ceping.folder import dossier as dossiers  # noqa: PLC0415 -- as above
    from ceping.folder.attachments import gather  # noqa: PLC0415 -- as above
    from ceping.folder.batch import filling  # noqa: PLC0415 -- as above
    from ceping.folder.output import Refused  # noqa: PLC0415 -- as above

    gathered = gather(place, scheme_folder=scheme)
    if gathered.scheme is None:
        print_findings(gathered.findings, as_json=as_json)
        raise typer.Exit(2)
    only = [normalised(one) for one in institution or ()]
    for unknown in [one for one in only if one not in {held.uscc for held in gathered.holdings}]:
        refuse(fault("dossier_institution_unknown", uscc=unknown[:40]), as_json=as_json)
    total = len(only) or len(gathered.holdings)
    try:
        with (
            filling(out, command=dossiers.COMMAND, marker=dossiers.MARKER, season=place) as batch,
            progress("档案包", total) as move,
        ):
            findings = dossiers.write_dossiers(batch, gathered, only=only, workers=workers, step=move)
            made = [one for key, one in batch.done.items() if one.files and (not only or key in only)]
            size = sum((out / name).stat().st_size for one in made for name in one.files)
            if zip_to is not None:
                dossiers.write_whole(batch, zip_to)
    except Refused as refusal:
        refuse(refusal.finding, as_json=as_json)
    if as_json or findings:
        print_findings(findings, as_json=as_json)
    if not as_json:
        kept = sum(one.kept for one in made)
        before = f"，其中 {kept} 个先前已做好" if kept else ""
        print(f"已写入 {out}：{len(made)} 个档案包{before}，共 {size / _MB:.1f} MB。")
        if zip_to is not None:
            print(f"已写出 {zip_to}")
    if findings:
        raise typer.Exit(1)
