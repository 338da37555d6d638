"""`ceping report render` and `placeholders`: a report as Word and PDF, the empty form, an organiser's own template."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.printing import in_order, print_findings, refuse
from ceping.cli.rendered import standing_in, write_files
from ceping.cli.wrong_use import language
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.core.scheme.loading import Scheme
    from ceping.documents.report_files import Printed

_FINDINGS, _UNREADABLE = 1, 2
_WORDS = {
    "zh": {
        "written": "已写入 {path}",
        "stopped_report": "有错误，没有写出文件。请先改正；要看样子，可加 --draft 出带“草稿”字样的稿。",
        "stopped": "有错误，没有写出文件。",
        "draft": "这是草稿：上面的错误改正后，去掉 --draft 再出定稿。",
        "one": "请给一份 report.json，或用 --empty 给一个方案，二者取一。",
        "empty_alone": "--empty 只出空表，不能与 --draft、--seal-pages、--template、--number 同用。",
    },
    "en": {
        "written": "Written to {path}",
        "stopped_report": "There are errors and nothing was written. Mend them, or see a draft with --draft.",
        "stopped": "There are errors and nothing was written.",
        "draft": "This is a draft: mend the errors above, then render without --draft.",
        "one": "Give a report.json, or a scheme with --empty: one of the two.",
        "empty_alone": "--empty prints the empty form alone, without --draft, --seal-pages, --template or --number.",
    },
}


def render(
    path: Annotated[Path | None, typer.Argument(metavar="文件", help="自评报告 report.json；出空表时不给。")] = None,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="写到这个文件夹；没有就新建。")],
    draft: Annotated[bool, typer.Option("--draft", help="有错误也出，每页带“草稿”字样。")] = False,
    empty: Annotated[str, typer.Option("--empty", metavar="方案", help="出这个方案的空表，如 shanghai-2021。")] = "",
    seals: Annotated[bool, typer.Option("--seal-pages", help="另出只含封面和承诺书的盖章页。")] = False,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="文件", help="另按主办方自己的 Word 模板出一份。")
    ] = None,
    number: Annotated[str, typer.Option("--number", metavar="编号", help="印在页角的编号；默认“年份-信用代码”。")] = "",
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="按哪个方案出；默认按报告自己写的。")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="文件夹里已有同名而内容不同的文件时替换。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单和写出的文件。")] = False,
) -> None:
    """All findings first; exit 0 when files were written, 1 when errors stopped them, 2 when nothing can be read."""
    if (path is None) == (not empty):
        refuse(_WORDS[language()]["one"], as_json=False)
    if empty and (draft or seals or template is not None or number):
        refuse(_WORDS[language()]["empty_alone"], as_json=False)
    if out.exists() and not out.is_dir():
        refuse(fault("out_not_folder", path=out), as_json=as_json)
    if path is None:
        printed, found = _empty(empty, as_json=as_json)
    else:
        printed, found = _report(path, scheme, draft, seals, template, number, as_json=as_json)
    standing = [] if replace else standing_in(out, printed.files)
    findings = [*found, *printed.findings, *standing]
    stopped = bool(errors_in([*printed.findings, *standing])) or (not draft and bool(errors_in(found)))
    written = [] if stopped else write_files(out, printed.files)
    _tell(findings, written, draft=draft, faulty=bool(errors_in(found)), as_json=as_json)
    if stopped:
        raise typer.Exit(_FINDINGS)


def placeholders(
    scheme: Annotated[str, typer.Argument(metavar="方案", help="方案名或文件夹，如 shanghai-2021。")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
) -> None:
    """Every name that an organiser's own template may use with this scheme."""
    from ceping.documents.forms.report_words import dictionary_of  # noqa: PLC0415 -- help pages need none of it

    known = dictionary_of(_scheme(scheme, as_json=as_json))
    if as_json:
        print(json.dumps({"names": dict(known.names), "tables": dict(known.tables)}, ensure_ascii=False, indent=2))
        return
    from ceping.cli.table import aligned  # noqa: PLC0415 -- as above

    print("单独的占位符：")
    rows = [(f"  {{{{ {name} }}}}", title) for name, title in known.names.items()]
    print("\n".join(aligned(rows)))
    for table, columns in known.tables.items():
        print(f"\n表格 {{%tr for row in {table} %}} … {{%tr endfor %}}：")
        print("\n".join(aligned([(f"  {{{{ row.{name} }}}}", title) for name, title in columns.items()])))


def _report(
    path: Path, scheme: str, draft: bool, seals: bool, template: Path | None, number: str, *, as_json: bool
) -> tuple["Printed", list[Finding]]:
    """What was printed, and what is wrong with the report itself."""
    from ceping.cli.report_opening import opened  # noqa: PLC0415 -- help pages need none of it
    from ceping.core.report import faults_in  # noqa: PLC0415 -- as above
    from ceping.documents.fonts.faces import faces_from  # noqa: PLC0415 -- as above
    from ceping.documents.report_files import Printed, report_files, template_files  # noqa: PLC0415 -- as above

    given = opened(path, scheme)
    if given.report is None or given.scheme is None:
        print_findings(given.findings, as_json=as_json)
        raise typer.Exit(_UNREADABLE)
    found = given.findings + faults_in(given.report, given.scheme, given.scheme.header.period, file=path.name)
    own = template_files(given.scheme, given.report, template, draft=draft, number=number) if template else Printed({})
    if errors_in(own.findings) or (errors_in(found) and not draft):
        return Printed({}, own.findings), found
    faces, fonts = faces_from(os.environ)
    printed = report_files(
        given.scheme, given.report, state="draft" if draft else "final", number=number, seals=seals, faces=faces
    )
    return Printed({**printed.files, **own.files}, (*fonts, *printed.findings, *own.findings)), found


def _empty(scheme: str, *, as_json: bool) -> tuple["Printed", list[Finding]]:
    from ceping.documents.fonts.faces import faces_from  # noqa: PLC0415 -- help pages need none of it
    from ceping.documents.report_files import empty_files  # noqa: PLC0415 -- as above

    faces, fonts = faces_from(os.environ)
    return empty_files(_scheme(scheme, as_json=as_json), faces=faces), list(fonts)


def _scheme(name: str, *, as_json: bool) -> "Scheme":
    from ceping.core.scheme.loading import load  # noqa: PLC0415 -- as above

    rules, faults = load(name)
    if rules is None:
        print_findings(errors_in(faults), as_json=as_json)
        raise typer.Exit(_UNREADABLE)
    return rules


def _tell(findings: list[Finding], written: list[Path], *, draft: bool, faulty: bool, as_json: bool) -> None:
    words = _WORDS[language()]
    if as_json:
        rows = [finding.as_json(language()) for finding in in_order(findings)]
        print(json.dumps({"findings": rows, "written": [str(path) for path in written]}, ensure_ascii=False, indent=2))
        return
    if findings:
        print_findings(findings, as_json=False)
    for path in written:
        print(words["written"].format(path=path))
    if not written:
        print(words["stopped_report" if faulty and not draft else "stopped"])
    elif draft and faulty:
        print(words["draft"])
