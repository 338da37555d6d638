"""The feedback (反馈报告) to one institution: where it stands among its like, what cost it points, what would help."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ceping.core.exact import CONTEXT, product, rounded, text_of
from ceping.core.points.ledger import next_level
from ceping.core.scheme.points import PointsFile
from ceping.documents.forms.caution import caution_of, in_words, provisional_of, result_marks
from ceping.documents.forms.results import NONE, interval_of
from ceping.documents.forms.table import table
from ceping.documents.page_content import Institution, Item, ItemScore, PageValues, Rate, Spread
from ceping.documents.sheet import Block, Document, Paragraph, Radar

# With fewer of a kind, quartiles would tell one institution the scores of another.
FEWEST = 5
_RATES = ("核实率", "满意率", "接触率", "应答率")
_MOST_AXES = 16


@dataclass(frozen=True, slots=True)
class Opinion:
    """The written opinion of the panel; an empty part is left out."""

    strengths: str = ""
    weaknesses: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class _Peers:
    """Whom the institution is held against: their words, and the shares of full marks by item; empty for nobody."""

    words: str
    shares: Mapping[str, Spread]


def feedback_document(
    values: PageValues, one: Institution, points: PointsFile | None, opinion: Opinion, *, dated: date, sha256: str
) -> Document:
    """The report of one institution; no other is named, and no assessor's single mark is told."""
    title = f"{values.heading.title}反馈报告"
    return Document(
        f"{title}（{one.name}）",
        dated,
        tuple(_blocks(values, one, points, opinion, title)),
        watermark=provisional_of(values),
        marks=result_marks(values, sha256),
    )


def _blocks(
    values: PageValues, one: Institution, points: PointsFile | None, opinion: Opinion, title: str
) -> Iterator[Block]:
    peers = _peers(values, one)
    yield Paragraph(title, "title", "center")
    yield Paragraph(one.name, "title", "center")
    caution = caution_of(values)
    if caution:
        yield Paragraph(f"{caution}。", "small")
    yield Paragraph("一、总体情况", "heading", together=True)
    yield _overall(values, one)
    yield from _conditions(one)
    yield Paragraph("二、各指标与同类比较", "heading", together=True)
    yield from _compared(one, peers)
    yield Paragraph("三、失分情况", "heading", together=True)
    yield from _lost(values, one)
    yield Paragraph("四、提升方向", "heading", together=True)
    yield from _raising(values, one, points)
    yield Paragraph("五、服务核验", "heading", together=True)
    yield from _verified(values, one)
    if opinion.strengths or opinion.weaknesses or opinion.advice:
        yield Paragraph("六、评审意见", "heading", together=True)
        for name, text in (("优势", opinion.strengths), ("不足", opinion.weaknesses), ("建议", opinion.advice)):
            if text:
                yield Paragraph(name, "subheading", together=True)
                yield from (Paragraph(part) for part in text.split("\n") if part.strip())


def _overall(values: PageValues, one: Institution) -> Block:
    rank = NONE if one.rank is None else f"{one.rank}（共 {values.ranked} 家）"
    in_category = NONE if one.rank_in_category is None else f"{one.rank_in_category}（共 {one.category_count} 家）"
    rows = [
        ("统一社会信用代码", one.uscc, "申报类别", one.category_title),
        ("测评时间", in_words(values.heading.period), "方案", values.heading.scheme_label),
        (
            "总分",
            f"{one.total or NONE}（满分 {values.full}）",
            "等次",
            one.grade + (f"（{one.label}）" if one.label else ""),
        ),
        ("名次", rank, "类别内名次", in_category),
        ("名次区间", interval_of(one), "等次依据", one.reason or NONE),
    ]
    return table(("项目", "内容", "项目", "内容"), rows, middle=(0, 2))


def _conditions(one: Institution) -> Iterator[Block]:
    rows = [
        (condition.kind, condition.title, condition.read or NONE, condition.verdict, condition.note, condition.clause)
        for condition in one.conditions
    ]
    if rows:
        yield Paragraph("影响参评和等次的条件", "subheading", together=True)
        yield table(("类型", "条件", "所读的值", "结论", "说明", "条款"), rows, middle=(0, 3))


def _peers(values: PageValues, one: Institution) -> _Peers:
    own = {item.key: item.peers for item in one.items if item.peers is not None}
    if own and min(spread.count for spread in own.values()) >= FEWEST:
        return _Peers(f"同类（{one.category_title}）", own)
    every = {item.key: item.shares for item in values.items if item.shares is not None}
    if every and min(spread.count for spread in every.values()) >= FEWEST:
        return _Peers("全部机构", every)
    return _Peers("", {})


def _compared(one: Institution, peers: _Peers) -> Iterator[Block]:
    if not peers.shares:
        yield Paragraph(f"可比机构不足 {FEWEST} 家，为免透露其他机构的得分，不列比较。")
    elif peers.words == "全部机构":
        yield Paragraph(f"同类可比机构不足 {FEWEST} 家，为免透露其他机构的得分，与全部可比机构比较。")
    shown = [item for item in one.items if item.share != NONE][:_MOST_AXES]
    if len(shown) >= 3:
        yield _radar(one, shown, peers)
    headers = ["指标", "满分", "得分", "占满分%"]
    rows: list[tuple[str, ...]] = []
    for item in one.items:
        row = (item.title, item.full, item.score or "缺少", item.share)
        rows.append((*row, *_quartiles(item, peers)) if peers.shares else row)
    if peers.shares:
        headers += ["下四分位%", "中位数%", "上四分位%", "所处位置"]
        counts = sorted({spread.count for spread in peers.shares.values()})
        count = str(counts[0]) if len(counts) == 1 else f"{counts[0]} 至 {counts[-1]}"
        note = f"四分位为{peers.words}中 {count} 家可比机构（含本机构）得分占满分的百分比。"
        yield Paragraph(note, "small", together=True)
    yield table(headers, rows, middle=range(1, len(headers)))


def _radar(one: Institution, shown: list[ItemScore], peers: _Peers) -> Radar:
    series = [("本机构", tuple(item.share for item in shown))]
    if peers.shares:
        spreads = [peers.shares.get(item.key) for item in shown]
        series += [
            (f"{peers.words}中位数", tuple("" if one is None else one.median for one in spreads)),
            ("上四分位", tuple("" if one is None else one.upper for one in spreads)),
            ("下四分位", tuple("" if one is None else one.lower for one in spreads)),
        ]
    text = f"图：{one.name}各指标得分占满分的百分比"
    return Radar(tuple(item.title for item in shown), tuple(series), width=116, text=text)


def _quartiles(item: ItemScore, peers: _Peers) -> tuple[str, ...]:
    spread = peers.shares.get(item.key)
    if spread is None or item.share == NONE:
        return (NONE,) * 4
    share = Decimal(item.share)
    if share >= Decimal(spread.upper):
        where = "前四分之一"
    elif share >= Decimal(spread.median):
        where = "中位以上"
    else:
        where = "中位以下" if share >= Decimal(spread.lower) else "后四分之一"
    return spread.lower, spread.median, spread.upper, where


def _lost(values: PageValues, one: Institution) -> Iterator[Block]:
    items: dict[str, Item] = {item.key: item for item in values.items}
    lost = [item for item in one.items if item.lost != NONE and Decimal(item.lost) > 0]
    if not lost:
        yield Paragraph("没有失分的指标。")
        return
    lost.sort(key=lambda item: -Decimal(item.lost))
    rows = []
    for item in lost:
        title = f"{item.title}（失分较多）" if item.among_most_lost else item.title
        rule = items[item.key].rule if item.key in items else ""
        rows.append((title, item.lost, _without_marks(item.read) or NONE, rule, item.clause))
    yield table(("指标", "失分", "依据", "评分规则", "条款"), rows, middle=(1,))


def _without_marks(read: str) -> str:
    """What a rule read, without what single assessors gave."""
    return "；".join(part for part in read.split("；") if part and not part.startswith(("打分 ", "裁定 ")))


def _raising(values: PageValues, one: Institution, points: PointsFile | None) -> Iterator[Block]:
    told = [*_next_grade(values, one), *_next_level(one, points)]
    most = [item for item in one.items if item.among_most_lost]
    if most:
        parts = "、".join(f"{item.title}（最多可增 {item.lost} 分）" for item in most)
        told.append(f"提升余地最大的指标是：{parts}。")
    for number, text in enumerate(told or ["各指标已得满分，保持即可。"], 1):
        yield Paragraph(f"{number}．{text}")


def _next_grade(values: PageValues, one: Institution) -> Iterator[str]:
    held = [condition for condition in one.conditions if condition.failed]
    for condition in held:
        yield f"先满足：{condition.title}（{condition.kind}，{condition.clause}）。不满足时，总分再高也不改变等次。"
    if one.total is None:
        return
    total = Decimal(one.total)
    above = [band for band in values.bands if band.begins and Decimal(band.begins) > total]
    if above:
        band = min(above, key=lambda one: Decimal(one.begins))
        gap = text_of(CONTEXT.subtract(Decimal(band.begins), total))
        yield f"按总分，高一等次为“{band.grade}”（{band.covers}），还差 {gap} 分。"
    elif not held:
        yield "按总分，已达到最高等次。"


def _next_level(one: Institution, points: PointsFile | None) -> Iterator[str]:
    if points is None:
        return
    if one.shop is None:
        yield "没有在企业服务云开设店铺，店铺类指标按 0 计；开设店铺并发布服务即可得分。"
        return
    level = next_level(points, one.shop.points)
    now = f"店铺积分 {one.shop.points} 分，现为{one.shop.level}"
    if level is None:
        yield f"{now}，已是最高等级。"
        return
    names = {name.level: name.name for name in points.level_names}
    gap = level.least - one.shop.points
    yield f"{now}；再得 {gap} 分可达到 {level.rank} {names[level.level]}。"


def _verified(values: PageValues, one: Institution) -> Iterator[Block]:
    calls = one.calls
    if calls is None:
        yield Paragraph("没有电话或在线核验的记录。")
        return
    counts = "、".join(f"{title} {number} 家" for title, number in calls.counts)
    yield Paragraph(f"服务清单去重后 {calls.frame} 家，核验 {calls.called} 家：{counts or '尚无结果'}。")
    rows = [
        (title, str(rate.part), str(rate.whole), percent(rate.value), _interval(rate))
        for title, rate in zip(_RATES, calls.rates, strict=True)
        if rate is not None
    ]
    if rows:
        headers = ("项目", "分子", "分母", "比率", f"{values.confidence_percent}% 置信区间")
        yield table(headers, rows, middle=(0, 1, 2, 3, 4))
    if calls.note:
        yield Paragraph(f"注：{calls.note}。", "small")


def percent(value: str | None) -> str:
    """A share of one in per cent at one place; a dash when there is none."""
    return NONE if value is None else f"{text_of(rounded(product(Decimal(value), Decimal(100)), 1))}%"


def _interval(rate: Rate) -> str:
    return NONE if rate.low is None or rate.high is None else f"{percent(rate.low)} 至 {percent(rate.high)}"
