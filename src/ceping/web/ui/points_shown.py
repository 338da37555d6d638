"""A shop's points as people read them: where it stands and why, what comes next, its ledger, its days as bars.

The pages of a shop, of its seller and of the operator show the same: `ui/parts/points_*.html` draw what is here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ceping.core.points import Explanation, RuleLine
from ceping.core.scheme.points import Flag, PointsRule, ShareAtLeast, YearsSince
from ceping.stages.points.models import LedgerEntry
from ceping.stages.points.queries import (
    Advice,
    DayPoints,
    Stand,
    advice_of,
    explanation_of,
    ledger_of,
    points_by_rule_and_day,
    rules_in_force,
    standing_of,
)

_A_PAGE = 30
# The drawing of the days, in its own units.
_WIDTH, _HEIGHT = 720, 160


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one branch of the official table, with their points."""

    name: str
    points: int
    lines: Sequence["Counted"]


@dataclass(frozen=True, slots=True)
class Counted:
    """One rule in words: `told` is what was counted of it."""

    rule: PointsRule
    told: str
    points: int
    lost: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the ledger in words."""

    entry: LedgerEntry
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A shop's points; `ledger_next` is the key the next page of the ledger begins before, None on the last."""

    stand: Stand
    explanation: Explanation
    groups: Sequence[Group]
    advice: Sequence[Advice]
    ledger: Sequence[Step]
    ledger_next: int | None
    rules: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A day in the drawing: its points, and its bar, which hangs down where points were lost."""

    day: date
    points: int
    x: str
    y: str
    width: str
    height: str
    told: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a period as bars; `zero` is the height of the line they stand on."""

    bars: Sequence[Bar]
    zero: str
    total: int
    width: int = _WIDTH
    height: int = _HEIGHT


def points_shown(shop: str, *, before: int | None = None, ledger: bool = True) -> Shown | None:
    """The shop's points as posted; with the ledger from its newest line, or from before that key. None without one."""
    explanation = explanation_of(shop)
    if explanation is None:
        return None
    rules = rules_in_force()
    rows: list[LedgerEntry] = []
    if ledger:
        wanted = ledger_of(shop) if before is None else ledger_of(shop).filter(pk__lt=before)
        rows = list(wanted[: _A_PAGE + 1])
    names = {rule.rule_id: f"{rule.branch} · {rule.leaf}" for rule in rules.points.rules}
    return Shown(
        stand=standing_of([shop])[shop],
        explanation=explanation,
        groups=_groups(explanation.lines),
        advice=advice_of(shop),
        ledger=[_step(one, names) for one in rows[:_A_PAGE]],
        ledger_next=rows[_A_PAGE - 1].pk if len(rows) > _A_PAGE else None,
        rules=rules.label,
    )


def days_shown(shop: str, first: date, last: date) -> Days:
    """What the acts of each day brought, by the rules in force."""
    days = points_by_rule_and_day(shop, (first, last))
    most = max([1, *(one.total for one in days)])
    least = min([0, *(one.total for one in days)])
    scale = (_HEIGHT - 8) / (most - least)
    zero, wide = 4 + most * scale, _WIDTH / max(1, len(days))
    names = {rule.rule_id: rule.leaf for rule in rules_in_force().points.rules}
    bars = [
        Bar(
            day=one.day,
            points=one.total,
            x=f"{number * wide:.2f}",
            y=f"{zero - max(0, one.total) * scale:.2f}",
            width=f"{wide * 0.8:.2f}",
            height=f"{abs(one.total) * scale:.2f}",
            told=_day(one, names),
        )
        for number, one in enumerate(days)
    ]
    return Days(bars, f"{zero:.2f}", sum(one.points for one in bars))


def _groups(lines: Sequence[RuleLine]) -> list[Group]:
    found: dict[str, list[Counted]] = {}
    for line in lines:
        found.setdefault(line.rule.branch, []).append(Counted(line.rule, _told(line), line.points, line.lost))
    return [Group(name, sum(one.points for one in rows), rows) for name, rows in found.items()]


def _told(line: RuleLine) -> str:
    match line.rule.measure:
        case Flag():
            return "有" if line.quantity else "没有"
        case ShareAtLeast():
            return "已达到" if line.quantity else "没有达到"
        case YearsSince():
            return f"满 {line.quantity} 年，每年 {line.rule.points} 分"
        case _:
            return f"{line.quantity} × {line.rule.points} 分"


def _step(entry: LedgerEntry, names: Mapping[str, str]) -> Step:
    why = entry.get_why_display()
    if entry.cause:
        why = f"{why}（{entry.cause}）"
    return Step(entry, names.get(entry.rule_id, entry.rule_id), why)


def _day(one: DayPoints, names: Mapping[str, str]) -> str:
    moved = "，".join(f"{names.get(rule, rule)} {points:+}" for rule, points in one.points.items())
    return f"{one.day.month}月{one.day.day}日 {one.total:+} 分{f'：{moved}' if moved else ''}"
