"""`ceping summary intake FILE`: a filled summary table (附件3) out of a spreadsheet into entries of a season."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.cli.table_intake import (
    AsJson,
    ConfirmGiven,
    EncodingGiven,
    FileGiven,
    MarkedGiven,
    SheetGiven,
    check_options,
    check_out,
    csv_of,
    end_refused,
    loaded,
    tell_taken,
    write_texts,
)
from ceping.core.finding import fault

_DEFAULT_SCHEME = "shanghai-2021"


def intake(
    path: FileGiven,
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="收下的行写到这个 .csv。")] = None,
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="按哪个方案的汇总表。")] = _DEFAULT_SCHEME,
    recommender: Annotated[
        str, typer.Option("--recommender", metavar="名称", help="推荐单位；默认读表上的“推荐单位”一行。")
    ] = "",
    sheet: SheetGiven = "",
    encoding: EncodingGiven = "",
    confirm: ConfirmGiven = [],  # noqa: B006 -- typer reads the default once
    marked: MarkedGiven = None,
    as_json: AsJson = False,
) -> None:
    """Entries, or findings and a marked-up copy; exit 0 taken, 1 refused, 2 when file or scheme cannot be read."""
    from ceping.documents.intake.summary import take_in_summary  # noqa: PLC0415 -- `--help` must not wait for parsers

    check_options(encoding, confirm, as_json=as_json)
    check_out(out, path, (".csv",), as_json=as_json)
    rules = loaded(scheme, as_json=as_json)
    if rules.summary is None:
        refuse(fault("intake_no_summary", place=rules.label), as_json=as_json)
    read = take_in_summary(
        path,
        rules,
        rules.summary,
        recommender=recommender,
        sheet=sheet,
        encoding=encoding,
        confirmed=frozenset(confirm),
    )
    if not read.taken:
        end_refused(path, read.table, marked, as_json=as_json)
    if out is not None:
        write_texts({out: csv_of(read.columns, read.entries)}, as_json=as_json)
    print_findings(read.table.findings, as_json=as_json)
    if not as_json:
        tell_taken(read.table)
        print(f"推荐单位：{read.recommender or '（逐行填写）'}；填报日期：{read.filled_on or '（没有填）'}")
        written = f"，写入 {out}。" if out is not None else "（没有写 --out，只作检查）。"
        print(f"收下 {len(read.entries)} 家{written}")
