"""`ceping calls intake`: filled call sheets into calls.csv of a season."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import refuse
from ceping.cli.season_options import AsJson, SchemeFolder
from ceping.cli.sheets_intake import Asked, Kind, OutGiven, ReplaceGiven, SeasonGiven, opened, take_back
from ceping.cli.table_intake import ConfirmGiven, EncodingGiven, SheetGiven
from ceping.core.finding import fault

app = typer.Typer(add_completion=False)


@app.command(
    help="收填好的回访记录表（.xlsx）：核对机构、服务对象、抽取次序和代码，合成一份 calls.csv；有错误时一行也不写。"
)
def intake(
    season: SeasonGiven,
    sheets: Annotated[list[Path], typer.Argument(metavar="文件…", help="填好的回访记录表，可给多份。")],
    *,
    out: OutGiven = None,
    replace: ReplaceGiven = False,
    scheme: SchemeFolder = None,
    sheet: SheetGiven = "",
    encoding: EncodingGiven = "",
    confirm: ConfirmGiven = [],  # noqa: B006 -- typer reads the default once
    as_json: AsJson = False,
) -> None:
    """Calls of all sheets or of none; exit 0 taken, 1 refused, 2 when the season cannot be read or has no calls."""
    asked = Asked(season, sheets, out, replace, scheme, sheet, encoding, confirm, as_json)
    sources = opened(asked)
    from ceping.folder.columns import CALLS  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.papers import KINDS  # noqa: PLC0415 -- as above
    from ceping.folder.papers_calls import BY, calls_from_sheet  # noqa: PLC0415 -- as above

    rules = sources.season.scheme
    if rules.verification is None:
        refuse(fault("papers_no_calls", title=KINDS["calls"], label=rules.label), as_json=as_json)
    also = [question.id for question in rules.verification.questions]
    kind = Kind(calls_from_sheet, CALLS, BY, "call_sheet_again", KINDS["calls"], "次呼叫", also)
    take_back(asked, kind, sources)
