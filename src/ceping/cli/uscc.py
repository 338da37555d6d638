"""`ceping uscc check CODE…`: are these unified social credit codes right, and who registered them."""

from typing import Annotated

import typer

from ceping.cli.printing import exit_for, print_findings
from ceping.cli.wrong_use import language
from ceping.core.uscc import faults_in_code, normalised, registration_of

app = typer.Typer(add_completion=False)

_LINE = {"zh": "{code}  正确{who}", "en": "{code}  valid{who}"}


@app.command(help="逐个校验代码：用字、长度、校验位和其中的组织机构代码。")
def check(
    codes: Annotated[list[str], typer.Argument(metavar="代码…", help="一个或多个统一社会信用代码。")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单。")] = False,
) -> None:
    """Every code is answered, in the order given; exit 0 when all are right, 1 when any is not."""
    findings = []
    for place, text in enumerate(codes, start=1):
        faults = faults_in_code(text, place=_place(place, text))
        findings += faults
        if not faults and not as_json:
            print(_LINE[language()].format(code=normalised(text), who=_who(normalised(text))))
    if findings or as_json:
        print_findings(findings, as_json=as_json)
    raise typer.Exit(exit_for(findings))


def _place(number: int, text: str) -> str:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return f"第 {number} 个：{shown}" if language() == "zh" else f"no. {number}: {shown}"


def _who(code: str) -> str:
    registration = registration_of(code)
    if registration is None:
        return ""
    kind = f"，{registration.kind}" if registration.kind else ""
    return f"（{registration.authority}{kind}）"
