"""`ceping scheme intake FILE --out FOLDER`: an indicator table out of a spreadsheet into the draft of a scheme."""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.cli.table_intake import AsJson, ConfirmGiven, EncodingGiven, FileGiven, SheetGiven, check_options
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.documents.intake.scheme_draft import Draft


def intake(
    path: FileGiven,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="草稿写到哪里：不存在或为空的文件夹。")],
    scheme_id: Annotated[str, typer.Option("--id", metavar="编号", help="方案编号；默认用文件夹名。")] = "",
    title: Annotated[str, typer.Option("--title", metavar="名称", help="方案名称；默认用表上方的标题。")] = "",
    authority: Annotated[str, typer.Option("--authority", metavar="部门", help="主管部门。")] = "",
    source: Annotated[str, typer.Option("--source", metavar="文件名", help="依据的文件；默认写指标表的文件名。")] = "",
    start: Annotated[str, typer.Option("--from", metavar="日期", help="测评期第一天，如 2024-01-01。")] = "",
    end: Annotated[str, typer.Option("--to", metavar="日期", help="测评期最后一天。")] = "",
    illustrative: Annotated[
        bool, typer.Option("--illustrative", help="表里没有写的评分方式和分数线先用示例参数，并声明。")
    ] = False,
    sheet: SheetGiven = "",
    encoding: EncodingGiven = "",
    confirm: ConfirmGiven = [],  # noqa: B006 -- typer reads the default once
    as_json: AsJson = False,
) -> None:
    """A draft folder and what remains to be decided; exit 0 nothing remains, 1 something does, 2 no table was read."""
    from ceping.documents.intake.scheme import take_in_scheme  # noqa: PLC0415 -- `--help` must not wait for parsers
    from ceping.documents.intake.scheme_draft import Named, draft_of, is_id  # noqa: PLC0415 -- as above

    check_options(encoding, confirm, as_json=as_json)
    for option, given in (("--from", start), ("--to", end)):
        if given and not _is_day(given):
            refuse(fault("report_date_malformed", place=option, given=given), as_json=as_json)
    if scheme_id and not is_id(scheme_id):
        refuse(fault("scheme_id_refused", place="--id", given=scheme_id), as_json=as_json)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        refuse(fault("intake_out_taken", place=str(out)), as_json=as_json)
    read = take_in_scheme(path, sheet=sheet, encoding=encoding, confirmed=frozenset(confirm))
    if not read.branches:
        print_findings(read.findings, as_json=as_json)
        raise typer.Exit(2)
    named = Named(scheme_id or (out.name if is_id(out.name) else ""), title, authority, source, start, end)
    draft = draft_of(read, named, illustrative=illustrative)
    _write(out, draft)
    found = [*read.findings, *_checked(out)]
    print_findings(found, as_json=as_json)
    if not as_json:
        _tell(draft, out, sum(1 for _ in read.rows()))
    raise typer.Exit(1 if errors_in(found) or draft.open else 0)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _checked(out: Path) -> list[Finding]:
    from ceping.core.scheme.loading import load_folder  # noqa: PLC0415 -- as above

    return load_folder(out)[1]


def _write(out: Path, draft: "Draft") -> None:
    """The folder stands with all its files, or not at all."""
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name[:80]}.", dir=out.absolute().parent))
    try:
        for name, text in draft.files.items():
            (staging / name).write_text(text, encoding="utf-8")
        staging.chmod(0o777 & ~_umask())
        staging.replace(out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _tell(draft: "Draft", out: Path, count: int) -> None:
    if draft.told:
        print("评分标准读作（请核对）：")
        for line in draft.told:
            print(f"  {line}")
    if draft.open:
        print("还要定的：")
        for line in draft.open:
            print(f"  {line}")
    print(f"{count} 项指标写成草稿 {out}。改好后运行 ceping scheme check {out}")
