"""`ceping report check FILE`: what a self-evaluation report lacks or gets wrong, as its institution would read it."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import exit_for, print_findings
from ceping.cli.report_intake import intake
from ceping.cli.report_render import placeholders, render
from ceping.core.finding import Finding

app = typer.Typer(add_completion=False)
app.command(help="把填好的 Word 自评报告读回 report.json；没读懂的和需要补正的分开列出。")(intake)
app.command(help="把 report.json 打印成 Word 和 PDF：定稿、草稿、空表、盖章页，或主办方自己的模板。")(render)
app.command(help="列出主办方自己的 Word 模板可用的占位符。")(placeholders)

_UNREADABLE = 2


@app.command(help="检查一份 report.json：必填、范围、清单、附件和承诺，一次列出全部问题。")
def check(
    path: Annotated[Path, typer.Argument(metavar="文件", help="自评报告 report.json。")],
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="按哪个方案检查；默认按报告自己写的。")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单。")] = False,
) -> None:
    """Every finding of the file; exit 0 clean, 1 findings, 2 when file or scheme cannot be read."""
    # Imported here: the rule language is wide, and `--help` must not wait for it.
    from ceping.cli.report_opening import opened  # noqa: PLC0415
    from ceping.core.report import faults_in  # noqa: PLC0415

    given = opened(path, scheme)
    if given.report is None or given.scheme is None:
        _end(given.findings, _UNREADABLE, as_json=as_json)
        return
    findings = given.findings + faults_in(given.report, given.scheme, given.scheme.header.period, file=path.name)
    _end(findings, exit_for(findings), as_json=as_json)


def _end(findings: list[Finding], code: int, *, as_json: bool) -> None:
    print_findings(findings, as_json=as_json)
    raise typer.Exit(code)
