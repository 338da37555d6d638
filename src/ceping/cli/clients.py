"""`ceping clients intake FILE`: a client list out of a spreadsheet into rows of the form, or what keeps it out."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.core.report import Report
    from ceping.core.scheme.entry import FormTable
    from ceping.core.scheme.loading import Scheme
    from ceping.documents.intake.clients import Intake
    from ceping.documents.intake.tables import Table

app = typer.Typer(add_completion=False)

_DEFAULT_SCHEME = "shanghai-2021"
_ENCODINGS = ("", "utf-8", "gb18030")

FileGiven = Annotated[Path, typer.Argument(metavar="文件", help="表格文件：.xlsx 或 .csv。")]
SheetGiven = Annotated[str, typer.Option("--sheet", metavar="名称", help="工作簿有几张像的表时，收哪个工作表。")]
EncodingGiven = Annotated[str, typer.Option("--encoding", metavar="编码", help="CSV 不是 UTF-8 时：gb18030。")]
ConfirmGiven = Annotated[
    list[str], typer.Option("--confirm", metavar="事项", help="确认照收：formulas、merged、hidden，可重复。")
]
MarkedGiven = Annotated[
    Path | None, typer.Option("--marked", metavar="文件", help="有错误时标注副本写到哪里；默认在原文件旁边。")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单。")]


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
    if out is not None and out.suffix.lower() not in (".json", ".csv"):
        refuse(fault("intake_out_kind", place=str(out)), as_json=as_json)
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
    if out is not None:
        _write_rows(out, path, rules, form_table, read)
    if report is not None:
        _write_report(report, table, read)
    _tell(read, out, report, as_json=as_json)


def check_options(encoding: str, confirm: Sequence[str], *, as_json: bool) -> None:
    """Nothing, when both name what there is; else the command ends."""
    from ceping.documents.intake.tables import QUESTIONS  # noqa: PLC0415 -- as above

    if encoding.lower() not in _ENCODINGS:
        known = "、".join(one for one in _ENCODINGS if one)
        refuse(fault("choice_unknown", place="--encoding", given=encoding, known=known), as_json=as_json)
    for given in confirm:
        if given not in QUESTIONS:
            refuse(fault("choice_unknown", place="--confirm", given=given, known="、".join(QUESTIONS)), as_json=as_json)


def loaded(name: str, *, as_json: bool) -> "Scheme":
    """The scheme of that name or folder; the command ends when it cannot be used."""
    from ceping.core.scheme.loading import load  # noqa: PLC0415 -- as above

    rules, faults = load(name)
    if rules is None:
        print_findings(errors_in(faults), as_json=as_json)
        raise typer.Exit(2)
    return rules


def end_refused(path: Path, table: "Table", marked: Path | None, *, as_json: bool) -> NoReturn:
    """The findings are told, the marked-up copy stands where one can be made, and the command ends."""
    findings = list(table.findings)
    copy = None
    if table.header:
        copy = marked or path.with_name(f"{path.stem}-问题清单.xlsx")
        if refused := _mark(path, table, copy):
            findings.append(refused)
            copy = None
    print_findings(findings, as_json=as_json)
    if copy is not None and not as_json:
        print(f"一行也没有收。标注副本：{copy}")
    raise typer.Exit(1 if table.header else 2)


def _mark(path: Path, table: "Table", copy: Path) -> Finding | None:
    from ceping.documents.confined import Refused  # noqa: PLC0415 -- as above
    from ceping.documents.intake.markup import is_marked, write_marked  # noqa: PLC0415 -- as above

    if copy.exists() and not is_marked(copy):
        return fault("intake_copy_foreign", place=str(copy))
    try:
        write_marked(path, table, copy)
    except Refused:
        return fault("intake_copy_failed", file=path.name)
    return None


def _report(path: Path, *, as_json: bool) -> "Report":
    from ceping.core.report import read_report_file  # noqa: PLC0415 -- as above

    report, findings = read_report_file(path, file=path.name)
    if report is None or errors_in(findings):
        print_findings(findings, as_json=as_json)
        raise typer.Exit(2)
    return report


def _write_rows(out: Path, path: Path, rules: "Scheme", form_table: "FormTable", read: "Intake") -> None:
    if out.suffix.lower() == ".csv":
        text = csv_of([column.id for column in form_table.columns], read.rows)
    else:
        rows = {
            "format": 1,
            "scheme": {"id": rules.id, "version": rules.version, "sha256": rules.sha256},
            "table": form_table.id,
            "source": {"file": path.name, "sheet": read.table.sheet, "header": read.table.header},
            "rows": list(read.rows),
        }
        text = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    write_text(out, text)


def csv_of(columns: Sequence[str], rows: Sequence[Any]) -> str:
    """The rows under these columns; a missing cell is empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_text(out: Path, text: str) -> None:
    """The text stands at `out` whole, or what stood there before."""
    from ceping.documents.intake.markup import whole  # noqa: PLC0415 -- as above

    with whole(out) as draft:
        draft.write_text(text, encoding="utf-8")


def _write_report(path: Path, table: str, read: "Intake") -> None:
    # What the file holds beside this table stays as it was written, numbers and unknown keys included.
    whole = json.loads(path.read_text(encoding="utf-8-sig"))
    whole.setdefault("tables", {})[table] = [dict(row) for row in read.rows]
    write_text(path, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def _tell(read: "Intake", out: Path | None, report: Path | None, *, as_json: bool) -> None:
    print_findings(read.findings, as_json=as_json)
    if as_json:
        return
    tell_taken(read.table)
    places = [str(one) for one in (out, report) if one is not None]
    print(f"收下 {len(read.rows)} 行" + (f"，写入 {'、'.join(places)}。" if places else "（没有写 --out，只作检查）。"))


def tell_taken(table: "Table") -> None:
    """From where the rows were taken, and which rows were passed over."""
    sheet = f"工作表“{table.sheet}”，" if table.sheet else ""
    print(f"{sheet}表头在第 {table.header} 行。")
    for one in table.ignored:
        print(f"没有当作数据：第 {one.number} 行“{one.text}”")
