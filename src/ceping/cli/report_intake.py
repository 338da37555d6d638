"""`ceping report intake FILE.docx`: a filled official form in Word read back into report.json."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from ceping.cli.printing import exit_for, in_order, print_findings
from ceping.cli.wrong_use import language
from ceping.core.finding import Finding, fault

_UNREADABLE = 2
_WORDS = {
    "zh": {
        "refused": "没有读取，也没有写文件：",
        "not_understood": "── 没读懂的：请对照 Word 核对 ──",
        "to_mend": "── 需要补正的：读出的报告还差什么 ──",
        "read": "按方案 {scheme} 的表读出 {answers} 项回答、{tables} 张表共 {rows} 行。",
        "written": "已写入 {path}。附件和承诺不从 Word 读取。",
        "not_written": "没有给 --out，没有写文件。",
    },
    "en": {
        "refused": "The file was not read and nothing was written:",
        "not_understood": "── Not understood: hold it against the Word file ──",
        "to_mend": "── To be mended: what the report still lacks ──",
        "read": "By the form of {scheme}: {answers} answers, {tables} tables with {rows} rows.",
        "written": "Written to {path}. Attachments and commitment are not read from Word.",
        "not_written": "Nothing was written: no --out was given.",
    },
}
# What could not be read is told once: that the answer is no number, or missing, follows from it.
_TELLS_ENOUGH = frozenset(
    (
        "word_number_unclear",
        "word_date_unclear",
        "word_date_no_day",
        "word_date_two",
        "word_choice_unclear",
        "word_field_missing",
    )
)


def intake(
    path: Annotated[
        Path, typer.Argument(metavar="文件", help="填好的自评报告（.docx，Word、WPS 或 LibreOffice 保存）。")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="写到哪个 report.json；不给则只读不写。")
    ] = None,
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="按哪个方案的表读；默认由标题认出。")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="已有这个文件时替换它。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出问题清单。")] = False,
) -> None:
    """The report is written when the file was read; exit 0 clean, 1 findings, 2 refused or unreadable."""
    # Imported here: the rule language is wide, and `--help` must not wait for it.
    from ceping.documents.intake.word import take_in  # noqa: PLC0415

    if out is not None and out.exists() and not replace:
        _refuse([fault("word_out_exists", file=path.name, path=out)], as_json=as_json)
    taken = take_in(path, scheme=scheme)
    if taken.report is None:
        _refuse(list(taken.findings), as_json=as_json)
        return
    wrong = _wrong(taken.report, taken.scheme, list(taken.findings), file="report.json" if out is None else out.name)
    if out is not None:
        _write(out, taken.report)
    _tell(list(taken.findings), wrong, taken.report, taken.scheme, out, as_json=as_json)
    raise typer.Exit(exit_for([*taken.findings, *wrong]))


def _wrong(report: dict[str, Any], scheme: str, unread: list[Finding], *, file: str) -> list[Finding]:
    """What the report lacks by its own checks, but for what follows from an answer that could not be read."""
    from ceping.core.report import faults_in, read_report  # noqa: PLC0415 -- as above
    from ceping.core.scheme.loading import load  # noqa: PLC0415 -- as above

    rules, _ = load(scheme)
    read, findings = read_report(report, file=file)
    if rules is None or read is None:
        return findings
    told = {one.place for one in unread if one.code in _TELLS_ENOUGH}
    wrong = (*findings, *faults_in(read, rules, rules.header.period, file=file))
    return [one for one in wrong if one.place not in told]


def _write(out: Path, report: dict[str, Any]) -> None:
    """The file is there whole or as it was before."""
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    with tempfile.NamedTemporaryFile("wb", dir=out.absolute().parent, prefix=f".{out.name}.", delete=False) as stream:
        draft = Path(stream.name)
        try:
            stream.write(text.encode())
            stream.close()
            draft.chmod(0o644)
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)


def _tell(
    unread: list[Finding], wrong: list[Finding], report: dict[str, Any], scheme: str, out: Path | None, *, as_json: bool
) -> None:
    if as_json:
        _print_json(unread, wrong)
        return
    words = _WORDS[language()]
    for title, findings in (("not_understood", unread), ("to_mend", wrong)):
        print(words[title])
        print_findings(findings, as_json=False)
        print()
    rows = sum(map(len, report["tables"].values()))
    count = len(report["answers"])
    print(words["read"].format(scheme=scheme, answers=count, tables=len(report["tables"]), rows=rows))
    print(words["not_written"] if out is None else words["written"].format(path=out))


def _refuse(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        _print_json(findings, [])
    else:
        print(_WORDS[language()]["refused"])
        print_findings(findings, as_json=False)
    raise typer.Exit(_UNREADABLE)


def _print_json(unread: list[Finding], wrong: list[Finding]) -> None:
    told = {
        name: [one.as_json(language()) for one in in_order(findings)]
        for name, findings in (("not_understood", unread), ("to_mend", wrong))
    }
    print(json.dumps(told, ensure_ascii=False, indent=2))
