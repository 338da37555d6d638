"""`ceping clients intake FILE`: a client list out of a spreadsheet into rows of the form, or what keeps it out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from ceping.core.finding import errors_in, fault

if TYPE_CHECKING:
    from ceping.core.report import Report
    from ceping.core.scheme.entry import FormTable
    from ceping.core.scheme.loading import Scheme
    from ceping.documents.intake.clients import Intake

app = typer.Typer(add_completion=False)

_DEFAULT_SCHEME = "shanghai-2021"


@app.command(help="从表格文件收服务清单（或表单的其他表格）：全部收下，或一行不收并给出标注副本。")
def intake(
    path: FileGiven,
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="收下的行写到 .json 或 .csv。")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="report.json", help="把收下的行放进这份自评报告。")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="报告里已有这张表的内容时，换掉它。")] = False,
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="按哪个方案；默认按报告所写。")] = "",
    table: Annotated[str, typer.Option("--table", metavar="表格", help="表单里的哪张表。")] = "clients",
    sheet: SheetGiven = "",
    encoding: EncodingGiven = "",
    confirm: ConfirmGiven = [],  # noqa: B006 -- typer reads the default once
    marked: MarkedGiven = None,
    as_json: AsJson = False,
) -> None:
    """Rows, or findings and a marked-up copy; exit 0 taken, 1 refused, 2 when a file or the scheme cannot be read."""
    from ceping.documents.intake.clients import take_in  # noqa: PLC0415 -- `--help` must not wait for the parsers

    check_options(encoding, confirm, as_json=as_json)
    check_out(out, path, (".json", ".csv"), as_json=as_json)
    own = _report(report, as_json=as_json) if report is not None else None
    rules = loaded(scheme or (own.scheme if own else _DEFAULT_SCHEME), as_json=as_json)
    form_table = rules.form.table_by_id.get(table)
    if form_table is None:
        known = "、".join(
            f"{one.id}（{one.title or rules.form.place_of.get(f'table:{one.id}', '')}）" for one in rules.form.tables
        )
        refuse(fault("intake_table_unknown", place="--table", given=table, known=known), as_json=as_json)
    if own is not None and report is not None and own.tables.get(table) and not replace:
        refuse(fault("intake_report_has_rows", file=report.name, count=len(own.tables[table])), as_json=as_json)
    read = take_in(path, rules, form_table, report=own, sheet=sheet, encoding=encoding, confirmed=frozenset(confirm))
    if not read.taken:
        end_refused(path, read.table, marked, as_json=as_json)
    texts = {} if out is None else {out: _rows_text(out, path, rules, form_table, read)}
    if report is not None:
        texts[report] = _report_text(report, table, read)
    write_texts(texts, as_json=as_json)
    _tell(read, out, report, as_json=as_json)


def _report(path: Path, *, as_json: bool) -> "Report":
    from ceping.core.report import read_report_file  # noqa: PLC0415 -- as above

    report, findings = read_report_file(path, file=path.name)
    if report is None or errors_in(findings):
        print_findings(findings, as_json=as_json)
        raise typer.Exit(2)
    return report


def _rows_text(out: Path, path: Path, rules: "Scheme", form_table: "FormTable", read: "Intake") -> str:
    if out.suffix.lower() == ".csv":
        return csv_of([column.id for column in form_table.columns], read.rows)
    rows = {
        "format": 1,
        "scheme": {"id": rules.id, "version": rules.version, "sha256": rules.sha256},
        "table": form_table.id,
        "source": {"file": path.name, "sheet": read.table.sheet, "header": read.table.header},
        "rows": list(read.rows),
    }
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _report_text(path: Path, table: str, read: "Intake") -> str:
    # What the file holds beside this table stays as it was written, numbers and unknown keys included.
    whole = json.loads(path.read_text(encoding="utf-8-sig"))
    whole.setdefault("tables", {})[table] = [dict(row) for row in read.rows]
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _tell(read: "Intake", out: Path | None, report: Path | None, *, as_json: bool) -> None:
    print_findings(read.findings, as_json=as_json)
    if as_json:
        return
    tell_taken(read.table)
    places = [str(one) for one in (out, report) if one is not None]
    print(f"收下 {len(read.rows)} 行" + (f"，写入 {'、'.join(places)}。" if places else "（没有写 --out，只作检查）。"))
