"""`ceping scheme`: list the shipped, show, check and compare schemes, run worked cases, print the schema."""

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ceping.cli import scheme_intake
from ceping.cli.printing import exit_for, print_findings, refuse
from ceping.core.finding import Finding, errors_in, fault
from ceping.core.scheme.shipped import folder_of, hash_of, shipped_folders

if TYPE_CHECKING:
    from ceping.core.scheme.loading import Scheme

app = typer.Typer(add_completion=False)
app.command("intake", help="从指标表（xlsx、csv）起草一个方案文件夹，并列出还要定的事。")(scheme_intake.intake)
_HASH_SHOWN = 12

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。")]
Named = Annotated[
    str, typer.Argument(metavar="方案", help="方案名（如 shanghai-2021 或 shanghai-2021@1）或方案文件夹。")
]


@app.command("list", help="列出随程序提供的方案。")
def list_schemes(as_json: AsJson = False) -> None:
    """One line for each shipped version: label, hash, title; reads the headers alone, so that it answers at once."""
    rows = []
    for label, folder in shipped_folders().items():
        header = tomllib.loads((folder / "scheme.toml").read_text(encoding="utf-8"))
        row = {"label": label, "sha256": hash_of(folder), "title": header["title"], "authority": header["authority"]}
        rows.append(row | {"excerpt": header.get("excerpt", "")})
    if as_json:
        print(json.dumps({"schemes": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        excerpt = f"（节选：{row['excerpt']}）" if row["excerpt"] else ""
        print(f"{row['label']}  {row['sha256'][:_HASH_SHOWN]}  {row['title']}{excerpt}  {row['authority']}")


@app.command(help="查看一个方案：指标、规则、参评条件、等次和声明的读法。")
def show(name: Named, as_json: AsJson = False) -> None:
    """The scheme as people read it; with `--json` every key of every file."""
    from ceping.cli.scheme_page import page_of  # noqa: PLC0415 -- listing must not wait for the rule language

    scheme = _loaded(name, as_json=as_json)
    if as_json:
        files = ("header", "form", "indicators", "points", "verification", "summary", "outcome")
        given = {file: table for file in files if (table := getattr(scheme, file)) is not None}
        tables = {file: table.model_dump(mode="json", by_alias=True) for file, table in given.items()}
        print(json.dumps({"label": scheme.label, "sha256": scheme.sha256, **tables}, ensure_ascii=False, indent=2))
        return
    print(page_of(scheme))


@app.command(help="检查一个方案：写法、引用、权重、等次、够不着的分值，并验算例题。")
def check(name: Named, as_json: AsJson = False) -> None:
    """Every finding of the scheme and of its worked cases; exit 0 clean, 1 findings, 2 unreadable."""
    from ceping.core.evaluation.cases import run_cases  # noqa: PLC0415 -- as above
    from ceping.core.scheme.loading import load_folder  # noqa: PLC0415 -- as above

    folder = _folder(name, as_json=as_json)
    scheme, findings = load_folder(folder)
    ran: list[str] = []
    if scheme is not None:
        ran, faults = run_cases(scheme, folder)
        findings += faults
    print_findings(findings, as_json=as_json)
    if scheme is not None and not as_json:
        print(f"{scheme.label}  {scheme.sha256}  例题 {len(ran)} 道。")
    raise typer.Exit(exit_for(findings))


@app.command(help="验算一个方案的例题，逐题说明。")
def cases(name: Named, as_json: AsJson = False) -> None:
    """Every worked case by name, and every number that came out otherwise; exit 0 when all agree, 1 otherwise."""
    from ceping.core.evaluation.cases import run_cases  # noqa: PLC0415 -- as above

    scheme = _loaded(name, as_json=as_json)
    ran, findings = run_cases(scheme, _folder(name, as_json=as_json))
    if not as_json:
        wrong = {(finding.file, finding.place.partition(" · ")[0]) for finding in findings}
        for shown in ran:
            file, _, case = shown.partition("：")
            print(f"{'不符' if (file, case) in wrong else '相符'}  {shown}")
    print_findings(findings, as_json=as_json)
    raise typer.Exit(exit_for(findings))


@app.command(help="比较两个方案：逐键列出不同之处。")
def diff(left: Named, right: Named, as_json: AsJson = False) -> None:
    """Every key whose meaning differs; exit 0 when there is none, 1 when there are."""
    from ceping.core.scheme.comparing import differences  # noqa: PLC0415 -- as above

    one, two = _loaded(left, as_json=as_json), _loaded(right, as_json=as_json)
    found = differences(one, two)
    if as_json:
        rows = [{"file": d.file, "place": d.place, "left": d.left, "right": d.right} for d in found]
        print(json.dumps({"left": one.label, "right": two.label, "differences": rows}, ensure_ascii=False, indent=2))
    else:
        print(f"{one.label} {one.sha256[:_HASH_SHOWN]}  →  {two.label} {two.sha256[:_HASH_SHOWN]}")
        for d in found:
            print(f"{d.file}  {d.place}：{_side(d.left)} → {_side(d.right)}")
        print(f"共 {len(found)} 处不同。" if found else "两个方案的内容没有不同。")
    raise typer.Exit(1 if found else 0)


@app.command(help="输出方案文件的 JSON Schema，供编辑器补全和校对。")
def schema(
    file: Annotated[str, typer.Argument(metavar="文件名", help="如 indicators.toml。")] = "indicators.toml",
) -> None:
    """The JSON Schema of one of a scheme's files."""
    from ceping.core.scheme.loading import FILES, json_schema_of  # noqa: PLC0415 -- as above

    if file not in FILES:
        refuse(fault("choice_unknown", place=file, given=file, known="、".join(FILES)))
    print(json.dumps(json_schema_of(file), ensure_ascii=False, indent=2))


def _side(value: str | None) -> str:
    return "（无）" if value is None else value.replace("\n", "⏎")


def _folder(name: str, *, as_json: bool) -> Path:
    folder = folder_of(name)
    if folder is None:
        refuse(fault("scheme_unknown", place=name, name=name, known="、".join(shipped_folders())), as_json=as_json)
    if not (folder / "scheme.toml").is_file():
        refuse(fault("scheme_needs_folder", place=name, name=name), as_json=as_json)
    return folder


def _loaded(name: str, *, as_json: bool) -> "Scheme":
    from ceping.core.scheme.loading import load_folder  # noqa: PLC0415 -- as above

    scheme, findings = load_folder(_folder(name, as_json=as_json))
    if scheme is None:
        _end(errors_in(findings), as_json=as_json)
    return scheme


def _end(findings: list[Finding], *, as_json: bool) -> NoReturn:
    print_findings(findings, as_json=as_json)
    raise typer.Exit(2)
