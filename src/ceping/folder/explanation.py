"""One institution's result told number by number, down to the clause: read from results.json and its scheme alone."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, fault
from ceping.core.scheme.labels import labels_of
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.rules import Rule, parts_of
from ceping.core.scheme.words import rule_in_words
from ceping.folder.intake import Rows
from ceping.folder.workbook import ILLUSTRATIVE, category_titles

Node = Mapping[str, Any]
_MOST_BYTES = 1 << 30
_SHOWN = 12
_WHICH = {"claimed": "申报值", "verified": "核定值", "platform": "平台值", "mark": "打分"}
_STATUS = {"illustrative": ILLUSTRATIVE, "confirmed": "参数经确认", "replaced": "参数经替换"}


class Unexplained(Exception):
    """The result cannot be told: why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def read_rows(out: Path) -> Rows:
    """Row and reason by file and key, from run.json; none when it is not there: results are complete without it."""
    try:
        found = json.loads((out / "run.json").read_bytes())
        return {
            str(file): {str(key): (int(row), str(reason)) for key, (row, reason) in keys.items()}
            for file, keys in found["rows"].items()
        }
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return {}


def read_results(out: Path) -> Node:
    """The results in a folder that `evaluate` wrote; raises Unexplained."""
    path = out / "results.json"
    try:
        found = json.loads(path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b"")
    except OSError as error:
        raise _unreadable(out, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(out, str(error)[:120]) from error
    if not isinstance(found, dict) or found.get("format") != 1 or not isinstance(found.get("institutions"), list):
        raise _unreadable(out, "不是 ceping evaluate 写出的结果")
    return found


def _unreadable(out: Path, reason: str) -> Unexplained:
    return Unexplained(fault("results_unreadable", path=out, reason=reason))


def scheme_of(results: Node, *, scheme_folder: Path | None = None) -> Scheme:
    """The very scheme that made the results, by label and hash; raises Unexplained."""
    told = results.get("scheme")
    told = told if isinstance(told, dict) else {}
    label, sha256 = f"{told.get('id')}@{told.get('version')}", str(told.get("sha256"))
    scheme, _ = load(label if scheme_folder is None else f"{scheme_folder}/")
    if scheme is None or scheme.label != label or scheme.sha256 != sha256:
        raise Unexplained(fault("results_scheme_absent", label=label[:80], sha256=sha256[:64]))
    return scheme


def result_of(results: Node, uscc: str) -> Node:
    """The result of that institution; raises Unexplained."""
    found = [one for one in results["institutions"] if isinstance(one, dict)]
    for one in found:
        if one.get("uscc") == uscc:
            return one
    near = "、".join(str(one.get("uscc")) for one in found[:3])
    raise Unexplained(fault("result_uscc_unknown", uscc=uscc[:40], count=len(found), near=near))


def lines_of(results: Node, result: Node, scheme: Scheme, *, indicator: str = "", rows: Rows) -> list[str]:
    """The result line by line, of one item alone when an indicator is named; raises Unexplained."""
    if indicator and scheme.item(indicator) is None:
        known = "、".join(item.key for item in scheme.scored)
        raise Unexplained(fault("result_item_unknown", given=indicator[:40], known=known))
    try:
        told = _Told(scheme, result, rows)
        return [*told.head(str(results["parameters"])), *(told.item(indicator) if indicator else told.whole())]
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise _unreadable(Path("results.json"), f"内容不全：{error}"[:120]) from error


class _Told:
    def __init__(self, scheme: Scheme, result: Node, rows: Rows) -> None:
        self._scheme = scheme
        self._rows = rows
        self._result = result
        self._trace: Node = result["trace"]
        metrics = scheme.indicators.metrics
        # A quotient stands where its two parts stand.
        self._parts = {name: [one.quotient.over, one.quotient.under] for name, one in metrics.items() if one.quotient}
        self._labels = labels_of(scheme)
        self._titles = {name: metric.title for name, metric in scheme.indicators.metrics.items()}

    def head(self, parameters: str) -> Iterator[str]:
        result, scheme = self._result, self._scheme
        category = category_titles(scheme).get(result["category"], result["category"])
        yield f"{result['name']}  {result['uscc']}  {category}"
        yield f"方案 {scheme.label}  {scheme.sha256[:12]}…  {_STATUS.get(parameters, parameters)}"

    def whole(self) -> Iterator[str]:
        yield ""
        yield "参评条件"
        for gate in self._trace["gates"]:
            yield from self._gate(gate)
        yield ""
        yield "评分项"
        for key in self._trace["items"]:
            yield from self.item(key)
        yield from self._end()

    def _gate(self, gate: Node) -> Iterator[str]:
        verdict = "豁免" if gate["waived"] else {True: "通过", False: "未通过", None: "缺少数值"}[gate["passed"]]
        yield f"  {verdict}  {gate['title']}（{gate['rule_id']}）{_origin(gate['origin'])}"
        yield from (f"    {line}" for line in self._inputs(gate))
        if gate["note"]:
            yield f"    {gate['note']}" + (self._decision("waiver", gate["rule_id"]) if gate["waived"] else "")
        yield f"    条款：{gate['clause']}"

    def item(self, key: str) -> Iterator[str]:
        item, scored = self._trace["items"][key], self._scheme.item(key)
        if scored is None:
            raise KeyError(key)
        node = item["rule"]
        score = "缺少" if item["score"] is None else item["score"]
        yield f"  {scored.title}（{key}）  得分 {score}  权重 {item['weight']}{_origin(item['origin'])}"
        yield from (f"    {line}" for line in self._node(node, scored.item.rule, key))
        if item["score"] is not None:
            sum_ = f"{node['result']} × 权重 {item['weight']} ÷ 满分 {item['full']}"
            yield f"    得分 = {sum_} = {_short(item['unrounded'])} → {item['score']}"
        yield f"    条款：{item['clause']}"

    def _node(self, node: Node, rule: Rule, item: str) -> Iterator[str]:
        name = f"{rule.title}：" if rule.title else ""
        yield f"{name}{rule_in_words(rule, self._titles, self._labels)}"
        yield from (f"  {line}" for line in self._inputs(node, item))
        for part, inner in zip(node.get("parts", ()), parts_of(rule), strict=True):
            yield from (f"  {line}" for line in self._node(part, inner, item))
        if node["result"] is None:
            yield f"  缺少：{node.get('note', '')}"
        else:
            note = f"（{node['note']}）" if node.get("note") else ""
            yield f"  = {_short(node['unrounded'])} → {node['result']}{note}"
        if node.get("clause"):
            yield f"  条款：{node['clause']}"

    def _inputs(self, node: Node, item: str = "") -> Iterator[str]:
        for one in node.get("inputs", ()):
            name, which = str(one["name"]), _WHICH.get(one["which"], one["which"])
            kind, _, who = name.partition(":")
            shown = {"mark": f"专家 {who}", "adjudication": "裁定"}.get(kind, self._titles.get(name, name))
            value = _short(one["value"]) if one["which"] != "mark" else one["value"]
            told = f"{shown} {which} {self._labels.get(name, {}).get(str(one['value']), value)}"
            if one.get("source"):
                told += self._source(str(one["source"]), name, item)
            yield told + (f"  {one['note']}" if one.get("note") else "")

    def _source(self, source: str, name: str, item: str) -> str:
        """The file, with the row where the value stood when the results were made, and the reason given there."""
        kind, _, who = name.partition(":")
        keys = {"mark": [f"{item} {who}"], "adjudication": [item]}.get(kind, self._parts.get(name, [name]))
        found = [one for key in keys if (one := self._row(source, key))]
        rows, reasons = "、".join(str(row) for row, _ in found), "；".join(reason for _, reason in found if reason)
        return f"  [{source}:{rows}]" * bool(rows) + f"  [{source}]" * (not rows) + f"  {reasons}" * bool(reasons)

    def _row(self, file: str, key: str) -> tuple[int, str] | None:
        return self._rows.get(file, {}).get(f"{self._result['uscc']} {key}")

    def _decision(self, kind: str, rule: str) -> str:
        """Where a decision stands and why it was made; empty when only the results are there."""
        found = self._row("decisions.csv", f"{kind} {rule}")
        return f"  [decisions.csv:{found[0]}]  {found[1]}" if found else ""

    def _end(self) -> Iterator[str]:
        result, trace = self._result, self._trace
        for veto in trace["vetoes"]:
            yield ""
            yield f"一票否决  {veto['title']}（{veto['id']}）→ {veto['grade']}"
            yield from (f"    {line}" for line in self._inputs(veto))
            yield f"    {veto['note']}" + self._decision("veto", veto["id"])
            yield f"    条款：{veto['clause']}"
        for floor in trace["floors"]:
            yield f"最低要求  {floor['node']} 低于 {floor['at_least']}（{floor['id']}）  条款：{floor['clause']}"
        yield ""
        scores = " + ".join("缺少" if score is None else score for score in result["scores"].values())
        yield f"总分 = {scores} = {'缺少' if result['total'] is None else result['total']}"
        yield f"等次 {result['grade']}：{trace['grade']['reason']}"
        if result["rank"] is None:
            yield "名次：不参加排名"
            return
        interval = result["rank_interval"]
        spread = f"，权重变动时 {interval[0]} 至 {interval[1]}" if interval else ""
        yield f"名次 {result['rank']}，类别内 {result['rank_in_category']}{spread}"


def _origin(origin: str) -> str:
    return "  [示例]" if origin == "illustrative" else ""


def _short(text: str | None) -> str:
    if text is None:
        return "缺少"
    long = len(text) > _SHOWN and text.replace(".", "", 1).isdigit()
    return text[:_SHOWN].rstrip("0").rstrip(".") + "…" if long else text
