"""An indicator tree into the files of a scheme draft: the sheet's words as they are, and no key it does not answer.

What is left out is what `ceping scheme check` then asks for, key by key; beside each such place a comment says so.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ceping.core.exact import product, short_text_of
from ceping.documents.intake.scheme import BranchDraft, LeafDraft, SchemeIntake, Scored
from ceping.documents.intake.scheme_rules import Understood, understood

# The values of the shipped schemes' illustrative parameters, used only when asked for, and declared.
_RATERS = "3"
_FULL = Decimal(10)
_STEPS = ("0.5", "0.1", "0.01")
_BANDS = (("优秀", "0.9"), ("良好", "0.75"), ("合格", "0.6"), ("不合格", ""))
_PROOF = "佐证材料"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_SOURCES = (
    ("cloud", ("服务云", "平台数据", "系统数据")),
    ("outside", ("信用", "外部", "税务", "社保")),
    ("agency", ("第三方", "测评机构", "专家", "抽样", "回访", "问卷")),
)
_ASKED = {"step": "打分步长", "raters": "专家人数"}
_LONGEST_TITLE = 30


@dataclass(frozen=True, slots=True)
class Named:
    """What a sheet never says: how the scheme is called and by whom, days as 2024-01-01. Empty is left out."""

    id: str = ""
    title: str = ""
    authority: str = ""
    source: str = ""
    start: str = ""
    end: str = ""


@dataclass(slots=True)
class Draft:
    """The files by name; `told` says how each standard was read, `open` what remains to be decided, for people."""

    files: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def draft_of(read: SchemeIntake, named: Named, *, illustrative: bool) -> Draft:
    """The draft of a scheme; `illustrative` fills what the sheet leaves open with declared example parameters."""
    draft = Draft()
    unweighted = illustrative and all(item.weight is None for _, _, item in read.rows())
    if unweighted:
        _share(read)
    proofs = _proofs(read)
    parts = _indicators(read, draft, proofs, illustrative=illustrative, unweighted=unweighted)
    indicators = "".join(parts)
    draft.files["scheme.toml"] = _scheme(read, named, draft, illustrative=illustrative, unweighted=unweighted)
    draft.files["form.toml"] = _form(proofs)
    draft.files["indicators.toml"] = indicators
    draft.files["outcome.toml"] = _outcome(read, draft, illustrative=illustrative)
    return draft


def is_id(text: str) -> bool:
    """Whether a scheme may be called so."""
    return _ID.fullmatch(text) is not None


def _share(read: SchemeIntake) -> None:
    """Every item has the same share of the total, to two places; the last takes what is left, each counts to 10."""
    count = sum(1 for _ in read.rows())
    cents = int(read.total * 100)
    for branch in read.branches:
        for leaf in branch.leaves:
            for place, item in enumerate(leaf.items):
                last = item is read.branches[-1].leaves[-1].items[-1]
                own = cents - cents // count * (count - 1) if last else cents // count
                leaf.items[place] = replace(item, weight=Decimal(own).scaleb(-2), full=_FULL)


def _scheme(read: SchemeIntake, named: Named, draft: Draft, *, illustrative: bool, unweighted: bool) -> str:
    title = named.title or max(read.titles, key=len, default="")
    lines = [f"# 由 {_printable(read.table.file)} 的指标表生成的草稿。写着“待定”的地方由人补上。\n"]
    for key, text, asked in (
        ("id", named.id, "方案编号（小写字母、数字和连字符）"),
        ("version", "1", ""),
        ("title", title, "方案名称"),
        ("authority", named.authority, "主管部门"),
        ("source", named.source or f"指标表 {read.table.file}", ""),
    ):
        if text:
            lines.append(f"{key} = {text if key == 'version' else quoted(text)}\n")
        else:
            lines.append(f'# 待定：{key} = "{asked}"\n')
            draft.open.append(f"{asked}（scheme.toml 的 {key}）")
    if named.start and named.end:
        lines.append(f"period = {{ from = {named.start}, to = {named.end} }}\n")
    else:
        lines.append("# 待定：period = { from = 2024-01-01, to = 2024-12-31 }\n")
        draft.open.append("测评期（scheme.toml 的 period）")
    lines.append('\n[[category]]\nid = "all"\ntitle = "不分类别"\n')
    lines += [_reading(*one) for one in _readings(illustrative=illustrative, unweighted=unweighted)]
    return "".join(lines)


def _readings(*, illustrative: bool, unweighted: bool) -> Iterator[tuple[str, str, str]]:
    yield "categories", "参评机构分哪些类别", "指标表没有写，暂不分类别"
    yield "form", "申报表收哪些内容", "指标表没有写，form.toml 只有名称、代码、法定代表人、承诺和资料清单，是示例"
    yield "metrics", "指标量从哪里来", "指标表没有写，暂由人核定后记入 verified.csv"
    if unweighted:
        yield "weights", "各项指标占多少分", "指标表没有写，示例：平均分配，每项按 10 分制打分"
    if illustrative:
        yield "judged", "没有写明的评分方式、专家人数和步长", f"示例：由 {_RATERS} 名专家打分取平均"
        yield "bands", "等次分数线", "指标表没有写，示例：满分的九成、七成半、六成"


def _reading(key: str, question: str, reading: str) -> str:
    return f"\n[[reading]]\nid = {quoted(key)}\nquestion = {quoted(question)}\nreading = {quoted(reading)}\n"


def _form(proofs: Mapping[str, int]) -> str:
    items = "".join(
        f"\n[[checklist.item]]\nnumber = {number}\ntext = {quoted(text)}\n" for text, number in proofs.items()
    )
    return f"""# 示例申报表，见 scheme.toml 的读法 form。
title = "申报表"

[[cover.line]]
text = "机构名称："
field = "name"

[[part]]
id = "basics"
heading = "一、基本情况"

[[part.block]]
kind = "fields"
fields = ["name", "uscc", "legal_name"]

[[part.block]]
kind = "commitment"

[[part.block]]
kind = "checklist"

[commitment]
title = "真实性承诺"
clauses = ["所填内容和所附材料真实、完整。"]
signature = ["法定代表人签字："]
signer = "legal_name"

[checklist]
headers = ["序号", "资料"]
{items}
[[field]]
id = "name"
label = "机构名称"
type = "text"
identity = "name"

[[field]]
id = "uscc"
label = "统一社会信用代码"
type = "uscc"
identity = "uscc"

[[field]]
id = "legal_name"
label = "法定代表人"
type = "text"
required = true
"""


def _proofs(read: SchemeIntake) -> dict[str, int]:
    """The attachments asked for: what the sheet names as evidence, each once; one for all when it names none."""
    texts = dict.fromkeys(item.evidence for _, _, item in read.rows() if item.evidence) or {_PROOF: None}
    return {text: number for number, text in enumerate(texts, start=1)}


def _indicators(
    read: SchemeIntake, draft: Draft, proofs: Mapping[str, int], *, illustrative: bool, unweighted: bool
) -> Iterator[str]:
    title = max(read.titles, key=len, default="评价指标")
    yield f"# 由 {_printable(read.table.file)} 生成，文字照录。\ntitle = {quoted(title)}\n"
    yield f"total = {quoted(short_text_of(read.total))}\n"
    parts: list[str] = []
    for first, branch in enumerate(read.branches, start=1):
        parts.append(f'\n[[branch]]\nid = "b{first}"\ntitle = {quoted(branch.title)}\n')
    for first, branch in enumerate(read.branches, start=1):
        for second, leaf in enumerate(branch.leaves, start=1):
            own = f"i{first}-{second}"
            parts.append(_leaf(read, branch, leaf, own, f"b{first}", proofs))
            for third, item in enumerate(leaf.items, start=1):
                key = own if len(leaf.items) == 1 else f"{own}-{third}"
                rule = _rule(draft, leaf, item, f"m{key[1:]}", illustrative=illustrative)
                readings = ["weights"] * unweighted + ["judged"] * (illustrative and bool(rule and rule.open))
                parts.append(_item(leaf, item, key, rule, draft, readings))
                if rule is not None and rule.metric:
                    # Metrics stand before the tables that read them, as in every scheme.
                    yield _metric(rule, leaf, item)
    yield from parts


def _leaf(
    read: SchemeIntake, branch: BranchDraft, leaf: LeafDraft, key: str, above: str, proofs: Mapping[str, int]
) -> str:
    words = list(dict.fromkeys(text for item in leaf.items for text in (item.description, item.criteria) if text))
    evidence = list(dict.fromkeys(item.evidence for item in leaf.items if item.evidence))
    numbers = sorted({proofs.get(text, 1) for text in evidence} or {1})
    lines = [f"\n[[indicator]]\nid = {quoted(key)}\nbranch = {quoted(above)}\ntitle = {quoted(leaf.title)}\n"]
    if words:
        lines.append(f"description = {quoted(chr(10).join(words))}\n")
    if evidence:
        lines.append(f"evidence = {quoted(chr(10).join(evidence))}\n")
    lines.append(f"sources = {json.dumps(_sources_of(' '.join(evidence)))}\nchecklist = {numbers}\n")
    rows = f"第 {leaf.items[0].row} 行" if len(leaf.items) == 1 else f"第 {leaf.items[0].row}～{leaf.items[-1].row} 行"
    sheet = f"“{read.table.sheet}”" if read.table.sheet else ""
    lines.append(f"clause = {quoted(f'指标表{sheet}{rows} {branch.title} {leaf.title}')}\n")
    return "".join(lines)


def _sources_of(evidence: str) -> list[str]:
    return [source for source, words in _SOURCES if any(word in evidence for word in words)] or ["institution"]


def _item(leaf: LeafDraft, item: Scored, key: str, rule: Understood | None, draft: Draft, readings: list[str]) -> str:
    lines = ["\n[[indicator.item]]\n"]
    words = (item.criteria or item.description)[:_LONGEST_TITLE] if len(leaf.items) > 1 else ""
    name = item.title or words or leaf.title
    if len(leaf.items) > 1 or item.title:
        lines.append(f"id = {quoted(key)}\ntitle = {quoted(name)}\n")
    if item.weight is None:
        lines.append('# 待定：weight = "分值"，full = "满分"\n')
        draft.open.append(f"第 {item.row} 行“{name}”的分值（indicators.toml 的 weight 和 full）")
    else:
        full = item.weight if item.most is None else item.most
        lines.append(f"weight = {quoted(short_text_of(item.weight))}\nfull = {quoted(short_text_of(full))}\n")
    lines.append(f'origin = "{"illustrative" if readings else "official"}"\n')
    if readings:
        lines.append(f"readings = {json.dumps(readings)}\n")
    if rule is None:
        asked = f"，评分标准写的是：{item.criteria}" if item.criteria else ""
        lines.append(f"# 待定：rule（评分方式{_printable(asked)}）\n")
    else:
        lines.append("\n[indicator.item.rule]\n")
        lines += [f"{key} = {value}\n" for key, value in rule.rule.items()]
        if "judged" not in readings:
            lines += [f"# 待定：{key}（{_ASKED[key]}）\n" for key in rule.open]
        if item.criteria:
            lines.append(f"clause = {quoted(item.criteria)}\n")
    return "".join(lines)


def _rule(draft: Draft, leaf: LeafDraft, item: Scored, metric: str, *, illustrative: bool) -> Understood | None:
    """The rule of an item; None leaves it to a person, and so does what is `open` in it unless examples fill it."""
    name = item.title or leaf.title
    where = f"第 {item.row} 行“{name}”"
    most = item.most
    if most is None:
        draft.open.append(f"{where}的评分方式（indicators.toml 的 rule）")
        return None
    found = understood(item.criteria, item.method, most, metric)
    if found is not None:
        draft.told.append(f"{where}：{found.told}")
    if found is not None and not found.open:
        return found
    if illustrative:
        step = next(
            (one for one in _STEPS if product(most, Decimal(100)) % product(Decimal(one), Decimal(100)) == 0), ""
        )
        given = {"kind": '"judge"', "max": quoted(short_text_of(most))} | dict(found.rule if found else {})
        rule = {"step": quoted(step), "raters": _RATERS} | given
        return Understood(rule, "", ("step", "raters"))
    if found is not None:
        missing = "、".join(f"{_ASKED[key]} {key}" for key in found.open)
        draft.open.append(f"{where}的{missing}（indicators.toml 的 rule）")
        return found
    draft.open.append(f"{where}的评分方式（indicators.toml 的 rule）")
    return None


def _metric(rule: Understood, leaf: LeafDraft, item: Scored) -> str:
    unit = f"unit = {quoted(rule.unit)}\n" if rule.unit else ""
    kind = 'type = "yes_no"\n' if rule.yes_no else 'least = "0"\n'
    title = quoted(item.title or leaf.title)
    return f'\n[metric.{rule.metric}]\ntitle = {title}\n{unit}{kind}use = "verified"\n'


def _outcome(read: SchemeIntake, draft: Draft, *, illustrative: bool) -> str:
    start = 'gate_failed_grade = "不参评"\nrobustness = { spread = "0.2", origin = "illustrative" }\n'
    if not illustrative:
        draft.open.append("等次和分数线（outcome.toml 的 bands_origin 和 [[band]]）")
        return start + '# 待定：bands_origin = "official"，以及每个等次一张 [[band]]\n'
    bands = []
    edge = ""
    for grade, share in _BANDS:
        low = short_text_of(product(read.total, Decimal(share))) if share else ""
        lines = [f"\n[[band]]\ngrade = {quoted(grade)}\n"]
        lines += [f"at_least = {quoted(low)}\n"] if low else []
        lines += [f"below = {quoted(edge)}\n"] if edge else []
        bands.append("".join(lines))
        edge = low
    return 'bands_origin = "illustrative"\n' + start + "".join(bands)


def _printable(text: str) -> str:
    # A comment ends with its line and holds no control characters.
    return "".join(char if char.isprintable() else " " for char in text)


def quoted(text: str) -> str:
    """The text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
