"""What every command that takes a spreadsheet in has in common: its options, its refusal with a copy, its files."""

import csv
import errno
import io
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.core.scheme.loading import Scheme
    from ceping.documents.intake.tables import Table

_COPY = "-问题清单"
_LEAST_FREE = 1024 * 1024
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
    copy, refused = marked_copy(path, table, marked)
    print_findings([*table.findings, *refused], as_json=as_json)
    if copy is not None and not as_json:
        print(f"一行也没有收。标注副本：{copy}")
    raise typer.Exit(1 if table.header else 2)


def marked_copy(path: Path, table: "Table", marked: Path | None = None) -> tuple[Path | None, list[Finding]]:
    """Where the marked-up copy of the table now stands, or why it could not be made; none of a file without a table."""
    if not table.header:
        return None, []
    copy = marked or _copy_name(path)
    refused = _mark(path, table, copy)
    return (copy, []) if refused is None else (None, [refused])


def _copy_name(path: Path) -> Path:
    """Beside the file; what comes back mended in its copy is not written over, but counted on."""
    stem, _, number = path.stem.partition(_COPY)
    if path.stem.endswith(_COPY) or number.isdecimal():
        return path.with_name(f"{stem}{_COPY}{int(number or 1) + 1}.xlsx")
    return path.with_name(f"{path.stem}{_COPY}.xlsx")


def check_out(out: Path | None, path: Path, suffixes: Sequence[str], *, as_json: bool) -> None:
    """Nothing, when `out` is of one of these kinds and another file than the one read; else the command ends."""
    if out is not None and out.suffix.lower() not in suffixes:
        refuse(fault("intake_out_kind", place=str(out), known="、".join(suffixes)), as_json=as_json)
    if out is not None and out.exists() and path.exists() and out.samefile(path):
        refuse(fault("intake_out_is_input", place=str(out)), as_json=as_json)


def _mark(path: Path, table: "Table", copy: Path) -> Finding | None:
    from ceping.documents.confined import Refused  # noqa: PLC0415 -- as above
    from ceping.documents.intake.markup import is_marked, write_marked  # noqa: PLC0415 -- as above

    if copy.exists() and (copy.samefile(path) or not is_marked(copy)):
        return fault("intake_copy_foreign", place=str(copy))
    try:
        write_marked(path, table, copy)
    except Refused:
        # A full disk stops the child as a foreign workbook does; what to do about it is another thing.
        if shutil.disk_usage(copy.parent).free < max(path.stat().st_size, _LEAST_FREE):
            return fault("out_unwritable", path=copy, reason=os.strerror(errno.ENOSPC))
        return fault("intake_copy_failed", file=path.name)
    except OSError as error:
        return fault("out_unwritable", path=copy, reason=error.strerror or str(error))
    return None


def csv_of(columns: Sequence[str], rows: Sequence[Any]) -> str:
    """The rows under these columns; a missing cell is empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_texts(texts: Mapping[Path, str], *, as_json: bool) -> None:
    """Every text stands at its path; or what stood there before does, and the command ends with the reason."""
    from ceping.documents.intake.markup import whole  # noqa: PLC0415 -- as above

    out = Path()
    try:
        # A full disk shows before the first of them takes its place.
        with ExitStack() as drafts:
            for out, text in texts.items():
                drafts.enter_context(whole(out)).write_text(text, encoding="utf-8")
    except OSError as error:
        # What stands in the way of a folder is a file, and to say that it exists would not help.
        reason = os.strerror(errno.ENOTDIR) if isinstance(error, FileExistsError) else error.strerror
        refuse(fault("out_unwritable", path=out, reason=reason or str(error)), as_json=as_json)


def tell_taken(table: "Table") -> None:
    """From where the rows were taken, and which rows were passed over."""
    sheet = f"工作表“{table.sheet}”，" if table.sheet else ""
    print(f"{sheet}表头在第 {table.header} 行。")
    for one in table.ignored:
        print(f"没有当作数据：第 {one.number} 行“{one.text}”")
