"""`ceping summary render`: the recommenders' summary tables (附件3) out of entries or a season, Excel and PDF."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.cli.rendered import standing_in, write_files
from ceping.cli.table_intake import loaded
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.core.scheme.loading import Scheme

_DEFAULT_SCHEME = "shanghai-2021"
# A file of entries has no line above its header; what that line would say is given here.
_NO_LINE = ("intake_filled_on_missing", "intake_header_unknown")
Rows = Sequence[Mapping[str, str]]


def render(
    path: Annotated[
        Path,
        typer.Argument(metavar="文件", help="ceping summary intake 写出的 .csv（或填好的汇总表），或测评年度文件夹。"),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="写到这个文件夹；没有就新建。")],
    recommender: Annotated[
        str, typer.Option("--recommender", metavar="名称", help="只出这个推荐单位的；默认每个推荐单位各一份。")
    ] = "",
    filled_on: Annotated[
        str, typer.Option("--filled-on", metavar="日期", help="填报日期，如 2022-01-20；不给则留空，供手写。")
    ] = "",
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="方案", help="按哪个方案的汇总表；测评年度文件夹按它自己的。")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="文件夹里已有同名而内容不同的文件时替换。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单。")] = False,
) -> None:
    """All files or none; exit 0 when written, 1 when findings stopped them, 2 when nothing can be read."""
    day = _day(filled_on, as_json=as_json)
    if out.exists() and not out.is_dir():
        refuse(fault("out_not_folder", path=out), as_json=as_json)
    rules, rows, findings = (_season if path.is_dir() else _entries)(path, scheme, recommender, as_json=as_json)
    if not errors_in(findings):
        findings += _lacking(rows, recommender, path.name)
    if errors_in(findings):
        print_findings(findings, as_json=as_json)
        raise typer.Exit(1)
    files, found = _files(rules, rows, recommender, day)
    findings += found
    findings += [] if replace else standing_in(out, files)
    stopped = bool(errors_in(findings))
    written = [] if stopped else write_files(out, files)
    if findings or as_json:
        print_findings(findings, as_json=as_json)
    if not as_json:
        for one in written:
            print(f"已写入 {one}")
    if stopped:
        raise typer.Exit(1)


def _day(text: str, *, as_json: bool) -> date | None:
    from ceping.core.report.values import day_in  # noqa: PLC0415 -- help pages need none of it

    day = day_in(text) if text else None
    if text and day is None:
        refuse(fault("papers_day_unread", place="--filled-on", given=text[:40]), as_json=as_json)
    return day


def _season(path: Path, scheme: str, recommender: str, *, as_json: bool) -> tuple["Scheme", Rows, list[Finding]]:  # noqa: ARG001 -- as _entries
    from ceping.folder.recommended import recommended_in  # noqa: PLC0415 -- help pages need none of it

    rules, rows, findings = recommended_in(path, scheme_folder=Path(scheme) if scheme else None)
    if rules is None:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(2)
    if rules.summary is None:
        refuse(fault("intake_no_summary", place=rules.label), as_json=as_json)
    return rules, rows, findings


def _entries(path: Path, scheme: str, recommender: str, *, as_json: bool) -> tuple["Scheme", Rows, list[Finding]]:
    from ceping.documents.intake.summary import take_in_summary  # noqa: PLC0415 -- as above

    rules = loaded(scheme or _DEFAULT_SCHEME, as_json=as_json)
    if rules.summary is None:
        refuse(fault("intake_no_summary", place=rules.label), as_json=as_json)
    read = take_in_summary(path, rules, rules.summary, recommender=recommender)
    findings = [one for one in read.table.findings if one.code not in _NO_LINE]
    if not read.table.header:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(2)
    return rules, read.entries, findings


def _lacking(rows: Rows, recommender: str, file: str) -> list[Finding]:
    """Institutions whom nobody puts forward, or a recommender who puts nobody forward."""
    named = list(dict.fromkeys(row["recommender"] for row in rows if row.get("recommender")))
    if recommender and recommender not in named:
        known = "、".join(named)[:200] or "—"
        return [fault("summary_recommender_absent", file=file, given=recommender[:40], known=known)]
    without = [row.get("name", "")[:60] for row in rows if not row.get("recommender")]
    if without and not recommender:
        return [fault("summary_row_unrecommended", file=file, count=len(without), names="、".join(without[:5]))]
    return []


def _files(
    rules: "Scheme", rows: Rows, recommender: str, day: date | None
) -> tuple[Mapping[str, bytes], list[Finding]]:
    from ceping.documents.excel_form import form_book  # noqa: PLC0415 -- help pages need none of it
    from ceping.documents.fonts.faces import faces_from  # noqa: PLC0415 -- as above
    from ceping.documents.forms.summary import summary_document, summary_sheet  # noqa: PLC0415 -- as above
    from ceping.documents.inspection.names import shown_name  # noqa: PLC0415 -- as above
    from ceping.documents.pdf import to_pdf, unprintable_in  # noqa: PLC0415 -- as above
    from ceping.folder.recommended import by_recommender  # noqa: PLC0415 -- as above

    summary = rules.summary
    if summary is None:
        raise LookupError(rules.label)
    faces, fonts = faces_from(os.environ)
    files: dict[str, bytes] = {}
    findings = list(fonts)
    for who, entries in by_recommender(rows).items():
        if recommender and who != recommender:
            continue
        document = summary_document(rules, summary, entries, recommender=who, filled_on=day)
        sheet = summary_sheet(rules, summary, entries, recommender=who, filled_on=day)
        stem = f"推荐汇总表_{who}".replace("/", "_").replace("\\", "_")
        files[shown_name(f"{stem}.xlsx")] = form_book([sheet], title=document.title, dated=document.dated)
        files[shown_name(f"{stem}.pdf")] = to_pdf(document, faces)
        findings += unprintable_in(document, faces)
    return files, findings
