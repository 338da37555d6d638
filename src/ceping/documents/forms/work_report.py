"""《测评工作报告》 of the agency: who took part, what kept some out, grades, verification, and year on year."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ceping.core.exact import quotient, text_of
from ceping.documents.forms.caution import caution_of, chinese_day, in_words, provisional_of, result_marks
from ceping.documents.forms.feedback import percent
from ceping.documents.forms.results import NONE
from ceping.documents.forms.table import table
from ceping.documents.page_content import Institution, PageValues, Spread
from ceping.documents.page_spread import mean_of, spread_of
from ceping.documents.sheet import Block, Document, PageBreak, Paragraph, Radar, SealPlace, Space

_NO_RECOMMENDER = "未写明"
_VERDICTS = ("通过", "豁免", "未通过", "缺少数值")
_RATES = ("核实率", "满意率", "接触率", "应答率")
_NUMERALS = "一二三四五六七八九十"
_FEWEST_AXES, _MOST_AXES = 3, 16
_PLACES = 2


@dataclass(frozen=True, slots=True)
class WorkReportTexts:
    """The agency, the day, and what it says in its own words on the work, on problems, and as advice."""

    agency: str
    issued_on: date
    organisation: str = ""
    problems: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """The season before beside this one; every number already its text, rows as they stand in the tables.

    `moves` are grade then, grade now, how many; `categories` and `districts` name, count and mean then, count and mean
    now, and the difference.
    """

    schemes: tuple[str, str]
    comparable: bool
    stayed: int
    new: int
    left: int
    moves: tuple[tuple[str, str, str], ...]
    categories: tuple[tuple[str, ...], ...]
    districts: tuple[tuple[str, ...], ...]


def work_report_document(
    values: PageValues,
    texts: WorkReportTexts,
    *,
    recommenders: Mapping[str, str],
    before: Before | None,
    sha256: str,
) -> Document:
    """The report with a cover; `recommenders` by uscc are its districts."""
    title = f"{values.heading.title}工作报告"
    parts = [
        ("基本情况", list(_begin(values, texts))),
        ("参评机构分布", list(_spread(values, recommenders))),
        ("参评条件审核", list(_conditions(values))),
        ("得分和等次", list(_scores(values))),
        ("服务核验", list(_verified(values))),
        ("店铺积分", list(_points(values))),
        ("与上一年度比较", list(_compared(before))),
        ("存在的问题", _own(texts.problems)),
        ("工作建议", _own(texts.advice)),
    ]
    blocks: list[Block] = [
        Space(40),
        Paragraph(title, "cover_title", "center"),
        Space(70),
        Paragraph(texts.agency, "cover_line", "center"),
        Paragraph(chinese_day(texts.issued_on), "cover_line", "center"),
        PageBreak(odd=True),
    ]
    for numeral, (name, found) in zip(_NUMERALS, [part for part in parts if part[1]], strict=False):
        blocks += [Paragraph(f"{numeral}、{name}", "heading", together=True), *found]
    blocks.append(SealPlace((f"{texts.agency}（公章）", chinese_day(texts.issued_on)), height=30))
    marks, watermark = result_marks(values, sha256), provisional_of(values)
    return Document(title, texts.issued_on, tuple(blocks), cover=1, bound=True, watermark=watermark, marks=marks)


def _own(text: str) -> list[Block]:
    return [Paragraph(part) for part in text.split("\n") if part.strip()]


def _begin(values: PageValues, texts: WorkReportTexts) -> Iterator[Block]:
    heading = values.heading
    caution = caution_of(values)
    if caution:
        yield Paragraph(f"{caution}。", "plain")
    yield Paragraph(
        f"根据{heading.authority}的工作部署，按照{heading.scheme_title}（方案 {heading.scheme_label}），"
        f"对{in_words(heading.period)}的服务质量开展测评。参评机构 {len(values.institutions)} 家，"
        f"其中满足参评条件且未被否决的 {values.compared} 家，列入排名的 {values.ranked} 家。"
    )
    yield from _own(texts.organisation)


def _spread(values: PageValues, recommenders: Mapping[str, str]) -> Iterator[Block]:
    rows: list[tuple[str, ...]] = [
        (one.title, str(one.count), str(one.ranked), *_in_short(one.totals)) for one in values.categories
    ]
    headers = ("申报类别", "参评", "排名", "总分最低", "中位数", "最高")
    yield Paragraph("（一）按申报类别", "subheading", together=True)
    yield table(
        headers, [*rows, ("合计", str(len(values.institutions)), str(values.ranked), "", "", "")], middle=range(1, 6)
    )
    of: dict[str, list[Institution]] = {}
    for one in values.institutions:
        of.setdefault(recommenders.get(one.uscc) or _NO_RECOMMENDER, []).append(one)
    yield Paragraph("（二）按推荐单位", "subheading", together=True)
    rows = []
    for name, found in sorted(of.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        totals = [Decimal(one.total) for one in found if one.rank is not None and one.total is not None]
        ranked = sum(one.rank is not None for one in found)
        rows.append((name, str(len(found)), str(ranked), mean_of(totals, places=_PLACES)))
    total = ("合计", str(len(values.institutions)), str(values.ranked), "")
    yield table(("推荐单位", "参评", "排名", "排名机构平均总分"), [*rows, total], middle=range(1, 4))


def _in_short(spread: Spread | None) -> tuple[str, str, str]:
    return (NONE, NONE, NONE) if spread is None else (spread.least, spread.median, spread.most)


def _conditions(values: PageValues) -> Iterator[Block]:
    gates: dict[str, Counter[str]] = {}
    others: Counter[tuple[str, str]] = Counter()
    clauses: dict[tuple[str, str], str] = {}
    for one in values.institutions:
        for condition in one.conditions:
            clauses[condition.kind, condition.title] = condition.clause
            if condition.kind == "参评条件":
                gates.setdefault(condition.title, Counter())[condition.verdict] += 1
            else:
                others[condition.kind, condition.title] += 1
    rows = [
        (title, *(str(counts[verdict]) for verdict in _VERDICTS), clauses["参评条件", title])
        for title, counts in gates.items()
    ]
    if rows:
        yield table(("参评条件", *_VERDICTS, "条款"), rows, middle=range(1, 5))
    if others:
        told = [(kind, title, str(count), clauses[kind, title]) for (kind, title), count in sorted(others.items())]
        yield Paragraph("影响等次的其他情形", "subheading", together=True)
        yield table(("类型", "情形", "机构数", "条款"), told, middle=(0, 2))


def _scores(values: PageValues) -> Iterator[Block]:
    whole = len(values.institutions)
    yield Paragraph("（一）等次分布", "subheading", together=True)
    rows: list[tuple[str, ...]] = [
        (band.grade, band.covers or NONE, str(band.count), _part(band.count, whole)) for band in values.bands
    ]
    yield table(("等次", "总分", "机构数", "占比"), rows, middle=(0, 2, 3))
    totals = [Decimal(one.total) for one in values.institutions if one.rank is not None and one.total is not None]
    spread = spread_of(totals, places=_PLACES)
    if spread is not None:
        yield Paragraph(
            f"列入排名的 {spread.count} 家机构总分最低 {spread.least}，下四分位 {spread.lower}，"
            f"中位数 {spread.median}，上四分位 {spread.upper}，最高 {spread.most}，"
            f"平均 {mean_of(totals, places=_PLACES)}（满分 {values.full}）。"
        )
    yield Paragraph("（二）各指标得分占满分的百分比", "subheading", together=True)
    known = [item for item in values.items if item.shares is not None]
    if _FEWEST_AXES <= len(known) <= _MOST_AXES:
        spreads = [item.shares for item in known if item.shares is not None]
        series = (
            ("中位数", tuple(one.median for one in spreads)),
            ("上四分位", tuple(one.upper for one in spreads)),
            ("下四分位", tuple(one.lower for one in spreads)),
        )
        yield Radar(tuple(item.title for item in known), series, width=116, text="图：各指标得分占满分的百分比")
    rows = [
        (item.title, item.full, *_three(item.shares), item.mean_lost, str(item.full_count), str(item.nothing_count))
        for item in values.items
    ]
    headers = ("指标", "满分", "下四分位%", "中位数%", "上四分位%", "平均失分", "满分家数", "零分家数")
    yield table(headers, rows, middle=range(1, 8))


def _three(spread: Spread | None) -> tuple[str, str, str]:
    return (NONE, NONE, NONE) if spread is None else (spread.lower, spread.median, spread.upper)


def _part(count: int, whole: int) -> str:
    return NONE if not whole else percent(text_of(quotient(Decimal(count), Decimal(whole))))


def _verified(values: PageValues) -> Iterator[Block]:
    called = [one.calls for one in values.institutions if one.calls is not None]
    if not called:
        return
    counts: Counter[str] = Counter()
    for calls in called:
        counts.update(dict(calls.counts))
    yield Paragraph(
        f"对 {len(called)} 家机构的服务对象进行了核验：服务清单去重后共 {sum(one.frame for one in called)} 家，"
        f"核验 {sum(one.called for one in called)} 家，其中"
        + "、".join(f"{title} {counts[title]} 家" for title in counts)
        + "。"
    )
    rows = []
    for index, title in enumerate(_RATES):
        rates = [calls.rates[index] for calls in called]
        known = [rate for rate in rates if rate is not None and rate.value is not None]
        spread = spread_of([Decimal(rate.value) for rate in known if rate.value is not None], places=4)
        part, whole = sum(rate.part for rate in known), sum(rate.whole for rate in known)
        over = _part(part, whole)
        edges = (
            (NONE, NONE, NONE)
            if spread is None
            else tuple(percent(one) for one in (spread.least, spread.median, spread.most))
        )
        rows.append((title, str(len(known)), str(part), str(whole), over, *edges))
    headers = ("项目", "机构数", "分子合计", "分母合计", "合计比率", "最低", "中位数", "最高")
    yield table(headers, rows, middle=range(8))
    noted = sum(bool(calls.note) for calls in called)
    if noted:
        yield Paragraph(f"注：{noted} 家机构的样本不足以说明其核实率达到要求，见各机构反馈报告。", "small")


def _points(values: PageValues) -> Iterator[Block]:
    if not values.rules:
        return
    shops = [one for one in values.institutions if one.shop is not None]
    levels = Counter(one.shop.level for one in shops if one.shop is not None)
    told = "、".join(f"{level} {count} 家" for level, count in sorted(levels.items(), key=lambda pair: -pair[1]))
    without = len(values.institutions) - len(shops)
    yield Paragraph(f"开设店铺的机构 {len(shops)} 家（未开设 {without} 家），等级分布：{told or NONE}。")
    rows = [
        (rule.title, rule.unit, str(rule.each), str(rule.shops), str(rule.quantity), str(rule.points))
        for rule in values.rules
    ]
    yield table(("积分规则", "单位", "分值", "得分店铺", "数量", "积分合计"), rows, middle=range(1, 6))


def _compared(before: Before | None) -> Iterator[Block]:
    if before is None:
        return
    yield Paragraph(
        f"与上一年度结果（{before.schemes[0]}）比较：两年都参评 {before.stayed} 家，新参评 {before.new} 家，"
        f"未再参评 {before.left} 家。"
    )
    if not before.comparable:
        yield Paragraph("两年所用方案不同，总分不可直接比较，以下只列各年平均，不计差额。")
    if before.moves:
        yield Paragraph("两年都参评的机构等次变化", "subheading", together=True)
        yield table(("上一年度等次", "本年度等次", "机构数"), before.moves, middle=range(3))
    headers = ("上年家数", "上年平均总分", "本年家数", "本年平均总分", "差额")
    for name, rows in (("申报类别", before.categories), ("推荐单位", before.districts)):
        if rows:
            yield Paragraph(f"按{name}的平均总分", "subheading", together=True)
            yield table((name, *headers), rows, middle=range(1, 6))


def grade_moves(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """How many went from which grade to which, the most first."""
    counts = Counter(pairs)
    return tuple(
        (then, now, str(count)) for (then, now), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )
