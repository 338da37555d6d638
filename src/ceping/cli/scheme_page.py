"""A scheme as a page of plain text: what `ceping scheme show` prints."""

from collections.abc import Iterator

from ceping.core.exact import short_text_of
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.predicates import words_of
from ceping.core.scheme.rules import Rule, Weighted, parts_of
from ceping.core.scheme.words import rule_in_words

ILLUSTRATIVE = "示例参数，官方文件未公布"


def page_of(scheme: Scheme) -> str:
    """The whole page: header, indicators with their rules, gates, vetoes, grades, verification, readings."""
    return "\n".join(_lines(scheme))


def _lines(scheme: Scheme) -> Iterator[str]:
    header = scheme.header
    yield f"{header.title}  {scheme.label}"
    yield f"发布：{header.authority}  依据：{header.source}"
    if header.excerpt:
        yield f"节选：{header.excerpt}"
    yield f"测评时间：{header.period.start} 至 {header.period.end}  校验：{scheme.sha256}"
    yield from _indicators(scheme)
    yield from _outcome(scheme)
    table = scheme.verification
    yield ""
    yield f"服务核验：每家抽 {table.sample.size} 家服务对象，其余按抽签顺序备选{_origin(table.sample.origin)}"
    asked = next(q for q in table.questions if q.id == table.satisfaction.question)
    satisfied = "、".join(o.title for o in asked.options if o.code in table.satisfaction.satisfied)
    yield f"满意：{asked.text}答{satisfied}{_origin(table.satisfaction.origin)}"
    yield ""
    yield f"店铺积分：{len(scheme.points.rules)} 条规则，详见 ceping points explain"
    if header.readings:
        yield ""
        yield "声明的读法"
        for reading in header.readings:
            yield f"  {reading.question}"
            yield f"    → {reading.reading}（{reading.clause}）"


def _indicators(scheme: Scheme) -> Iterator[str]:
    titles = {name: metric.title for name, metric in scheme.indicators.metrics.items()}
    branch = ""
    for item in scheme.scored:
        if item.branch.title != branch:
            branch = item.branch.title
            yield ""
            yield branch
        weight, full = short_text_of(item.item.weight), short_text_of(item.item.full)
        yield f"  {item.title}（{item.key}）权重 {weight}，满分 {full}{_origin(item.item.origin)}"
        for line in _rule(item.item.rule, titles):
            yield f"    {line}"


def _rule(rule: Rule, titles: dict[str, str]) -> Iterator[str]:
    yield rule_in_words(rule, titles)
    weights = [f"权重 {short_text_of(part.weight)}，" for part in rule.parts] if isinstance(rule, Weighted) else []
    for number, part in enumerate(parts_of(rule)):
        lines = _rule(part, titles)
        yield f"  · {part.title or part.id}：{weights[number] if weights else ''}{next(lines)}"
        yield from (f"  {line}" for line in lines)


def _outcome(scheme: Scheme) -> Iterator[str]:
    titles = {name: metric.title for name, metric in scheme.indicators.metrics.items()}
    outcome = scheme.outcome
    yield ""
    yield "参评条件"
    for gate in outcome.gates:
        yield f"  {gate.title}：{words_of(gate.when, titles)}（{gate.clause}）{_origin(gate.origin)}"
    for veto in outcome.vetoes:
        yield f"一票否决：{veto.title} → {veto.grade}{_origin(veto.origin)}"
    for floor in outcome.floors:
        least = short_text_of(floor.at_least)
        yield f"最低分：{floor.node} 低于 {least} 时，等次不高于{floor.grade}{_origin(floor.origin)}"
    yield f"等次{_origin(outcome.bands_origin)}"
    for band in outcome.bands:
        edges = (("≥", band.at_least), (">", band.above), ("≤", band.at_most), ("<", band.below))
        shown = "，".join(f"{sign} {short_text_of(edge)}" for sign, edge in edges if edge is not None)
        yield f"  {band.grade}  {shown}"


def _origin(origin: str) -> str:
    return f"〔{ILLUSTRATIVE}〕" if origin == "illustrative" else ""
