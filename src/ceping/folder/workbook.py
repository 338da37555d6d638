"""results.xlsx as plain sheets: ranking, scores, gates, verification, points, and what a reader must know of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ceping.core.evaluation import Outcome, Result
from ceping.core.exact import rounded, short_text_of
from ceping.core.finding import Finding
from ceping.core.scheme.labels import Labels, labels_of
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.values import Input
from ceping.core.verification import Rate
from ceping.documents.excel import Sheet, Value
from ceping.documents.page_words import said_by
from ceping.folder.record import sample_note
from ceping.folder.robustness import changed_share
from ceping.folder.terms import Terms

ILLUSTRATIVE = "示例参数，官方文件未公布"
INCOMPLETE = "不完整：有缺少的文件或数值，见“说明”"
_VERDICTS = {
    "confirmed": "核实",
    "denied": "否认",
    "dead": "空号或错号",
    "linked": "关联",
    "unsure": "记不清",
    "refused": "拒访",
    "none": "未联系上",
    "pending": "待再次联系",
}


def notice_of(scheme: Scheme, terms: Terms, *, incomplete: bool) -> str:
    """What must stand wherever these results are shown; empty when there is nothing to say."""
    notes = []
    if terms.parameters.status == "illustrative" and has_illustrative(scheme):
        notes.append(ILLUSTRATIVE)
    if incomplete:
        notes.append(INCOMPLETE)
    return "；".join(notes)


def has_illustrative(scheme: Scheme) -> bool:
    """Whether anything that counts is not given by the official text."""
    outcome = scheme.outcome
    origins = [item.item.origin for item in scheme.scored]
    origins += [gate.origin for gate in outcome.gates] + [veto.origin for veto in outcome.vetoes]
    origins += [floor.origin for floor in outcome.floors]
    origins += [direct.origin for direct in outcome.any_of] + [ceiling.origin for ceiling in outcome.ceilings]
    origins += [rule.origin for rule in outcome.history] + [quota.origin for quota in outcome.quotas]
    origins += [item.origin for item in outcome.bonus.items] if outcome.bonus is not None else []
    origins += [outcome.bands_origin, outcome.robustness.origin]
    table = scheme.verification
    origins += [table.sample.origin, table.satisfaction.origin] if table is not None else []
    return "illustrative" in origins


def in_rank_order(outcome: Outcome) -> list[Result]:
    """The results from the first rank on, those without a rank last, equal ones by uscc."""

    def key(result: Result) -> tuple[bool, int, str]:
        rank = result.ranks.rank
        return rank is None, rank or 0, result.entry.uscc

    return sorted(outcome.results, key=key)


def workbook_of(
    scheme: Scheme, terms: Terms, outcome: Outcome, *, findings: Sequence[Finding], incomplete: bool
) -> list[Sheet]:
    """The sheets in their order."""
    notice = notice_of(scheme, terms, incomplete=incomplete)
    return [
        _ranking(scheme, outcome, notice),
        _scores(scheme, outcome, notice),
        _gates(scheme, outcome, notice),
        _verification(scheme, terms, outcome, notice),
        _points(scheme, outcome, notice),
        _notes(scheme, terms, findings, notice),
    ]


def _ranking(scheme: Scheme, outcome: Outcome, notice: str) -> Sheet:
    categories = category_titles(scheme)
    headers = (
        "名次",
        "类别内名次",
        "统一社会信用代码",
        "机构名称",
        "申报类别",
        "总分",
        "等次",
        "等次理由",
        "名次区间",
        "等次变动率",
        "备注",
    )
    rows: list[Sequence[Value]] = []
    for result in in_rank_order(outcome):
        standing, entry = result.standing, result.entry
        interval = "" if result.firmness is None else f"{result.firmness.low}–{result.firmness.high}"
        rows.append(
            (
                result.ranks.rank,
                result.ranks.rank_in_category,
                entry.uscc,
                entry.name,
                categories.get(entry.category, entry.category),
                standing.total,
                standing.grade,
                standing.grade_reason,
                interval,
                None if result.firmness is None else changed_share(scheme, result.firmness),
                "" if standing.complete else "不完整",
            )
        )
    return Sheet("排名", headers, rows, notice)


def category_titles(scheme: Scheme) -> Mapping[str, str]:
    """The official words of each category."""
    return {category.id: category.title for category in scheme.header.categories}


def _scores(scheme: Scheme, outcome: Outcome, notice: str) -> Sheet:
    items = scheme.scored
    weights = {item.key: item.weight for result in outcome.results[:1] for item in result.standing.items}
    titles = [f"{item.title}（{short_text_of(weights.get(item.key, item.item.weight))}）" for item in items]
    rows: list[Sequence[Value]] = []
    for result in outcome.results:
        scores = [item.score for item in result.standing.items]
        rows.append((result.entry.uscc, result.entry.name, *scores, result.standing.total))
    return Sheet("指标得分", ("统一社会信用代码", "机构名称", *titles, "总分"), rows, notice)


def _gates(scheme: Scheme, outcome: Outcome, notice: str) -> Sheet:
    headers = ("统一社会信用代码", "机构名称", "类型", "条件", "所读的值", "结论", "说明", "条款")
    rows: list[Sequence[Value]] = []
    labels = labels_of(scheme)
    for result in outcome.results:
        for gate in result.standing.gates:
            read = _read(scheme, labels, gate.inputs)
            verdict = "豁免" if gate.waived else {True: "通过", False: "未通过", None: "缺少数值"}[gate.passed]
            row = (result.entry.uscc, result.entry.name, "参评条件", gate.gate.title, read, verdict, said_by(gate.note))
            rows.append((*row, gate.gate.clause))
        for veto in result.standing.vetoes:
            read = _read(scheme, labels, veto.inputs)
            row = (result.entry.uscc, result.entry.name, "一票否决", veto.veto.title, read, "否决", said_by(veto.note))
            rows.append((*row, veto.veto.clause))
    return Sheet("参评条件", headers, rows, notice)


def _read(scheme: Scheme, labels: Labels, inputs: Sequence[Input]) -> str:
    metrics = scheme.indicators.metrics
    titles = [metrics[one.name].title if one.name in metrics else one.name for one in inputs]
    values = [None if one.value is None else labels.get(one.name, {}).get(one.value, one.value) for one in inputs]
    return "；".join(
        f"{title} {'缺少' if value is None else value}" for title, value in zip(titles, values, strict=True)
    )


def _verification(scheme: Scheme, terms: Terms, outcome: Outcome, notice: str) -> Sheet:
    rates = (("核实率", "verification"), ("满意率", "satisfaction"), ("接触率", "contact"), ("应答率", "response"))
    titles = [f"{title}{part}" for title, _ in rates for part in ("", "分子", "分母", "区间低", "区间高")]
    headers = ("统一社会信用代码", "机构名称", "名单家数", "已呼叫", *_VERDICTS.values(), *titles, "小样本提示")
    rows: list[Sequence[Value]] = []
    table = scheme.verification
    for result in outcome.results:
        calls = result.calls
        row: list[Value] = [result.entry.uscc, result.entry.name, len(result.entry.client_keys)]
        if calls is None or table is None:
            rows.append((*row, 0))
            continue
        row += [len(calls.verdicts), *(calls.counts.get(verdict, 0) for verdict in _VERDICTS)]
        for _, name in rates:
            rate: Rate = getattr(calls, name)
            row += [None if rate.value is None else rounded(rate.value, 4), rate.part, rate.whole, rate.low, rate.high]
        rows.append((*row, sample_note(calls.verification, terms.draw.wanted(table, result.draw))))
    return Sheet("核验", headers, rows, notice)


def _points(scheme: Scheme, outcome: Outcome, notice: str) -> Sheet:
    rules = scheme.points.rules if scheme.points is not None else ()
    headers = ("统一社会信用代码", "机构名称", "积分", "等级", *(f"{rule.leaf}（{rule.rule_id}）" for rule in rules))
    rows: list[Sequence[Value]] = []
    for result in outcome.results:
        shop = result.entry.shop
        if shop is None:
            rows.append((result.entry.uscc, result.entry.name, None, "未开设店铺"))
            continue
        counts = [shop.quantities.get(rule.rule_id, 0) for rule in rules]
        rows.append((result.entry.uscc, result.entry.name, shop.points, shop.level_text, *counts))
    return Sheet("积分", headers, rows, notice)


_STATUS = {"illustrative": ILLUSTRATIVE, "confirmed": "经确认", "replaced": "经替换"}


def _eligibility(terms: Terms) -> tuple[str, str, str]:
    declared = terms.eligibility
    if declared is None:
        return "应答率 RR3 的合格比例", "按各机构的呼叫结果估计", "见 verification.json"
    return "应答率 RR3 的合格比例", short_text_of(declared.share), declared.source


def _notes(scheme: Scheme, terms: Terms, findings: Sequence[Finding], notice: str) -> Sheet:
    parameters = terms.parameters
    rows: list[Sequence[Value]] = [
        ("测评年度", terms.title, ""),
        ("测评时间", f"{terms.start} 至 {terms.end}", ""),
        ("方案", scheme.label, scheme.header.title),
        ("方案哈希", scheme.sha256, ""),
        (
            "参数",
            _STATUS[parameters.status],
            "，".join(str(one) for one in (parameters.by, parameters.on, parameters.document) if one),
        ),
        _eligibility(terms),
        ("服务对象抽取种子", terms.seeds.clients, ""),
        ("稳健性种子", terms.seeds.robustness, ""),
    ]
    rows += [(f"权重 {key}", Decimal(weight), "测评年度替换") for key, weight in sorted(terms.weights.items())]
    readings = (
        *scheme.header.readings,
        *scheme.form.readings,
        *(scheme.points.readings if scheme.points is not None else ()),
    )
    rows += [("声明的读法", reading.reading, f"{reading.question}（{reading.clause}）") for reading in readings]
    for finding in findings:
        where = " ".join(part for part in (finding.file, finding.place) if part)
        rows.append(("提醒", f"{where}：{finding.message()}", finding.remedy()))
    return Sheet("说明", ("项目", "内容", "备注"), rows, notice)
