"""`ceping marks intake`: filled mark sheets into marks.csv of a season."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.cli.season_options import AsJson, SchemeFolder, check_season
from ceping.cli.table_intake import csv_of, write_text
from ceping.core.finding import errors_in, fault

app = typer.Typer(add_completion=False)


@app.command(help="收专家填好的评分表（.xlsx）：核对分派、评分范围和理由，合成一份 marks.csv；有错误时一行也不写。")
def intake(
    season: Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，里面有 season.toml。")],
    sheets: Annotated[list[Path], typer.Argument(metavar="文件…", help="专家填好的评分表，可给多份。")],
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="写到这个 .csv；不给只作检查。")] = None,
    scheme: SchemeFolder = None,
    as_json: AsJson = False,
) -> None:
    """Marks of all sheets or of none; exit 0 taken, 1 refused, 2 when the season cannot be read."""
    from ceping.folder.papers import read_sources  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.papers_marks import COLUMNS, marks_from_sheet  # noqa: PLC0415 -- as above

    check_season(season, as_json=as_json)
    if out is not None and out.suffix.lower() != ".csv":
        refuse(fault("intake_out_kind", place=str(out), known=".csv"), as_json=as_json)
    sources, findings = read_sources(season, None, scheme_folder=scheme)
    if sources is None:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(2)
    rows: list[dict[str, str]] = []
    whose: dict[str, Path] = {}
    for path in sheets:
        found, told = marks_from_sheet(path, sources)
        findings += told
        rows += found
        for who in {row["assessor_id"] for row in found}:
            if who in whose:
                findings.append(fault("mark_sheet_again", file=path.name, who=who, first=whose[who].name))
            whose.setdefault(who, path)
    stopped = bool(errors_in(findings))
    if out is not None and not stopped:
        write_text(out, csv_of(COLUMNS, sorted(rows, key=lambda row: tuple(row[name] for name in COLUMNS[:3]))))
    if findings or as_json:
        print_findings(findings, as_json=as_json)
    if stopped:
        if not as_json:
            print("有错误，一行也没有收。")
        raise typer.Exit(1)
    if not as_json:
        written = f"，写入 {out}。" if out is not None else "（没有写 --out，只作检查）。"
        print(f"收下 {len(sheets)} 份评分表、{len(rows)} 个打分{written}")
