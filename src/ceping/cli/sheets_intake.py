"""What `ceping marks intake` and `ceping calls intake` have in common: filled sheets into one table of a season."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.printing import print_findings
from ceping.cli.season_options import check_season
from ceping.cli.table_intake import check_options, check_out, csv_of, marked_copy, write_texts
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.folder.columns import File
    from ceping.folder.papers import Sources
    from ceping.folder.papers_taken import Merged, Reading, Taken

SeasonGiven = Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，里面有 season.toml。")]
OutGiven = Annotated[
    Path | None,
    typer.Option("--out", metavar="文件", help="写进这个 .csv，里面其他人的照旧；不给只作检查。"),
]
ReplaceGiven = Annotated[bool, typer.Option("--replace", help="同一人（同一机构）先前收过的行，以这次为准。")]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet: how one is read, the table it goes into, whose sheet it is, and the words for it.

    `again` is the code for two sheets of the same; `also` are columns of the season beside those of the table.
    """

    read: "Callable[[Path, Sources, Reading], Taken]"
    file: "File"
    by: str
    again: str
    sheets: str
    rows: str
    also: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was given."""

    season: Path
    sheets: Sequence[Path]
    out: Path | None
    replace: bool
    scheme: Path | None
    sheet: str
    encoding: str
    confirm: Sequence[str]
    as_json: bool


def opened(asked: Asked) -> "Sources":
    """The season, when it and the options can be used; else the command ends with code 2."""
    from ceping.folder.papers import read_sources  # noqa: PLC0415 -- help pages need none of it

    check_season(asked.season, as_json=asked.as_json)
    check_options(asked.encoding, asked.confirm, as_json=asked.as_json)
    for path in asked.sheets:
        check_out(asked.out, path, (".csv",), as_json=asked.as_json)
    sources, findings = read_sources(asked.season, None, scheme_folder=asked.scheme)
    if sources is None:
        print_findings(findings, as_json=asked.as_json)
        raise typer.Exit(2)
    return sources


def take_back(asked: Asked, kind: Kind, sources: "Sources") -> None:
    """The rows of all sheets, or of none; exit 0 taken, 1 refused, with a marked-up copy beside each refused sheet."""
    from ceping.folder.papers_taken import Reading  # noqa: PLC0415 -- as above

    reading = Reading(asked.sheet, asked.encoding, frozenset(asked.confirm))
    taken = [(path, kind.read(path, sources, reading)) for path in asked.sheets]
    findings = [*(finding for _, one in taken for finding in one.findings), *_again(taken, kind)]
    merged = None
    if not errors_in(findings) and asked.out is not None:
        merged = _merged(asked.out, taken, kind, replacing=asked.replace)
        findings += merged.findings
    if errors_in(findings):
        _end(taken, findings, as_json=asked.as_json)
    if merged is not None and asked.out is not None:
        write_texts({asked.out: csv_of(merged.columns, merged.rows)}, as_json=asked.as_json)
    if findings or asked.as_json:
        print_findings(findings, as_json=asked.as_json)
    if not asked.as_json:
        count = sum(len(one.rows) for _, one in taken)
        print(f"收下 {len(taken)} 份{kind.sheets}、{count} {kind.rows}{_written(asked.out, merged)}")


def _again(taken: "Sequence[tuple[Path, Taken]]", kind: Kind) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for path, one in taken:
        if one.whose and first.setdefault(one.whose, path) is not path:
            yield fault(kind.again, file=path.name, who=one.whose, first=first[one.whose].name)


def _merged(out: Path, taken: "Sequence[tuple[Path, Taken]]", kind: Kind, *, replacing: bool) -> "Merged":
    from ceping.folder.papers_taken import merged  # noqa: PLC0415 -- as above

    sheets: Mapping[Path, Taken] = dict(taken)
    return merged(out, kind.file, sheets, by=kind.by, also=kind.also, replacing=replacing)


def _end(taken: "Sequence[tuple[Path, Taken]]", findings: list[Finding], *, as_json: bool) -> None:
    copies = []
    for path, one in taken:
        if one.refused:
            copy, refused = marked_copy(path, one.table)
            copies += [copy] if copy is not None else []
            findings += refused
    print_findings(findings, as_json=as_json)
    if not as_json:
        print("有错误，一行也没有收。")
        for copy in copies:
            print(f"标注副本：{copy}")
    raise typer.Exit(1)


def _written(out: Path | None, merged: "Merged | None") -> str:
    if out is None or merged is None:
        return "（没有写 --out，只作检查）。"
    kept = f"，原有的其他 {merged.kept} 行照旧" if merged.kept else ""
    return f"，写入 {out}{kept}。"
