"""The options that every command on a season folder shares, and the question whether the folder is there."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.bulk.request import Encoding
from ceping.cli.printing import refuse

EncodingGiven = Annotated[Encoding, typer.Option("--encoding", help="不是 UTF-8 的 CSV 按这种编码读。")]
SchemeFolder = Annotated[
    Path | None, typer.Option("--scheme", help="方案文件夹；默认用随程序提供的、season.toml 所写的那一版。")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 列出问题。")]


def check_season(season: Path, *, as_json: bool) -> None:
    """The command ends with code 2 when there is no such folder."""
    from ceping.core.finding import fault  # noqa: PLC0415 -- help pages need none of it

    if not season.is_dir():
        refuse(fault("season_folder_absent", place=str(season)), as_json=as_json)
