"""Shops by the interface: what they are, where they stand, why, and what the rules say."""

# The docstrings of operations and shapes are what users read of them.
# ruff: noqa: D400

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from ceping.core.finding import fault
from ceping.core.points import Explanation, Place, ShopRow, Window, level_name
from ceping.core.scheme.points import PointsRule
from ceping.ground.people.access import Refused
from ceping.stages.points.actions import take_facts
from ceping.stages.points.models import LedgerEntry, Standing
from ceping.stages.points.queries import (
    Rules,
    explanation_of,
    facts_of,
    ledger_of,
    rules_in_force,
    shop_of_id,
    shops_after,
    waiting_count,
)
from ceping.stages.points.states import Scope, Why
from ceping.web.api.events import source_of
from ceping.web.api.keys import Key
from ceping.web.api.problem import Problem
from ceping.web.api.shapes import (
    ID,
    HealthOut,
    LedgerOut,
    LevelOut,
    PointsOut,
    ProblemOut,
    RulesOut,
    ShopIn,
    ShopOut,
    ShopsOut,
)
from ceping.web.ui.numbered import arrived_at

router = Router()
ShopId = Annotated[str, Path(pattern=ID, description="店铺编号")]
_MOST_SHOPS, _MOST_ENTRIES, _MOST_KEY = 500, 200, 2**62
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)
_READ = Key(Scope.READ)
_FAILS = frozenset({400, 401, 403, 404, 429})


@router.get(
    "/health", url_name="health", operation_id="health", summary="是否正常", tags=["平台"], response={200: HealthOut}
)
def health(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 -- as ninja calls it
    """不需要令牌。"""
    return {"ok": True, "waiting_events": waiting_count()}


@router.get(
    "/rules",
    auth=_READ,
    url_name="rules",
    operation_id="rules",
    summary="正在执行的规则和等级",
    tags=["积分"],
    response={200: RulesOut, _FAILS - {404}: ProblemOut},
)
def rules(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 -- as above
    """积分规则逐条列出，数量和分值为 0。"""
    now = rules_in_force()
    return {
        "rules": now.label,
        "sha256": now.sha256,
        "title": now.points.title,
        "lines": [_rule(rule, 0, 0, 0) for rule in now.points.rules],
        "levels": [
            {
                "level": row.level,
                "level_rank": row.rank,
                "level_name": level_name(now.points, row.level, row.rank),
                "least": row.least,
                "most": row.most,
            }
            for row in now.points.levels
        ],
    }


@router.get(
    "/shops",
    auth=_READ,
    url_name="shops",
    operation_id="shops",
    summary="店铺名录",
    tags=["店铺"],
    response={200: ShopsOut, _FAILS - {404}: ProblemOut},
)
def shops(
    request: HttpRequest,  # noqa: ARG001 -- as above
    after: Annotated[str, Query(pattern=r"^[A-Za-z0-9_.:-]{0,64}$", description="从哪个编号之后开始")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST_SHOPS)] = 100,
) -> dict[str, Any]:
    """按编号排列，一次一页。"""
    found = shops_after(after, limit + 1)
    listed = [
        {
            "shop_id": one.shop,
            "shop_name": one.name,
            "category": one.category,
            "points": one.points,
            "level": one.level,
            "level_rank": one.level_rank,
        }
        for one in found[:limit]
    ]
    return {"shops": listed, "next": found[limit - 1].shop if len(found) > limit else None}


@router.get(
    "/shops/{shop_id}",
    auth=_READ,
    url_name="shop",
    operation_id="shop",
    summary="一家店铺",
    tags=["店铺"],
    response={200: ShopOut, _FAILS: ProblemOut},
)
def shop(request: HttpRequest, shop_id: ShopId) -> dict[str, Any]:  # noqa: ARG001 -- as above
    """店铺的信息、积分和等级。"""
    return _shop(_standing(shop_id))


@router.put(
    "/shops/{shop_id}",
    auth=Key(Scope.SHOPS),
    url_name="shop_put",
    operation_id="put_shop",
    summary="写店铺信息",
    tags=["店铺"],
    response={200: ShopOut, _FAILS | {409, 411, 413, 415, 422}: ProblemOut},
)
def put_shop(request: HttpRequest, shop_id: ShopId, given: ShopIn) -> dict[str, Any]:
    """没有的店铺从此有了。信息从今天起有效，积分随即重算；与现有的相同就什么也不变。平台自己的店铺不能这样改写。"""
    row = ShopRow(
        Place("api", 1),
        shop_id,
        given.shop_name,
        given.category,
        given.registered_on,
        given.introduction,
        given.website,
        str(given.certificate_count),
        str(given.product_count),
        "true" if given.decorated else "false",
    )
    try:
        take_facts(row=row, source=source_of(request.auth), by=None, at=arrived_at(request))  # type: ignore[attr-defined]
    except Refused as refused:
        status = 409 if refused.findings[0].code == "points_shop_run_here" else 422
        raise Problem(status, *refused.findings) from None
    return _shop(_standing(shop_id))


@router.get(
    "/shops/{shop_id}/level",
    auth=_READ,
    url_name="level",
    operation_id="level",
    summary="积分和等级",
    tags=["积分"],
    response={200: LevelOut, _FAILS: ProblemOut},
)
def level(request: HttpRequest, shop_id: ShopId) -> dict[str, Any]:  # noqa: ARG001 -- as above
    """累计的积分和等级。"""
    return _level(_standing(shop_id))


@router.get(
    "/shops/{shop_id}/points",
    auth=_READ,
    url_name="points",
    operation_id="points",
    summary="积分逐条说明",
    tags=["积分"],
    response={200: PointsOut, _FAILS: ProblemOut},
)
def points(
    request: HttpRequest,  # noqa: ARG001 -- as above
    shop_id: ShopId,
    start: Annotated[date | None, Query(alias="from", description="第一天；不写为累计")] = None,
    end: Annotated[date | None, Query(alias="to", description="最后一天；不写为截至现在")] = None,
) -> dict[str, Any]:
    """每条规则计到的数量和分值，以及离下一级还差多少。写明起止日期时，只计这一段。"""
    standing = _standing(shop_id)
    for place, day in (("from", start), ("to", end)):
        if day is not None and not _FIRST <= day <= _LAST:
            raise Problem(400, fault("api_value", place=place))
    last = end or standing.as_of
    if start is not None and last is not None and start > last:
        raise Problem(400, fault("points_window_reversed", place="from", start=start, end=last))
    window = Window(start, last) if last is not None and (start is not None or end is not None) else None
    told = explanation_of(shop_id, window)
    if told is None:
        raise Problem(404, fault("api_not_there", given=shop_id))
    return _points(told, rules_in_force(), start, last)


@router.get(
    "/shops/{shop_id}/ledger",
    auth=_READ,
    url_name="ledger",
    operation_id="ledger",
    summary="账目",
    tags=["积分"],
    response={200: LedgerOut, _FAILS: ProblemOut},
)
def ledger(
    request: HttpRequest,  # noqa: ARG001 -- as above
    shop_id: ShopId,
    before: Annotated[int | None, Query(ge=1, le=_MOST_KEY, description="从哪一行之前开始")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_ENTRIES)] = 50,
) -> dict[str, Any]:
    """积分的每一次变动和它的缘由。账目只增不改：更正是新的一行。"""
    standing, now = _standing(shop_id), rules_in_force()
    rows = ledger_of(shop_id).filter(pk__lt=before) if before is not None else ledger_of(shop_id)
    found = list(rows[: limit + 1])
    known = {rule.rule_id: rule for rule in now.points.rules}
    return {
        "shop_id": standing.shop,
        "entries": [_entry(one, known) for one in found[:limit]],
        "next": found[limit - 1].pk if len(found) > limit else None,
    }


def _standing(shop_id: str) -> Standing:
    found = shop_of_id(shop_id)
    if found is None:
        raise Problem(404, fault("api_not_there", given=shop_id))
    return found


def _level(standing: Standing) -> dict[str, Any]:
    now = rules_in_force()
    return {
        "shop_id": standing.shop,
        "points": standing.points,
        "level": standing.level,
        "level_rank": standing.level_rank,
        "level_name": level_name(now.points, standing.level, standing.level_rank),
        "as_of": standing.as_of,
        "rules": standing.rules or now.label,
    }


def _shop(standing: Standing) -> dict[str, Any]:
    facts = facts_of(standing)
    return _level(standing) | {
        "shop_name": standing.name,
        "category": standing.category,
        "registered_on": facts.registered_on if facts else None,
        "introduction": facts.introduction if facts else False,
        "website": facts.website if facts else False,
        "certificate_count": facts.certificate_count if facts else 0,
        "product_count": facts.product_count if facts else 0,
        "decorated": facts.decorated if facts else False,
    }


def _points(told: Explanation, now: Rules, start: date | None, end: date | None) -> dict[str, Any]:
    return {
        "shop_id": told.shop_id,
        "window_from": start,
        "window_to": end,
        "rules": now.label,
        "points": told.total,
        "level_name": told.level,
        "next_level": told.next_level,
        "distance": told.distance,
        "lines": [_rule(line.rule, line.quantity, line.points, line.lost) for line in told.lines],
    }


def _rule(rule: PointsRule, quantity: int, given: int, lost: int) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "rule": f"{rule.branch} / {rule.leaf}",
        "clause": rule.clause,
        "unit": rule.unit,
        "unit_points": rule.points,
        "quantity": quantity,
        "points": given,
        "lost": lost,
        "cap": rule.cap,
    }


def _entry(line: LedgerEntry, known: Mapping[str, PointsRule]) -> dict[str, Any]:
    rule = known.get(line.rule_id)
    return {
        "entry": line.pk,
        "rule_id": line.rule_id,
        "rule": f"{rule.branch} / {rule.leaf}" if rule is not None else "",
        "quantity": line.quantity,
        "points": line.points,
        "why": line.why,
        "why_text": Why(line.why).label,
        "cause": line.cause,
        "reason": line.reason,
        "corrects": line.corrects_id,
        "sequence": line.sequence,
        "as_of": line.as_of,
        "rules": line.rules,
        "posted_at": line.posted_at,
    }
