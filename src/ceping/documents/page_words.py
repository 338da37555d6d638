"""What rules read and how conditions came out, in the words of a reader instead of the ids of a scheme."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ceping.core.exact import rounded, short_text_of, text_of
from ceping.core.scheme.labels import Labels, labels_of
from ceping.core.scheme.outcome import Band
from ceping.core.scheme.rules import Rule, parts_of
from ceping.core.scheme.whole import Scheme
from ceping.core.scheme.words import rule_in_words

Node = Mapping[str, Any]

_PLACES = 4
_LONG = re.compile(r"-?[0-9]+\.[0-9]{5,}", re.ASCII)
_PASSED = {True: "通过", False: "未通过", None: "缺少数值"}
_PEERS = {"count": "可比机构", "least": "最低", "most": "最高", "above": "高于本机构", "below": "低于本机构"}
_ROLES = {"organiser": "主办方", "lead": "测评机构负责人"}
VERDICTS = {
    "confirmed": "核实",
    "denied": "否认",
    "dead": "空号或错号",
    "linked": "关联",
    "unsure": "记不清",
    "refused": "拒访",
    "none": "未联系上",
    "pending": "待再次联系",
}
STATUS = {"illustrative": "示例参数，官方文件未公布", "confirmed": "参数经确认", "replaced": "参数经替换"}


class Words:
    """The titles of one scheme's metrics, for telling what was read."""

    def __init__(self, scheme: Scheme) -> None:
        self.titles = {name: metric.title for name, metric in scheme.indicators.metrics.items()}
        self.items = titles_of(scheme)
        self.labels = labels_of(scheme)
        self._units = {name: metric.unit for name, metric in scheme.indicators.metrics.items()}
        self._quotients = {name for name, metric in scheme.indicators.metrics.items() if metric.quotient is not None}

    def read(self, node: Node) -> str:
        """Everything a rule and its parts read, each thing once."""
        inputs = list(_inputs(node))
        marks = [str(one["value"]) for one in inputs if str(one["name"]).startswith("mark:")]
        told = ["打分 " + "、".join(marks)] if marks else []
        told += [f"裁定 {one['value']}" for one in inputs if one["name"] == "adjudication"]
        told += [self._metric(one) for one in inputs if one["which"] != "mark"]
        return "；".join(dict.fromkeys(told)) or str(node.get("note", ""))

    def _metric(self, one: Node) -> str:
        kind, _, peers_of = str(one["name"]).partition(":")
        if kind == "peers":
            return f"{self._title(peers_of)}：{_PEERS.get(one['which'], one['which'])} {shortened(one['value'])}"
        title = self._title(kind)
        if one["value"] is None:
            return f"缺少{title}"
        note = str(one.get("note", "")) if kind not in self._quotients else ""
        value = self.labels.get(kind, {}).get(str(one["value"])) or shortened(one["value"])
        told = f"{title} {value}{self._units.get(kind, '')}"
        return f"{told}（{note}）" if note else told

    def _title(self, name: str) -> str:
        return self.titles.get(name, name)


def _inputs(node: Node) -> Iterator[Node]:
    yield from node.get("inputs", ())
    for part in node.get("parts", ()):
        yield from _inputs(part)


def shortened(value: object) -> str:
    """A number with more than four places at four; anything else as it is."""
    text = str(value)
    return text_of(rounded(Decimal(text), _PLACES)) if _LONG.fullmatch(text) else text


def verdict_of(gate: Node) -> str:
    """How a gate came out."""
    return "豁免" if gate["waived"] else _PASSED[gate["passed"]]


def titles_of(scheme: Scheme) -> dict[str, str]:
    """Titles by id of branches, items and bonus items."""
    bonus = scheme.outcome.bonus
    branches = {branch.id: branch.title for branch in scheme.indicators.branches}
    leaves = {leaf.id: leaf.title for leaf in scheme.indicators.leaves}
    items = {item.key: item.title for item in scheme.scored}
    return branches | leaves | items | {item.id: item.title for item in (bonus.items if bonus is not None else ())}


def said_by(note: str) -> str:
    """A note on a ruling, with the role that ruled in words."""
    return re.sub(r"（(organiser|lead)）", lambda role: f"（{_ROLES[role[1]]}）", note)


def covers(band: Band) -> str:
    """Which totals a band covers."""
    edges = (
        (band.at_least, "{}分及以上"),
        (band.above, "{}分以上（不含）"),
        (band.at_most, "{}分及以下"),
        (band.below, "不足{}分"),
    )
    return "、".join(text.format(f" {short_text_of(edge)} ") for edge, text in edges if edge is not None)


def rule_words(rule: Rule, titles: Mapping[str, str], labels: Labels) -> str:
    """The rule with all its parts in one paragraph."""
    said = rule_in_words(rule, titles, labels)
    parts = [f"{part.title}：{told}" if part.title else told for part, told in _parts(rule, titles, labels)]
    return f"{said}：{'；'.join(parts)}" if parts else said


def _parts(rule: Rule, titles: Mapping[str, str], labels: Labels) -> Iterator[tuple[Rule, str]]:
    for part in parts_of(rule):
        yield part, rule_words(part, titles, labels)
