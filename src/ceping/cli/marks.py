"""`ceping marks intake`: filled mark sheets into marks.csv of a season."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.season_options import AsJson, SchemeFolder
from ceping.cli.sheets_intake import Asked, Kind, OutGiven, ReplaceGiven, SeasonGiven, opened, take_back
from ceping.cli.table_intake import ConfirmGiven, EncodingGiven, SheetGiven

app = typer.Typer(add_completion=False)


@app.command(help="收专家填好的评分表（.xlsx）：核对分派、评分范围和理由，合成一份 marks.csv；有错误时一行也不写。")
def intake(
    season: SeasonGiven,
    sheets: Annotated[list[Path], typer.Argument(metavar="文件…", help="专家填好的评分表，可给多份。")],
    *,
    out: OutGiven = None,
    replace: ReplaceGiven = False,
    scheme: SchemeFolder = None,
    sheet: SheetGiven = "",
    encoding: EncodingGiven = "",
    confirm: ConfirmGiven = [],  # noqa: B006 -- typer reads the default once
    as_json: AsJson = False,
) -> None:
    """Marks of all sheets or of none; exit 0 taken, 1 refused, 2 when the season cannot be read."""
    asked = Asked(season, sheets, out, replace, scheme, sheet, encoding, confirm, as_json)
    sources = opened(asked)
    from ceping.folder.columns import MARKS  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.papers_marks import BY, marks_from_sheet  # noqa: PLC0415 -- as above

    take_back(asked, Kind(marks_from_sheet, MARKS, BY, "mark_sheet_again", "评分表", "个打分"), sources)
