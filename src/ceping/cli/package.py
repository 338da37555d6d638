"""`ceping package`: a season sealed with its scheme, its results and a list of hashes, whole or for the public."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.bulk.request import Encoding
from ceping.cli.printing import print_findings, refuse
from ceping.cli.season_options import AsJson, EncodingGiven, SchemeFolder, check_season

_MB = 1_000_000


def package(
    season: Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，或先前的完整包。")],
    out: Annotated[Path, typer.Option("--out", help="包写到这个文件夹：须不存在、为空，或是先前的包。")],
    public: Annotated[
        bool, typer.Option("--public", help="公开包：专家用代号，不含报告、附件、人名和电话；默认是完整包。")
    ] = False,
    zip_to: Annotated[
        Path | None, typer.Option("--zip", metavar="FILE", help="同时写成一个 ZIP 文件（不压缩，逐字节可复现）。")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--results", metavar="OUT", help="先前公布的结果文件夹：算出的须与它逐字节相同。")
    ] = None,
    encoding: EncodingGiven = Encoding.UTF8,
    scheme: SchemeFolder = None,
    as_json: AsJson = False,
) -> None:
    """重新算一遍测评年度，连同方案、结果和 manifest.sha256 封成一个包；任何人可用 ceping evaluate 复算。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.folder.output import Refused  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.package import Request, pack  # noqa: PLC0415 -- as above

    check_season(season, as_json=as_json)
    request = Request(
        season=season,
        out=out,
        public=public,
        zip_to=zip_to,
        results=results,
        encoding=encoding,
        scheme_folder=scheme,
    )
    try:
        packed = pack(request)
    except Refused as refusal:
        refuse(refusal.finding, as_json=as_json)
    if as_json or packed.findings:
        print_findings(packed.findings, as_json=as_json)
    if not packed.done:
        if not as_json:
            print("有错误，没有写出包。")
        raise typer.Exit(1)
    if not as_json:
        kind = "公开包" if public else "完整包"
        print(f"已写出{kind} {out}：{packed.files} 个文件，{packed.size / _MB:.1f} MB。")
        if zip_to is not None:
            print(f"已写出 {zip_to}")
