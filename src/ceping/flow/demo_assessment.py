"""The demo's assessment: three assessors, a drawn season with some marks, one difference that waits, work for each.

Everything is done through the actions people use, at moments before `at`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from ceping.core.assessment import reason_needed
from ceping.core.exact import CONTEXT, short_text_of
from ceping.core.scheme.rules import Judge
from ceping.flow.demo_people import Cast
from ceping.folder.demo.chance import Chance
from ceping.ground.people.models import User
from ceping.stages.assessment.actions import (
    Particulars,
    Typed,
    add_assessor,
    check_evidence,
    declare_all,
    draw_assignments,
    finish_sheet,
    give_mark,
    mark_case,
    set_verified,
    write_case,
    write_opinion,
)
from ceping.stages.assessment.models import Assessor, Assignment, Sheet
from ceping.stages.assessment.queries import attachments_of, items_of, judge_of, judged_in, values_of
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import last_submission
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

SEED = "先行批次-公开摇号-20220308"
_PEOPLE = (
    ("assessor-1", "华东理工大学", ("管理咨询", "科技创新")),
    ("assessor-2", "上海社会科学院", ("法律服务", "知识产权")),
    ("assessor-3", "立信会计学院", ("投融资", "人力资源")),
)
_OPINION = {
    "strengths": "证照齐全，服务活动记录完整，能说明服务了哪些企业。",
    "weaknesses": "部分活动缺签到和照片，服务成效的数据较少。",
    "suggestions": "补齐活动留痕，对服务对象作一次回访并留存记录。",
}
_MIDDLE = 50
_SIGNED = 2  # institutions whose panel has signed; on the first of them the marks differ too far


def fill(*, cast: Cast, season: Season, entries: Sequence[Entry], at: datetime) -> None:
    """Assessors, one conflict, the draw, sheets signed with one difference due; the rest is left for the log-ins."""
    lead = cast.staff["lead-1"]
    people = _join(cast, season, entries, lead, at=at - timedelta(days=20))
    draw_assignments(season=season, seed=SEED, by=lead, at=at - timedelta(days=18))
    _case(season, people, lead, at=at - timedelta(days=17))
    free = [one for one in entries if one.pk != entries[-1].pk]
    for number, entry in enumerate(free[:_SIGNED]):
        panel = [one for one in people if items_of(one, entry)]
        for place, assessor in enumerate(panel):
            moment = at - timedelta(days=10 - number, hours=place)
            _mark(assessor, entry, place, moment, disputed=number == 0)
            _sign(assessor, entry, moment + timedelta(minutes=40))
        _verify(entry, panel[0].user, at=at - timedelta(days=8 - number))
    # One sheet begun and left where somebody goes on.
    begun = Assignment.objects.filter(assessor=people[0], ended_at=None).exclude(entry__in=free[:_SIGNED])
    first = begun.order_by("entry").values_list("entry", flat=True).first()
    if first is not None:
        entry = next(one for one in entries if one.pk == first)
        _mark(people[0], entry, 0, at - timedelta(hours=5), most=2)


def _join(cast: Cast, season: Season, entries: Sequence[Entry], lead: User, *, at: datetime) -> list[Assessor]:
    """Three assessors who gave their word; the last named an institution to keep away from."""
    made = []
    for login, employer, expertise in _PEOPLE:
        told = Particulars(employer=employer, expertise=expertise, load_max=len(entries))
        user = cast.staff[login]
        made.append((user, add_assessor(season=season, user=user, told=told, by=lead, at=at)))
    for place, (user, one) in enumerate(made):
        apart = [entries[-1]] if place == len(made) - 1 else []
        reasons = ["近三年曾任该机构顾问"] * len(apart)
        declare_all(assessor=one, entries=apart, reasons=reasons, by=user, at=at + timedelta(hours=place + 1))
    found = Assessor.objects.filter(season=season).select_related("season__scheme", "user").order_by("code")
    return list(found)


def _case(season: Season, people: Sequence[Assessor], lead: User, *, at: datetime) -> None:
    """A practice case, marked by all."""
    item = judged_in(rules_of(season))[0]
    anchors, judge = item.item.anchors, item.judge
    if anchors is None or judge is None:
        return
    case = write_case(
        season=season,
        title="甲机构（虚构）",
        text=f"甲机构提交的材料：{anchors.half}。另有一份证书已过有效期。",
        item=item.key,
        mark=_percent(judge, 50),
        reason="合于“一半”的参照；过期证书不计。",
        by=lead,
        at=at,
    )
    for place, one in enumerate(people):
        mark = _percent(judge, 50 + 10 * place)
        mark_case(
            case=case, assessor=one, mark=mark, reason="参照一半", by=one.user, at=at + timedelta(hours=place + 1)
        )


def _mark(
    assessor: Assessor, entry: Entry, place: int, at: datetime, *, disputed: bool = False, most: int | None = None
) -> None:
    for number, item in enumerate(items_of(assessor, entry)[:most]):
        judge = judge_of(entry.season, item)
        if judge is None:
            continue
        percent = 60 + Chance(entry.pk, "demo-marks", item).below(4) * 5 + place * 5
        if disputed and number == 0:
            percent = 95 if place else 30
        mark = _percent(judge, percent)
        reason = "材料齐全，成效突出" if percent > _MIDDLE else "佐证不足，部分材料未见原件"
        typed = Typed(mark, "", reason if reason_needed(judge, Decimal(mark)) or number % 2 else "")
        moment = at + timedelta(minutes=6 * number)
        give_mark(assessor=assessor, entry=entry, item=item, typed=typed, version=0, by=assessor.user, at=moment)


def _sign(assessor: Assessor, entry: Entry, at: datetime) -> None:
    for version, (part, text) in enumerate(_OPINION.items()):
        write_opinion(assessor=assessor, entry=entry, part=part, text=text, version=version, by=assessor.user, at=at)
    finish_sheet(assessor=assessor, entry=entry, by=assessor.user, at=at + timedelta(minutes=5))
    if not Sheet.objects.filter(assessor=assessor, entry=entry, signed_at__isnull=False).exists():
        raise RuntimeError(entry.pk)


def _verify(entry: Entry, by: User, *, at: datetime) -> None:
    """Every value as claimed, every file genuine."""
    submission = last_submission(entry)
    for one in values_of(entry, submission):
        value = one.claimed or "0"
        set_verified(
            entry=entry, metric=one.name, value=value, reason="与花名册、清单核对一致", version=0, by=by, at=at
        )
    for file in attachments_of(entry, submission):
        check_evidence(entry=entry, file=file.name, verdict="genuine", reason="", version=0, by=by, at=at)


def _percent(judge: Judge, percent: int) -> str:
    """So much of full marks, on a step of the rule."""
    whole = CONTEXT.divide(CONTEXT.multiply(judge.max, Decimal(min(percent, 100))), Decimal(100))
    steps = CONTEXT.divide_int(whole, judge.step)
    return short_text_of(CONTEXT.multiply(steps, judge.step))
