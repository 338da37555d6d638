"""How a page of the seller gets the shop it is about, and reads what a form sent; 404 for what is not theirs."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.http import Http404, HttpRequest

from ceping.core.finding import Finding, fault
from ceping.documents.inspection.kind import Kind
from ceping.ground.files.actions import Arrived, take_in
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Institution
from ceping.ground.people.roles import Role
from ceping.stages.shop.models import Shop
from ceping.stages.shop.queries.kept import shop_of
from ceping.stages.shop.states import ShopState
from ceping.web.institution.reach import reader

_YUAN = re.compile(r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,2})?", re.ASCII)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_TABS = (
    ("shop", "店铺首页"),
    ("shop_orders", "订单"),
    ("shop_offers", "服务与活动"),
    ("shop_reviews", "评价"),
    ("shop_profile", "店铺信息"),
    ("shop_look", "装修"),
    ("shop_certificates", "资质证书"),
    ("shop_points", "积分账目"),
)


def institution_of(request: HttpRequest) -> Institution:
    """Whose shop it is. Raises Http404 for somebody of no institution."""
    grant = reader(request).grant_of(Role.INSTITUTION)
    if grant is None or grant.institution is None:
        raise Http404
    return grant.institution


def own_shop(request: HttpRequest) -> Shop:
    """The institution's shop that is not closed. Raises Http404."""
    found = shop_of(institution_of(request))
    if found is None or found.state == ShopState.CLOSED:
        raise Http404
    return found


def told_in(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings in the shape of the templates: the field, what is so, what to do."""
    return [{"place": one.place, "message": one.message(), "remedy": one.remedy()} for one in findings]


def frame_of(shop: Shop, here: str) -> dict[str, object]:
    """What every page of the seller shows: the shop, and the way to the others."""
    tabs = [(f"institution:{name}", word, name == here) for name, word in _TABS]
    return {"shop": shop, "tabs": tabs, "nav_now": "shop"}


def fen_in(text: str) -> int | None:
    """An amount in yuan as fen; None for nothing, -1 for what is no amount."""
    given = text.strip().replace(",", "").replace("，", "")
    if not given:
        return None
    return int(Decimal(given) * 100) if _YUAN.fullmatch(given) else -1


def whole_in(text: str) -> int | None:
    """A whole number; None for nothing, -1 for what is none."""
    given = text.strip()
    if not given:
        return None
    return int(given) if _WHOLE.fullmatch(given) else -1


def picture_in(request: HttpRequest, name: str) -> Arrived:
    """The picture sent in that field. Raises Refused for none and for what is no picture."""
    file = request.FILES.get(name)
    if file is None:
        raise Refused(fault("shop_image_wanted", place=name))
    return take_in(file.chunks(), name=file.name or "", wanted={Kind.JPEG, Kind.PNG})
