"""A scheme as a page of plain text: what `ceping scheme show` prints."""

from collections.abc import Iterator, Mapping

from ceping.core.exact import short_text_of
from ceping.core.scheme.labels import Labels, labels_of
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.outcome import Gate, Label, OutcomeFile
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
    yield from _verification(scheme)
    if scheme.points is not None:
        yield ""
        yield f"店铺积分：{len(scheme.points.rules)} 条规则，详见 ceping points explain"
    if header.readings:
        yield ""
        yield "声明的读法"
        for reading in header.readings:
            yield f"  {reading.question}"
            yield f"    → {reading.reading}（{reading.clause}）"


def _verification(scheme: Scheme) -> Iterator[str]:
    table = scheme.verification
    if table is None:
        return
    yield ""
    yield f"服务核验：每家抽 {table.sample.size} 家服务对象，其余按抽签顺序备选{_origin(table.sample.origin)}"
    asked = next(q for q in table.questions if q.id == table.satisfaction.question)
    satisfied = "、".join(o.title for o in asked.options if o.code in table.satisfaction.satisfied)
    yield f"满意：{asked.text}答{satisfied}{_origin(table.satisfaction.origin)}"


def _indicators(scheme: Scheme) -> Iterator[str]:
    titles = {name: metric.title for name, metric in scheme.indicators.metrics.items()}
    branch = ""
    for item in scheme.scored:
        if item.branch.title != branch:
            branch = item.branch.title
            yield ""
            yield branch
        weight, full = short_text_of(item.item.weight), short_text_of(item.item.full)
        cohorts = "、".join(cohort.title for cohort in scheme.indicators.cohorts if cohort.id in item.item.cohorts)
        only = f"，只评{cohorts}" if cohorts else ""
        yield f"  {item.title}（{item.key}）权重 {weight}，满分 {full}{only}{_origin(item.item.origin)}"
        for line in _rule(item.item.rule, titles, labels_of(scheme)):
            yield f"    {line}"


def _rule(rule: Rule, titles: Mapping[str, str], labels: Labels) -> Iterator[str]:
    yield rule_in_words(rule, titles, labels)
    weights = [f"权重 {short_text_of(part.weight)}，" for part in rule.parts] if isinstance(rule, Weighted) else []
    for number, part in enumerate(parts_of(rule)):
        lines = _rule(part, titles, labels)
        yield f"  · {part.title or part.id}：{weights[number] if weights else ''}{next(lines)}"
        yield from (f"  {line}" for line in lines)


def _outcome(scheme: Scheme) -> Iterator[str]:
    titles = {name: metric.title for name, metric in scheme.indicators.metrics.items()}
    outcome, labels = scheme.outcome, labels_of(scheme)
    yield ""
    if outcome.gates:
        yield f"参评条件，不具备的为{outcome.gate_failed_grade}"
    for gate in outcome.gates:
        leave = f"{_leave(scheme, gate)}{_origin(gate.origin)}"
        yield f"  {gate.title}：{words_of(gate.when, titles, labels)}（{gate.clause}）{leave}"
    for veto in outcome.vetoes:
        yield f"一票否决：{veto.title} → {veto.grade}{_origin(veto.origin)}"
    yield from _limits(outcome, titles, labels)
    if outcome.bonus is not None:
        yield f"加分，合计不超过 {short_text_of(outcome.bonus.cap)} 分"
        for item in outcome.bonus.items:
            yield f"  {item.title}（{item.id}）最高 {short_text_of(item.full)} 分{_origin(item.origin)}"
            yield from (f"    {line}" for line in _rule(item.rule, titles, labels))
    if outcome.total_cap is not None:
        yield f"总分不超过 {short_text_of(outcome.total_cap)} 分"
    yield f"等次{_origin(outcome.bands_origin)}"
    given = {label.grade: _label(label) for label in outcome.mapping}
    for band in outcome.bands:
        edges = (("≥", band.at_least), (">", band.above), ("≤", band.at_most), ("<", band.below))
        shown = "，".join(f"{sign} {short_text_of(edge)}" for sign, edge in edges if edge is not None)
        yield "  " + "  ".join(part for part in (band.grade, shown, given.get(band.grade, "")) if part)


def _limits(outcome: OutcomeFile, titles: Mapping[str, str], labels: Labels) -> Iterator[str]:
    """What lifts a grade, holds it down or rations it, in the order it is applied."""
    for direct in outcome.any_of:
        conditions = "；".join(words_of(condition, titles, labels) for condition in direct.any_of)
        yield f"{direct.title}：{conditions}，有其一即不低于{direct.grade}（{direct.clause}）{_origin(direct.origin)}"
    for floor in outcome.floors:
        least = short_text_of(floor.at_least)
        yield f"最低分：{floor.node} 低于 {least} 时，等次不高于{floor.grade}（{floor.clause}）{_origin(floor.origin)}"
    for ceiling in outcome.ceilings:
        yield f"等次封顶：{ceiling.title}，等次不高于{ceiling.grade}（{ceiling.clause}）{_origin(ceiling.origin)}"
        yield f"  条件：{words_of(ceiling.when, titles, labels)}"
    for rule in outcome.history:
        how = f"连续 {rule.seasons} 次为{'、'.join(rule.grades)} → {rule.grade}"
        yield f"多年规则：{rule.title}，{how}（{rule.clause}）{_origin(rule.origin)}"
    for quota in outcome.quotas:
        share, scope = short_text_of(quota.share * 100), "各类别" if quota.within == "category" else "全体"
        ties = "同分者都进" if quota.ties == "in" else "同分者都不进"
        yield f"名额：{quota.grade}不超过{scope}参评数的 {share}%，{ties}（{quota.clause}）{_origin(quota.origin)}"


def _leave(scheme: Scheme, gate: Gate) -> str:
    """Who need not meet the condition: categories it is not asked of, and those the organiser excuses."""
    spared = "、".join(one.title for one in scheme.header.categories if one.id in gate.except_categories)
    return (f"，{spared}不适用" if spared else "") + ("，主办方可豁免" if gate.waivable_by else "")


def _label(label: Label) -> str:
    stars = "★" * (label.stars or 0)
    money = "" if label.money is None else f"{short_text_of(label.money)} {label.unit}".strip()
    return "，".join(part for part in (label.label, stars, money) if part)


def _origin(origin: str) -> str:
    return f"〔{ILLUSTRATIVE}〕" if origin == "illustrative" else ""
