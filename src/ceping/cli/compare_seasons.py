"""`ceping compare-seasons`: last season's results beside this one's, by institution, category and district."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.printing import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ceping.folder.year_on_year import Group, YearOnYear

_NOTE = "两次结果用的不是同一个方案，总分不可比。"
_VERSIONS = "两次结果用的方案版本不同，比较时请留意。"
_NO_DISTRICT = "两次结果里不都有推荐单位（公开包里没有），不能按推荐单位对比。"


def compare_seasons(
    earlier: Annotated[Path, typer.Argument(metavar="OUT_A", help="较早一次 ceping evaluate 的结果文件夹。")],
    later: Annotated[Path, typer.Argument(metavar="OUT_B", help="较晚一次的结果文件夹。")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="逐家对比写成 CSV：须不存在，或是先前的对比。")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
) -> None:
    """按统一社会信用代码对比两个年度的总分、名次、等次和店铺等级，以及各类别、各推荐单位的平均分。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.folder.explanation import Unexplained  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.output import Refused  # noqa: PLC0415 -- as above
    from ceping.folder.year_on_year import rows_of, side_by_side, write_rows  # noqa: PLC0415 -- as above

    if out is not None and out.suffix.lower() != ".csv":
        refuse("--out 要以 .csv 结尾。")
    try:
        compared = side_by_side(earlier, later)
        rows = rows_of(compared)
        if out is not None:
            write_rows(out, rows)
    except (Refused, Unexplained) as refusal:
        refuse(refusal.finding, as_json=as_json)
    if as_json:
        print(json.dumps(_told(compared, rows), ensure_ascii=False, indent=2))
        return
    for line in _page(compared, rows):
        print(line)
    if out is not None:
        print(f"已写出 {out}")


def _notes(compared: "YearOnYear") -> list[str]:
    one, two = compared.schemes
    notes = [_NOTE] if not compared.comparable else [_VERSIONS] if one != two else []
    return notes if compared.districts else [*notes, _NO_DISTRICT]


def _page(compared: "YearOnYear", rows: "Sequence[dict[str, str]]") -> list[str]:
    from ceping.cli.table import aligned  # noqa: PLC0415 -- as above

    one, two = compared.schemes
    table: list[tuple[str, ...]] = [("机构", "名次", "类别内", "总分", "等次", "店铺等级", "")]
    for row in rows:
        pairs = [_pair(row, name) for name in ("rank", "rank_in_category", "total", "grade", "level")]
        table.append((row["name"], *pairs, "" if row["status"] == "两年都有" else row["status"]))
    ranks = [int(row["rank_change"]) for row in rows if row["rank_change"]]
    risen, fallen = sum(change > 0 for change in ranks), sum(change < 0 for change in ranks)
    lines = [f"方案 {one} → {two}", *_notes(compared), *aligned(table)]
    counts = f"两年都有 {compared.count('stayed')} 家，新参评 {compared.count('new')} 家"
    lines.append(f"{counts}，未再参评 {compared.count('left')} 家。名次上升 {risen} 家，下降 {fallen} 家。")
    for title, groups in (("申报类别", compared.categories), ("推荐单位", compared.districts)):
        if groups:
            lines += ["", *aligned([(title, "家数", "平均分", "变化"), *(_group(compared, one) for one in groups)])]
    return lines


def _pair(row: dict[str, str], name: str) -> str:
    one, two = row[f"{name}_a"] or "—", row[f"{name}_b"] or "—"
    return one if one == two else f"{one} → {two}"


def _group(compared: "YearOnYear", group: "Group") -> tuple[str, str, str, str]:
    one, two = (_shown(mean) for mean in group.means)
    change = _shown(compared.change(*group.means)) if compared.comparable else "不可比"
    return group.name, f"{group.counts[0]} → {group.counts[1]}", f"{one} → {two}", change


def _shown(value: object) -> str:
    return "—" if value is None else f"{value:f}"


def _told(compared: "YearOnYear", rows: "Sequence[dict[str, str]]") -> dict[str, object]:
    from ceping.core.exact import text_of  # noqa: PLC0415 -- as above

    def groups(found: "Sequence[Group]") -> list[dict[str, object]]:
        return [
            {
                "name": group.name,
                "counts": list(group.counts),
                "means": [None if mean is None else text_of(mean) for mean in group.means],
            }
            for group in found
        ]

    return {
        "schemes": list(compared.schemes),
        "comparable": compared.comparable,
        "notes": _notes(compared),
        "counts": {status: compared.count(status) for status in ("stayed", "new", "left")},
        "institutions": [{key: value or None for key, value in row.items()} for row in rows],
        "categories": groups(compared.categories),
        "districts": groups(compared.districts),
    }
