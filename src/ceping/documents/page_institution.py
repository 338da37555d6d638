"""One institution of results.json as the page shows it: what it read, scored and lost, and what bears on its grade."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.exact import CONTEXT, rounded, short_text_of, text_of
from ceping.core.points import Entry, Total, level_name
from ceping.core.scheme.outcome import OutcomeFile
from ceping.core.scheme.points import PointsFile, PointsRule
from ceping.core.scheme.whole import Scheme
from ceping.documents.page_content import Calls, Condition, Firm, Institution, ItemScore, Rate, Shop, ShopLine, Spread
from ceping.documents.page_spread import share_of
from ceping.documents.page_words import VERDICTS, Node, Words, said_by, titles_of, verdict_of

RATES = ("verification", "satisfaction", "contact", "response")
SHARE_PLACES = 1
_MOST_LOST = 3
_STEPS = {"any_of": "直接认定", "ceiling": "等次上限", "history": "历年等次", "quota": "名额"}
Shares = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Around:
    """What an institution is shown against: titles of categories, those ranked in each, the shares by item in each."""

    categories: Mapping[str, str]
    ranked: Mapping[str, int]
    peers: Mapping[str, Mapping[str, Spread | None]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an institution's result: its calls, its shop, how firm its rank is; None for what is not."""

    calls: Calls | None
    shop: Shop | None
    firm: Firm | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One scored item or bonus of one institution as its trace holds it."""

    key: str
    full: Decimal
    score: Decimal | None
    node: Node
    clause: str

    @property
    def share(self) -> Decimal | None:
        """Per cent of full marks; None when missing or when there is nothing to be had."""
        return share_of(self.score, self.full) if self.score is not None and self.full > 0 else None


def scored_in(result: Node, scheme: Scheme) -> Iterator[Scored]:
    """Items in the order of the table, then the bonus items."""
    for key, item in result["trace"]["items"].items():
        yield Scored(key, Decimal(item["weight"]), _number(item["score"]), item["rule"], str(item["clause"]))
    fulls = {item.id: item.full for item in scheme.outcome.bonus.items} if scheme.outcome.bonus is not None else {}
    for bonus in result["trace"].get("bonus", ()):
        node = bonus["rule"]
        yield Scored(bonus["id"], fulls[bonus["id"]], _number(bonus["score"]), node, str(node.get("clause", "")))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def comparable(result: Node) -> bool:
    """Whether others are held against it: no gate failed without a waiver, and no veto."""
    failed = any(gate["passed"] is False and not gate["waived"] for gate in result["gates"])
    return not failed and not result["vetoes"]


def complete(result: Node) -> bool:
    """Whether nothing was missing."""
    known = all(score is not None for score in result["scores"].values())
    return known and result["total"] is not None and all(gate["passed"] is not None for gate in result["gates"])


def institution_of(result: Node, scheme: Scheme, words: Words, around: Around, beside: Beside) -> Institution:
    """The institution as the page shows it; numbers stay the texts they are."""
    grade, interval = result["trace"]["grade"], result["rank_interval"]
    category = str(result["category"])
    peers = around.peers.get(category, {})
    items = tuple(scored_in(result, scheme))
    most_lost = _most_lost(items)
    return Institution(
        uscc=result["uscc"],
        name=result["name"],
        category=category,
        category_title=around.categories.get(category, category),
        category_count=around.ranked.get(category, 0),
        total=result["total"],
        grade=result["grade"],
        reason=_reason(grade, scheme),
        label=_label(grade.get("label", {})),
        complete=complete(result),
        rank=result["rank"],
        rank_in_category=result["rank_in_category"],
        interval=None if interval is None else (interval[0], interval[1]),
        firm=beside.firm,
        items=tuple(_item(one, result, words, peers, most_lost) for one in items),
        conditions=tuple(_conditions(result, scheme, words)),
        calls=beside.calls,
        shop=beside.shop,
    )


def _most_lost(items: Sequence[Scored]) -> list[str]:
    lost = {item.key: CONTEXT.subtract(item.full, item.score) for item in items if item.score is not None}
    return sorted((key for key in lost if lost[key] > 0), key=lambda key: -lost[key])[:_MOST_LOST]


def _reason(grade: Node, scheme: Scheme) -> str:
    reason = str(grade["reason"])
    floor = next((one for one in scheme.outcome.floors if reason.startswith(f"{one.node} 低于")), None)
    return reason if floor is None else reason.replace(floor.node, titles_of(scheme).get(floor.node, floor.node), 1)


def _label(label: Node) -> str:
    stars = f"{label['stars']} 星" if label.get("stars") is not None else ""
    money = f"{label['money']}{label.get('unit', '')}" if label.get("money") else ""
    return "，".join(part for part in (label.get("label", ""), stars, money) if part)


def _item(
    one: Scored, result: Node, words: Words, peers: Mapping[str, Spread | None], most_lost: Sequence[str]
) -> ItemScore:
    share, titles = one.share, words.items
    return ItemScore(
        key=one.key,
        title=titles.get(one.key, one.key),
        full=short_text_of(one.full),
        read=words.read(one.node),
        score=result["scores"][one.key],
        lost="—" if one.score is None else text_of(CONTEXT.subtract(one.full, one.score)),
        share="—" if share is None else text_of(rounded(share, SHARE_PLACES)),
        peers=peers.get(one.key),
        among_most_lost=one.key in most_lost,
        clause=one.clause,
    )


def _conditions(result: Node, scheme: Scheme, words: Words) -> Iterator[Condition]:
    trace, titles = result["trace"], titles_of(scheme)
    origins = _origins(scheme.outcome)
    for gate in trace["gates"]:
        verdict, illustrative = verdict_of(gate), gate["origin"] == "illustrative"
        failed = gate["passed"] is not True and not gate["waived"]
        note = said_by(gate["note"])
        values = (gate["title"], words.read({"inputs": gate["inputs"]}), verdict, note, gate["clause"])
        yield Condition("参评条件", *values, illustrative, failed)
    for veto in trace["vetoes"]:
        illustrative = origins.get(veto["id"]) == "illustrative"
        values = (veto["title"], words.read({"inputs": veto["inputs"]}), "否决", said_by(veto["note"]), veto["clause"])
        yield Condition("一票否决", *values, illustrative, failed=True)
    scores = {item.key: item for item in scheme.scored}
    for floor in trace["floors"]:
        keys = [k for k, item in scores.items() if floor["node"] in (item.key, item.leaf.id, item.branch.id)]
        read = "、".join(f"{titles[key]} {result['scores'].get(key)} 分" for key in keys if key in result["scores"])
        title = f"{titles.get(floor['node'], floor['node'])}不低于 {floor['at_least']} 分"
        illustrative = origins.get(floor["id"]) == "illustrative"
        yield Condition("最低要求", title, read, "未达到", "", floor["clause"], illustrative, failed=True)
    for step in trace["grade"].get("steps", ()):
        if step["rule"] in _STEPS:
            kind, illustrative = _STEPS[step["rule"]], origins.get(step.get("id", "")) == "illustrative"
            values = (step.get("reason", ""), "", step["grade"], "", step.get("clause", ""))
            yield Condition(kind, *values, illustrative, failed=step["rule"] in ("ceiling", "quota"))


def _origins(outcome: OutcomeFile) -> Mapping[str, str]:
    origins: dict[str, str] = {one.id: one.origin for one in outcome.vetoes}
    origins |= {one.id: one.origin for one in outcome.floors}
    origins |= {one.id: one.origin for one in outcome.any_of}
    origins |= {one.id: one.origin for one in outcome.ceilings}
    return origins | {one.id: one.origin for one in outcome.history}


def calls_of(entry: Node) -> Calls:
    """The verification of one institution of verification.json."""
    counts = tuple((title, entry["counts"][key]) for key, title in VERDICTS.items() if key in entry["counts"])
    rates = tuple(_rate(entry["rates"].get(name)) for name in RATES)
    return Calls(int(entry["frame"]), sum(number for _, number in counts), counts, rates, str(entry["note"]))


def _rate(rate: Node | None) -> Rate | None:
    if rate is None:
        return None
    return Rate(int(rate["part"]), int(rate["whole"]), rate["value"], rate["low"], rate["high"])


def rule_title(points: PointsFile, rule: PointsRule) -> str:
    """The rule as the table names it, with its unit where two rules share the name."""
    named = f"{rule.branch} / {rule.leaf}"
    doubled = sum(1 for one in points.rules if (one.branch, one.leaf) == (rule.branch, rule.leaf)) > 1
    return f"{named}（{rule.unit}）" if doubled else named


def shop_of(points: PointsFile, total: Total, lines: list[Entry]) -> Shop:
    """The shop's points by rule, in the scheme's order."""
    titles = {rule.rule_id: rule_title(points, rule) for rule in points.rules}
    told = (ShopLine(one.rule_id, titles.get(one.rule_id, one.rule_id), one.quantity, one.points) for one in lines)
    return Shop(total.points, level_name(points, total.level, total.level_rank), tuple(told))
