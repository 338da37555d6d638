"""`ceping papers`: the papers of a season before and after its results, all in one folder that any run goes on with."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ceping.bulk.request import Encoding
from ceping.cli.printing import print_findings, progress, refuse
from ceping.cli.season_options import AsJson, SchemeFolder, check_season
from ceping.core.finding import Finding, errors_in, fault

if TYPE_CHECKING:
    from ceping.documents.forms.calls import Phones
    from ceping.folder.papers import Sources
    from ceping.folder.papers_batch import Paper


class Shown(StrEnum):
    """How phones stand on call sheets."""

    MASKED = "masked"
    FULL = "full"
    NONE = "none"


_KINDS = (
    "种类，可重复：mark-sheets 评分表、calls 回访记录表、marks 打分确认表、results 名单、notice 公示、"
    "certificates 证书、feedback 反馈报告、work-report 工作报告；默认做能做的全部。"
)


def papers(
    season: Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，里面有 season.toml。")],
    result: Annotated[
        Path | None, typer.Argument(metavar="结果", help="ceping evaluate 写出的结果文件夹；评分表和回访表不需要。")
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", help="写到这个文件夹；再次运行时，没有变化的保留，其余重做。")],
    kind: Annotated[list[str] | None, typer.Option("--kind", metavar="KIND", help=_KINDS)] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", metavar="FILE", help="公示、证书、工作报告要写的发布单位、日期等（.toml）。"),
    ] = None,
    opinions: Annotated[
        Path | None, typer.Option("--opinions", metavar="FILE", help="各机构的书面意见（.csv）：优势、不足、建议。")
    ] = None,
    former: Annotated[
        Path | None, typer.Option("--former", metavar="OUT", help="上一年度的结果文件夹，写进工作报告作对比。")
    ] = None,
    phones: Annotated[
        Shown, typer.Option("--phones", help="回访表上的电话：masked 隐去中段、full 全号、none 不印。")
    ] = Shown.MASKED,
    encoding: Annotated[
        Encoding | None, typer.Option("--encoding", help="CSV 的编码；默认按结果所记，没有结果时为 UTF-8。")
    ] = None,
    scheme: SchemeFolder = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="同时做几份；默认与处理器核数相同。")] = 0,
    as_json: AsJson = False,
) -> None:
    """出测评的各种文书：评分表、回访表、名单、公示、证书、反馈报告、工作报告；有错误时一份也不写。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.folder.output import Refused  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.papers import KINDS  # noqa: PLC0415 -- as above

    check_season(season, as_json=as_json)
    for given in kind or ():
        if given not in KINDS:
            known = "、".join(f"{name}（{title}）" for name, title in KINDS.items())
            refuse(fault("papers_kind_unknown", given=given[:40], known=known), as_json=as_json)
    found = "" if encoding is None else encoding.value
    order = _Order(season, result, tuple(kind or ()), texts, opinions, former, phones.value, scheme, found)
    try:
        order.write(out, workers=workers, as_json=as_json)
    except Refused as refusal:
        refuse(refusal.finding, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for."""

    season: Path
    result: Path | None
    kinds: tuple[str, ...]
    texts: Path | None
    opinions: Path | None
    former: Path | None
    phones: "Phones"
    scheme: Path | None
    encoding: str

    def write(self, out: Path, *, workers: int, as_json: bool) -> None:
        """Everything stands in `out`, or the command ends with what is wrong."""
        from ceping.folder.batch import filling  # noqa: PLC0415 -- help pages need none of it
        from ceping.folder.papers import KINDS, read_sources  # noqa: PLC0415 -- as above
        from ceping.folder.papers_batch import COMMAND, MARKER, about_of, write_papers  # noqa: PLC0415 -- as above

        sources, findings = read_sources(self.season, self.result, scheme_folder=self.scheme, encoding=self.encoding)
        if sources is None:
            _end(findings, as_json=as_json)
        kinds, made = self._made(sources, findings)
        if errors_in(findings):
            _end(findings, as_json=as_json)
        with (
            filling(out, command=COMMAND, marker=MARKER, season=self.season) as batch,
            progress("文书", len(made)) as move,
        ):
            findings += write_papers(batch, made, kinds=kinds, about=about_of(sources), workers=workers, step=move)
            kept = sum(batch.done[paper.key].kept for paper in made)
        if findings or as_json:
            print_findings(findings, as_json=as_json)
        if not as_json:
            counts = "、".join(f"{KINDS[one]} {sum(paper.kind == one for paper in made)} 份" for one in kinds)
            earlier = f"；其中 {kept} 份先前已做好" if kept else ""
            print(f"已写入 {out}：{counts}{earlier}。")

    def _made(self, sources: "Sources", findings: list[Finding]) -> tuple[tuple[str, ...], list["Paper"]]:
        """The kinds and their papers; what is wrong is added to the findings, and with an error there are none."""
        from ceping.folder.papers import changed_faults  # noqa: PLC0415 -- help pages need none of it
        from ceping.folder.papers_before import read_before  # noqa: PLC0415 -- as above
        from ceping.folder.papers_made import Wanted, kinds_possible, lacking, papers_of  # noqa: PLC0415 -- as above
        from ceping.folder.papers_texts import read_opinions, read_texts  # noqa: PLC0415 -- as above

        words, wrong = read_texts(self.texts)
        findings += wrong
        opinions, wrong = read_opinions(self.opinions, sources.season.institutions)
        findings += wrong
        before, wrong = read_before(self.former, self.result)
        findings += wrong
        kinds = tuple(dict.fromkeys(self.kinds or kinds_possible(sources, words)))
        if not errors_in(findings):
            findings += [*changed_faults(sources, kinds), *lacking(sources, kinds, words)]
        if errors_in(findings):
            return kinds, []
        made, found = papers_of(sources, kinds, Wanted(words, opinions, self.phones, before))
        findings += found
        return kinds, made


def _end(findings: Sequence[Finding], *, as_json: bool) -> NoReturn:
    print_findings(findings, as_json=as_json)
    if not as_json:
        print("有错误，一份也没有写。")
    raise typer.Exit(1)
