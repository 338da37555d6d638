"""`ceping evaluate` and `ceping explain`: a season folder to its results, and one result told down to the clause."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.bulk.request import Encoding
from ceping.cli.printing import print_findings, progress, refuse
from ceping.cli.season_options import AsJson, EncodingGiven, SchemeFolder, check_season

if TYPE_CHECKING:
    from ceping.folder.evaluation import Evaluated

_STEPS = 4


def evaluate(
    season: Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，里面有 season.toml。")],
    out: Annotated[Path, typer.Option("--out", help="结果写到这个文件夹：须不存在、为空，或是先前的结果。")],
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="缺少的文件和数值记为缺口，结果标明不完整；错误仍须改正。")
    ] = False,
    encoding: EncodingGiven = Encoding.UTF8,
    scheme: SchemeFolder = None,
    as_json: AsJson = False,
) -> None:
    """先检查每个文件，再算出得分、等次和名次；有错误时列出全部问题，不写任何结果。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.folder.evaluation import evaluate_folder  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.output import Refused  # noqa: PLC0415 -- as above

    check_season(season, as_json=as_json)
    with progress("测评", _STEPS) as move:
        try:
            evaluated = evaluate_folder(
                season,
                out,
                allow_missing=allow_missing,
                encoding=encoding,
                scheme_folder=scheme,
                step=lambda _name: move(1),
            )
        except Refused as refusal:
            refuse(refusal.finding, as_json=as_json)
    if as_json:
        print_findings(evaluated.findings, as_json=True)
    elif not evaluated.done:
        print_findings(evaluated.findings, as_json=False)
        print("有错误，没有写出任何结果。")
    else:
        _print_ranking(evaluated)
        if evaluated.findings:
            print_findings(evaluated.findings, as_json=False)
        if evaluated.signals:
            print(
                f"另有 {evaluated.signals} 处疑点请人工查看（号码、名称、订单、附件），不影响得分，见其中的 advice.json"
            )
        print(f"结果已写入 {out}，用浏览器打开其中的 report.html 可看图表和逐家说明")
    if not evaluated.done:
        raise typer.Exit(1)


def _print_ranking(evaluated: "Evaluated") -> None:
    from ceping.cli.table import aligned  # noqa: PLC0415 -- only a finished run prints
    from ceping.core.exact import text_of  # noqa: PLC0415 -- as above
    from ceping.folder.workbook import category_titles, in_rank_order  # noqa: PLC0415 -- as above

    season, outcome = evaluated.season, evaluated.outcome
    if season is None or outcome is None:
        return
    titles = category_titles(season.scheme)
    rows: list[tuple[str, ...]] = [("名次", "类别内", "机构", "申报类别", "总分", "等次", "说明")]
    for result in in_rank_order(outcome):
        standing = result.standing
        reasons = [f"豁免：{gate.gate.title}" for gate in standing.gates if gate.waived]
        reasons += [] if standing.steps[-1].rule == "bands" else [standing.grade_reason]
        rows.append(
            (
                str(result.ranks.rank or "—"),
                str(result.ranks.rank_in_category or "—"),
                result.entry.name,
                titles.get(result.entry.category, result.entry.category),
                "—" if standing.total is None else text_of(standing.total),
                standing.grade,
                "；".join(reasons),
            )
        )
    print(f"{season.terms.title}  {season.scheme.label}")
    if evaluated.notice:
        print(evaluated.notice)
    for line in aligned(rows):
        print(line)


def explain(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="ceping evaluate 写出的结果文件夹。")],
    uscc: Annotated[str, typer.Argument(metavar="USCC", help="机构的统一社会信用代码。")],
    indicator: Annotated[str, typer.Option("--indicator", metavar="ID", help="只说明这一个评分项。")] = "",
    scheme: Annotated[Path | None, typer.Option("--scheme", help="算出结果的方案文件夹；默认用随程序提供的。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出这家机构的结果和推算过程。")] = False,
) -> None:
    """逐项说明一家机构的得分：规则、所读的值及其出处、舍入、条款，直到总分、等次和名次。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.core.uscc import normalised  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.explanation import (  # noqa: PLC0415 -- as above
        Unexplained,
        lines_of,
        read_results,
        read_rows,
        result_of,
        scheme_of,
    )

    try:
        results = read_results(out)
        result = result_of(results, normalised(uscc))
        made_by = scheme_of(results, scheme_folder=scheme)
        lines = lines_of(results, result, made_by, indicator=indicator, rows=read_rows(out))
    except Unexplained as refusal:
        refuse(refusal.finding, as_json=as_json)
    if as_json:
        told = {"scheme": results["scheme"], "parameters": results["parameters"], "institution": dict(result)}
        if indicator:
            told["institution"] = result["trace"]["items"][indicator]
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    print("\n".join(lines))
