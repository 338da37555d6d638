"""`ceping whatif`: who would stand elsewhere under other weights, another scheme or without an assessor."""

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.bulk.request import Encoding
from ceping.cli.printing import print_findings, refuse
from ceping.cli.season_options import EncodingGiven, check_season
from ceping.core.finding import fault

if TYPE_CHECKING:
    from ceping.folder.whatif import Side, Tried


def whatif(
    season: Annotated[Path, typer.Argument(metavar="DIR", help="测评年度文件夹，或完整包、公开包。")],
    weight: Annotated[
        list[str] | None, typer.Option("-w", "--weight", metavar="ITEM=WEIGHT", help="改一个评分项的权重，可多次。")
    ] = None,
    rescale: Annotated[bool, typer.Option("--rescale", help="没有点名的权重按比例缩放，使合计不变。")] = False,
    scheme: Annotated[str, typer.Option("--scheme", metavar="方案", help="换成另一个方案：名称或方案文件夹。")] = "",
    without: Annotated[str, typer.Option("--without-assessor", metavar="ID", help="去掉这名专家的打分。")] = "",
    season_scheme: Annotated[
        Path | None,
        typer.Option("--season-scheme", help="原方案文件夹；默认用随程序提供的、season.toml 所写的那一版。"),
    ] = None,
    encoding: EncodingGiven = Encoding.UTF8,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
) -> None:
    """试算：新旧名次、等次、总分并列，列出有变化的机构；不改变任何记录。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.folder.output import Refused  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.whatif import Asked, try_out  # noqa: PLC0415 -- as above

    check_season(season, as_json=as_json)
    asked = Asked(_weights(weight or [], as_json=as_json), rescale, scheme, without)
    if not (asked.weights or scheme or without):
        refuse(fault("whatif_nothing"), as_json=as_json)
    try:
        tried = try_out(season, asked, encoding=encoding, scheme_folder=season_scheme)
    except Refused as refusal:
        refuse(refusal.finding, as_json=as_json)
    if not tried.done:
        print_findings(tried.findings, as_json=as_json)
        raise typer.Exit(1)
    if as_json:
        print(json.dumps(_told(tried), ensure_ascii=False, indent=2))
        return
    for line in _page(tried):
        print(line)


def _weights(given: list[str], *, as_json: bool) -> dict[str, Decimal]:
    from ceping.core.exact import NotANumber, decimal_of  # noqa: PLC0415 -- as above

    weights: dict[str, Decimal] = {}
    for text in given:
        key, _, value = text.partition("=")
        try:
            number = decimal_of(value.strip())
        except NotANumber:
            refuse(fault("whatif_weight_malformed", given=text[:60]), as_json=as_json)
        if key.strip() in weights:
            refuse(fault("whatif_weight_malformed", given=text[:60]), as_json=as_json)
        weights[key.strip()] = number
    return weights


def _page(tried: "Tried") -> list[str]:
    from ceping.cli.table import aligned  # noqa: PLC0415 -- as above
    from ceping.folder.whatif import NOTE  # noqa: PLC0415 -- as above

    old, new = tried.schemes
    lines = [f"{NOTE}。", f"方案 {old}" + (f" → {new}" if old != new else "")]
    lines += [f"权重 {key}：{_shown(was)} → {_shown(now)}" for key, (was, now) in tried.weights.items()]
    lines += [f"去掉专家 {tried.without} 的打分"] if tried.without else []
    if tried.changed:
        rows = [("名次", "机构", "总分", "等次")]
        for line in tried.changed:
            pairs = [_pair(_cells(line.old)[name], _cells(line.new)[name]) for name in ("rank", "total", "grade")]
            rows.append((pairs[0], line.name, pairs[1], pairs[2]))
        lines += aligned(rows)
    counts = "，".join(f"{word}有变 {tried.count(name)} 家" for name, word in _COUNTED.items())
    return [*lines, f"共 {len(tried.lines)} 家：{counts}。"]


_COUNTED = {"rank": "名次", "grade": "等次", "total": "总分"}


def _shown(value: Decimal | None) -> str:
    from ceping.core.exact import rounded, short_text_of  # noqa: PLC0415 -- as above

    return "（无）" if value is None else short_text_of(rounded(value, 4))


def _pair(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _cells(side: "Side") -> dict[str, str]:
    from ceping.core.exact import text_of  # noqa: PLC0415 -- as above

    total = "—" if side.total is None else text_of(side.total)
    return {"rank": str(side.rank or "—"), "total": total, "grade": side.grade}


def _told(tried: "Tried") -> dict[str, object]:
    from ceping.core.exact import short_text_of, text_of  # noqa: PLC0415 -- as above
    from ceping.folder.whatif import NOTE  # noqa: PLC0415 -- as above

    def side(one: "Side") -> dict[str, object]:
        return {"total": None if one.total is None else text_of(one.total), "grade": one.grade, "rank": one.rank}

    return {
        "note": NOTE,
        "schemes": list(tried.schemes),
        "weights": {
            key: [None if was is None else short_text_of(was), short_text_of(now)]
            for key, (was, now) in tried.weights.items()
        },
        "without_assessor": tried.without or None,
        "institutions": len(tried.lines),
        "changed": {name: tried.count(name) for name in _COUNTED},
        "changes": [
            {"uscc": line.uscc, "name": line.name, "old": side(line.old), "new": side(line.new)}
            for line in tried.changed
        ],
    }
