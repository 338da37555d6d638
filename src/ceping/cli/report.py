"""`ceping report check FILE`: what a self-evaluation report lacks or gets wrong, as its institution would read it."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import exit_for, print_findings
from ceping.cli.report_intake import intake
from ceping.core.finding import Finding, errors_in, fault

app = typer.Typer(add_completion=False)
app.command(help="把填好的 Word 自评报告读回 report.json；没读懂的和需要补正的分开列出。")(intake)

_UNREADABLE = 2


@app.command(help="检查一份 report.json：必填、范围、清单、附件和承诺，一次列出全部问题。")
def check(
    path: Annotated[Path, typer.Argument(metavar="文件", help="自评报告 report.json。")],
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="按哪个方案检查；默认按报告自己写的。")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单。")] = False,
) -> None:
    """Every finding of the file; exit 0 clean, 1 findings, 2 when file or scheme cannot be read."""
    # Imported here: the rule language is wide, and `--help` must not wait for it.
    from ceping.core.report import faults_in, read_report_file  # noqa: PLC0415
    from ceping.core.scheme.loading import load  # noqa: PLC0415
    from ceping.core.scheme.shipped import shipped_folders  # noqa: PLC0415

    report, findings = read_report_file(path, file=path.name)
    if report is None:
        _end(findings, _UNREADABLE, as_json=as_json)
        return
    if not scheme and report.scheme.partition("@")[0] not in {label.partition("@")[0] for label in shipped_folders()}:
        # What a report names is no path: only --scheme opens a folder.
        known = "、".join(shipped_folders())
        unknown = fault("scheme_unknown", file=path.name, place="scheme", name=report.scheme[:60], known=known)
        _end([*findings, unknown], _UNREADABLE, as_json=as_json)
        return
    rules, faults = load(scheme or report.scheme)
    if rules is None:
        _end([*findings, *errors_in(faults)], _UNREADABLE, as_json=as_json)
        return
    findings += faults_in(report, rules, rules.header.period, file=path.name)
    _end(findings, exit_for(findings), as_json=as_json)


def _end(findings: list[Finding], code: int, *, as_json: bool) -> None:
    print_findings(findings, as_json=as_json)
    raise typer.Exit(code)
