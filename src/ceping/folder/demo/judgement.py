"""Assessors, marks, adjudications, verified values, verdicts and decisions of a demo season."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal

from ceping.core.assessment import Mark, adjudication_due, reason_needed
from ceping.core.exact import short_text_of
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.rules import Judge
from ceping.folder.demo import words
from ceping.folder.demo.cast import Member
from ceping.folder.demo.chance import Chance
from ceping.folder.demo.paper import attachments_of, listed_clients, staff_of

Rows = list[dict[str, str]]
_EXPERTISE = ("创业服务", "科技创新", "投融资", "知识产权", "管理咨询", "法律服务", "人力资源")
_ADJUDICATOR = "测评机构负责人"


def assessors(scheme: Scheme, *, count: int, seed: int) -> Rows:
    """Enough assessors for the season, the first with a conflict of interest."""
    raters = max((item.judge.raters for item in scheme.scored if item.judge is not None), default=1)
    chance = Chance(seed, "assessors")
    size = max(raters + 2, 6, count * raters // 12)
    return [
        {
            "assessor_id": f"A{number:02d}",
            "name": words.person(chance),
            "employer": chance.pick(("华东理工大学", "上海社会科学院", "上海市企业联合会", "立信会计学院")),
            "expertise": f"{chance.pick(_EXPERTISE)};{chance.pick(_EXPERTISE)}",
            "load_max": str(count),
        }
        for number in range(1, size + 1)
    ]


def conflicts(members: Sequence[Member], people: Rows) -> Rows:
    """One conflict that stands and one that was lifted."""
    found = [
        {"assessor_id": people[0]["assessor_id"], "uscc": one.uscc, "kind": "declared", "reason": "曾任该机构顾问"}
        for one in members
        if one.part == "conflicted"
    ]
    lifted = {"assessor_id": people[1]["assessor_id"], "uscc": members[0].uscc}
    found.append({**lifted, "kind": "detected", "reason": "工作单位名称相近"})
    found.append({**lifted, "kind": "cleared", "reason": "核实为两家单位，没有关联"})
    return found


def marking(scheme: Scheme, members: Sequence[Member], people: Rows, *, seed: int) -> tuple[Rows, Rows, Rows]:
    """Assignments, marks and adjudications, complete and settled."""
    assignments: Rows = []
    marks: Rows = []
    adjudications: Rows = []
    for member in members:
        free = [one["assessor_id"] for one in people if not (member.part == "conflicted" and one is people[0])]
        disputed = member.part == "disputed"
        for place, item in enumerate(scheme.scored):
            judge = item.judge
            if judge is None:
                continue
            chance = Chance(seed, "marks", member.number, item.key)
            start = member.number * 2 + place
            chosen = [free[(start + turn) % len(free)] for turn in range(judge.raters)]
            given = [_mark(judge, member, who, chance, disputed=disputed) for who in chosen]
            if disputed and len(given) > 1:
                given[0] = Mark(given[0].assessor, judge.max, reason="材料齐全，成效突出")
                given[1] = Mark(given[1].assessor, Decimal(0), reason="未见原件，不予认可")
                disputed = False
            key = {"uscc": member.uscc, "indicator_id": item.key}
            assignments += [{**key, "assessor_id": mark.assessor} for mark in given]
            marks += [
                {**key, "assessor_id": mark.assessor, "mark": short_text_of(mark.mark), "reason": mark.reason}
                for mark in given
            ]
            if adjudication_due(judge, given):
                settled = {"mark": short_text_of(_on_step(judge, member.strength)), "by": _ADJUDICATOR}
                adjudications.append({**key, **settled, "reason": "调阅原件后按评分要点裁定"})
    return assignments, marks, adjudications


def _mark(judge: Judge, member: Member, who: str, chance: Chance, *, disputed: bool) -> Mark:
    mark = _on_step(judge, member.strength + chance.between(-10, 10 if not disputed else 5))
    reason = ("材料齐全，成效突出" if mark * 2 > judge.max else "佐证不足") if reason_needed(judge, mark) else ""
    return Mark(who, mark, reason=reason)


def _on_step(judge: Judge, percent: int) -> Decimal:
    """So much of full marks, on a step of the rule."""
    steps = (judge.max * min(max(percent, 0), 100) / 100 / judge.step).to_integral_value(ROUND_FLOOR)
    return steps * judge.step


def verified(members: Sequence[Member], names: Sequence[str], *, seed: int) -> Rows:
    """The verified values of the metrics that are recorded by hand."""
    rows: Rows = []
    for member in members:
        chance = Chance(seed, "verified", member.number)
        _, fulltime, qualified = staff_of(member)
        values = {
            "distinct_clients": len(member.clients),
            "fulltime_count": fulltime,
            "qualified_count": qualified - (1 if chance.happens(30) else 0),
            "specialised_clients": listed_clients(member),
        }
        for name in names:
            reason = "一人社保不在本单位" if name == "qualified_count" and values[name] < qualified else ""
            row = {"uscc": member.uscc, "metric_id": name, "value": str(values.get(name, 0)), "reason": reason}
            rows.append({**row, "by": "复核组", "on": "2022-02-21"})
    return rows


def evidence(members: Sequence[Member], *, seed: int) -> Rows:
    """A verdict on every attachment."""
    return [row for member in members for row in _verdicts(member, seed)]


def _verdicts(member: Member, seed: int) -> Iterator[dict[str, str]]:
    chance = Chance(seed, "evidence", member.number)
    for name, (item, _) in attachments_of(member).items():
        verdict, reason = "genuine", ""
        if member.part == "vetoed" and item == 6:
            verdict, reason = "false", "合同相对方书面否认签订过此合同"
        elif chance.happens(4):
            verdict, reason = chance.pick((("doubtful", "日期与正文不符"), ("unreadable", "扫描件无法辨认")))
        row = {"uscc": member.uscc, "file": name, "verdict": verdict, "reason": reason}
        yield {**row, "by": "复核组", "on": "2022-02-22"}


def decisions(scheme: Scheme, members: Sequence[Member]) -> Rows:
    """The waiver of the first gate for one institution, and the veto of another."""
    rows: Rows = []
    for member in members:
        common = {"uscc": member.uscc, "by_role": "organiser", "on": "2022-03-01"}
        gate = next((gate.id for gate in scheme.outcome.gates if gate.waivable_by), "")
        veto = next((veto.id for veto in scheme.outcome.vetoes if veto.by_decision), "")
        if member.part == "waived" and gate:
            rows.append(
                {**common, "kind": "waiver", "rule_id": gate, "effect": "waive", "reason": "受疫情影响，差额不足一成"}
            )
        if member.part == "vetoed" and veto:
            rows.append({**common, "kind": "veto", "rule_id": veto, "effect": "veto", "reason": "虚假材料经查证属实"})
    return rows
