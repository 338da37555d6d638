"""Rules in words: what a rule asks and gives, as a person who holds it against the paper reads it."""

from collections.abc import Mapping
from types import MappingProxyType

from ceping.core.exact import short_text_of as text
from ceping.core.scheme.labels import Labels
from ceping.core.scheme.predicates import words_of
from ceping.core.scheme.rules import (
    Choose,
    Count,
    Deduct,
    Flag,
    Judge,
    Peer,
    Period,
    Ratio,
    Rule,
    Step,
    Sum,
    Tier,
    Weighted,
)

_NO_LABELS: Labels = MappingProxyType({})
_AGGREGATES = {"mean": "平均", "median": "取中位数", "trimmed_mean": "去掉最高、最低后平均"}
_COMBINES = {
    "sum": "相加",
    "mean": "平均",
    "best": "取最高",
    "worst": "取最低",
    "latest": "取最近一期",
    "growth": "首尾比较",
}
_METHODS = {"min_max": "最小最大值之间的位置", "of_best": "与最好值之比", "rank": "名次", "percentile": "百分位"}
_MISSING = {"zero": "缺项计 0", "rescale": "缺项由其余各项按权重分担", "refuse": "缺项则不计"}

_PERIODS_MISSING = {"zero": "缺的一期计 0", "drop": "缺的一期略去", "refuse": "缺一期则不计"}


def rule_in_words(rule: Rule, titles: Mapping[str, str], labels: Labels = _NO_LABELS) -> str:  # noqa: PLR0911 -- one return a kind
    """One line for a leaf rule; a combiner names how its parts come together, the parts are asked for apart.

    `titles` are of metrics, `labels` the words of their answers.
    """
    match rule:
        case Count():
            each = f"每 {text(rule.every)} "
            free = f"，前 {text(rule.free)} 不计" if rule.free else ""
            floor = f"，不低于 {text(rule.floor)}" if rule.floor else ""
            return (
                f"{_title(rule.metric, titles)}{each}计 {text(rule.points)} 分{free}，最高 {text(rule.cap)} 分{floor}"
            )
        case Tier():
            steps = _tier(rule, labels.get(rule.metric, {}))
            return f"按{_title(rule.metric, titles)}分档：{steps}，其余 {text(rule.default)} 分"
        case Ratio():
            return _ratio(rule, _title(rule.metric, titles))
        case Flag():
            return f"{words_of(rule.when, titles, labels)} 得 {text(rule.points)} 分，否则 {text(rule.otherwise)} 分"
        case Judge():
            return _judge(rule)
        case Deduct():
            worst = "，同组只扣最重的一项" if rule.largest_only else ""
            losses = "、".join(f"{v.title or _title(v.metric, titles)}每次扣 {text(v.points)}" for v in rule.violations)
            return f"满分 {text(rule.start)}，{losses}{worst}，扣至 {text(rule.floor)} 为止"
        case Sum():
            cap = f"，最高 {text(rule.cap)} 分" if rule.cap is not None else ""
            floor = f"，最低 {text(rule.floor)} 分" if rule.floor is not None else ""
            return f"各部分相加{cap}{floor}"
        case Weighted():
            return f"各部分按权重合计，{_MISSING[rule.missing]}"
        case Period():
            cap = f"，最高 {text(rule.cap)} 分" if rule.cap is not None else ""
            growth = f"，增长一倍得 {text(rule.points)} 分，不足一倍按比例" if rule.points is not None else ""
            return f"各期{_COMBINES[rule.combine]}{growth}{cap}，{_PERIODS_MISSING[rule.missing]}"
        case Peer():
            among = "同类别" if rule.among == "category" else "全体"
            how = f"在{among}机构中按{_METHODS[rule.method]}折算"
            lower = "（越低越好）" if rule.direction == "lower" else ""
            alone = f"，没有可比的机构时 {text(rule.alone)} 分" if rule.alone is not None else ""
            return f"{_title(rule.metric, titles)}{lower}{how}，最高 {text(rule.points)} 分{alone}"
        case Choose():
            return f"按{_title(rule.by, titles)}选定的一项" if rule.by else "取各部分中最高的一项"


def _title(metric: str, titles: Mapping[str, str]) -> str:
    return titles.get(metric, metric)


def _tier(rule: Tier, words: Mapping[str, str]) -> str:
    if rule.choices:
        return "、".join(f"{words.get(choice.value, choice.value)} {text(choice.points)} 分" for choice in rule.choices)
    return "、".join(f"{_edge(step, rule.direction)}{text(step.at)} 得 {text(step.points)} 分" for step in rule.steps)


def _edge(step: Step, direction: str) -> str:
    return {"higher": "≥>", "lower": "≤<"}[direction][step.edge == "exclusive"]


def _ratio(rule: Ratio, title: str) -> str:
    target, points = text(rule.target), text(rule.points)
    if rule.slope_below is not None or rule.slope_above is not None:
        below, above = text(rule.slope_below or 0), text(rule.slope_above or 0)
        return f"{title}等于 {target} 得 {points} 分，每低 1 扣 {below} 分，每高 1 扣 {above} 分"
    if rule.inverse:
        return f"{target} ÷ {title} × {points} 分，最高 {points} 分"
    return f"{title} ÷ {target} × {points} 分，最高 {points} 分"


def _judge(rule: Judge) -> str:
    limit = f"，相差超过 {text(rule.difference_limit)} 分须裁定" if rule.difference_limit is not None else ""
    trim = f"（满 {rule.trim_from} 人时）" if rule.aggregate == "trimmed_mean" else ""
    together = f"{_AGGREGATES[rule.aggregate]}{trim}"
    return f"至少 {rule.raters} 名专家独立打分，0 至 {text(rule.max)} 分，步长 {text(rule.step)}，{together}{limit}"
