"""The operator's shops: who comes in, pauses and goes; reviews hidden; reports of abuse answered."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from testbed.market import a_buyer, a_shop, an_offer
from testbed.scene import Scene, an_institution, person, scene

from ceping.flow import market, shopkeeping
from ceping.folder.demo.words import credit_code
from ceping.ground.journal.models import Entry
from ceping.ground.messages.models import Message
from ceping.ground.people.roles import Role
from ceping.stages.points.models import LedgerEntry
from ceping.stages.points.queries import standing_of
from ceping.stages.shop.actions.desk import accept_order
from ceping.stages.shop.actions.ordering import place_order
from ceping.stages.shop.actions.reporting import report_abuse
from ceping.stages.shop.models import Buyer, Review, Shop, ShopChange
from ceping.stages.shop.states import ShopState
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db
SHOPS, ABUSE = "/office/shops/", "/office/shops/abuse/"
ONE = f"{SHOPS}at/shop-1/"


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.fixture
def shop(here: Scene, now: datetime) -> Shop:
    return a_shop(here.institution, at=now)


@pytest.fixture
def operator(here: Scene) -> Client:  # noqa: ARG001 -- the scene stands first
    return as_(person("钱运营", Role.OPERATOR))


def asking(shop: Shop) -> Shop:
    Shop.objects.filter(pk=shop.pk).update(state=ShopState.PENDING, opened_at=None)
    shop.refresh_from_db()
    return shop


def rated(here: Scene, shop: Shop, buyer: Buyer, now: datetime, comment: str = "很好") -> Review:
    order = place_order(offer=an_offer(shop, at=now), buyer=buyer, phone="13800138000", note="", at=now)
    order = accept_order(order=order, by=here.alice, at=now)
    order = shopkeeping.complete_order(order=order, by=here.alice, at=now)
    return market.rate(order=order, buyer=buyer, rating="good", comment=comment, at=now)


def state(shop: Shop) -> str:
    return Shop.objects.get(pk=shop.pk).state


def points(shop: Shop) -> int:
    return standing_of([shop.code])[shop.code].points


def test_a_shop_that_asks_is_approved_once_and_its_people_are_told(here: Scene, shop: Shop, operator: Client) -> None:
    asking(shop)
    assert "1 家等您审核" in operator.get(SHOPS).content.decode()
    assert "1 家店铺等您审核" in operator.get("/").content.decode()
    assert "准许开业" in operator.get(ONE).content.decode()
    assert operator.post(ONE + "act/", {"do": "approve"}).status_code == 302
    again = operator.post(ONE + "act/", {"do": "approve"})
    assert (again.status_code, state(shop)) == (409, "open")
    assert "店铺现在是“营业中”" in again.content.decode()
    assert Message.objects.get(to=here.alice, event="shop_opened").subject == "店铺“启衡企业管理咨询”已开业"
    assert [(one.before, one.after) for one in ShopChange.objects.all()] == [("pending", "open")]
    assert Client().get("/market/shops/shop-1/").status_code == 200


def test_each_act_wants_its_state_and_a_reason_and_is_journalled(here: Scene, shop: Shop, operator: Client) -> None:
    for do, reason in (("suspend", ""), ("suspend", " 短 "), ("suspend", "长" * 301), ("reopen", "改好了可以恢复")):
        assert operator.post(ONE + "act/", {"do": do, "reason": reason}).status_code == 409
    assert operator.post(ONE + "act/", {"do": "burn"}).status_code == 404
    steps = (("suspend", "证书过期未补"), ("reopen", "证书已补交"), ("close", "机构注销"))
    for do, reason in steps:
        assert operator.post(ONE + "act/", {"do": do, "reason": reason}).status_code == 302
    assert operator.post(ONE + "act/", {"do": "reopen", "reason": "想恢复也不行"}).status_code == 409
    assert state(shop) == "closed"
    acts = list(Entry.objects.filter(chain="shops").order_by("number").values_list("act", "reason"))
    assert acts == [(f"{do}_shop", reason) for do, reason in steps]
    told = Message.objects.filter(to=here.alice).order_by("pk")
    assert [one.event for one in told] == ["shop_suspended", "shop_reopened", "shop_closed"]
    assert "证书过期未补" in told[0].body
    page = operator.get(ONE).content.decode()
    assert "机构注销" in page
    assert 'name="do"' not in page
    assert Client().get("/market/shops/shop-1/").status_code == 404


def test_a_suspended_shop_is_not_found_and_refusing_one_tells_why(here: Scene, shop: Shop, operator: Client) -> None:
    operator.post(ONE + "act/", {"do": "suspend", "reason": "抽查发现虚假宣传"})
    assert shop.name not in Client().get("/market/").content.decode()
    asking(shop)
    assert operator.post(ONE + "act/", {"do": "refuse", "reason": "介绍与营业范围不符"}).status_code == 302
    assert "介绍与营业范围不符" in Message.objects.get(to=here.alice, event="shop_refused").body
    # The institution may ask with another.
    assert a_shop(here.institution, code="shop-2", at=shop.asked_at).pk


def test_a_hidden_review_is_gone_with_its_points(here: Scene, shop: Shop, operator: Client, now: datetime) -> None:
    review = rated(here, shop, a_buyer(), now)
    before = points(shop)
    assert operator.post(f"{ONE}reviews/{review.pk}/hide/", {"reason": ""}).status_code == 409
    assert operator.post(f"{ONE}reviews/0/hide/", {"reason": "辱骂他人"}).status_code == 404
    assert operator.post(f"{ONE}reviews/{review.pk}/hide/", {"reason": "与事实不符，经核实"}).status_code == 302
    # One for the rating, one for the comment, fifty for the rate of good ones.
    assert points(shop) == before - 52
    lines = LedgerEntry.objects.filter(points__lt=0).values_list("rule_id", "reason")
    assert {reason for _, reason in lines} == {"与事实不符，经核实"}
    assert "很好" not in Client().get("/market/shops/shop-1/").content.decode()
    again = operator.post(f"{ONE}reviews/{review.pk}/hide/", {"reason": "与事实不符，经核实"})
    assert (again.status_code, points(shop)) == (409, before - 52)
    assert "已隐藏" in again.content.decode()


def test_a_report_is_answered_once_and_hides_its_review(
    here: Scene, shop: Shop, operator: Client, now: datetime
) -> None:
    buyer, review = a_buyer("赵小买"), rated(here, shop, a_buyer(), now)
    words = "这条评价是店铺自己人写的，请核实"
    made = report_abuse(shop=shop, review=review, kind="false_review", text=words, by=buyer.user, at=now)
    assert "1 份举报待处理" in operator.get(ABUSE).content.decode()
    page = f"{ABUSE}{made.number}/"
    assert words in operator.get(page).content.decode()
    for given in ({"verdict": "upheld", "answer": " "}, {"verdict": "upheld", "answer": "长" * 1001}):
        assert operator.post(page + "act/", given).status_code == 409
    assert operator.post(page + "act/", {"verdict": "maybe", "answer": "查过了"}).status_code == 404
    given = {"verdict": "upheld", "answer": "经核实为店铺人员所写", "hide": "yes"}
    assert operator.post(page + "act/", given).status_code == 302
    again = operator.post(page + "act/", {"verdict": "dismissed", "answer": "改主意"})
    assert again.status_code == 409
    made.refresh_from_db()
    review.refresh_from_db()
    assert (made.state, review.hidden_for) == ("upheld", "经核实为店铺人员所写")
    assert "经核实为店铺人员所写" in Message.objects.get(to=buyer.user, event="abuse_answered").body
    assert "没有待处理的举报" in operator.get(ABUSE).content.decode()
    assert made.number in operator.get(ABUSE, {"state": "all"}).content.decode()


def test_a_dismissed_report_leaves_the_review(here: Scene, shop: Shop, operator: Client, now: datetime) -> None:
    review = rated(here, shop, a_buyer(), now)
    text = "我不喜欢这条评价，请删除它"
    made = report_abuse(shop=shop, review=review, kind="other", text=text, by=here.alice, at=now)
    given = {"verdict": "dismissed", "answer": "评价属实", "hide": "yes"}
    operator.post(f"{ABUSE}{made.number}/act/", given)
    review.refresh_from_db()
    assert review.hidden_at is None
    assert Message.objects.filter(to=here.alice, event="abuse_answered").count() == 1


def test_search_and_states(here: Scene, shop: Shop, operator: Client, now: datetime) -> None:
    asking(a_shop(here.other, code="shop-2", name="精工技术", at=now))

    def found(**asked: str) -> set[str]:
        page = operator.get(SHOPS, asked).content.decode()
        return {one for one in (shop.name, "精工技术") if f">{one}</a>" in page}

    assert found() == {shop.name, "精工技术"}
    assert found(state="pending") == {"精工技术"}
    assert found(state="nonsense") == {shop.name, "精工技术"}
    for words in ("精工", here.other.uscc.lower(), here.other.name, "shop-2"):
        assert found(q=words) == {"精工技术"}
    assert "没有符合条件的店铺" in operator.get(SHOPS, {"q": "没有这样的店"}).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_little(here: Scene, operator: Client, now: datetime, number: int) -> None:
    for one in range(number):
        institution = an_institution(f"上海第{one}家", credit_code(one, "startup"), here.area)
        a_shop(institution, code=f"s{one}", name=f"店{one}", at=now)
    operator.get(SHOPS)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert operator.get(SHOPS).status_code == 200
    assert len(asked) <= 15


def test_pictures_of_a_shop_that_waits_are_the_operators(shop: Shop, operator: Client) -> None:
    asking(shop)
    assert operator.get(f"{ONE}pictures/none-480.jpg").status_code == 404
    assert operator.get(f"{SHOPS}at/nobody/").status_code == 404


def test_others_decide_nothing(here: Scene, shop: Shop) -> None:
    addresses = (ONE + "act/", f"{ONE}reviews/1/hide/", f"{ABUSE}J1/act/")
    for user in (here.alice, here.organiser, a_buyer().user):
        for address in addresses:
            assert as_(user).post(address, {"do": "close", "reason": "想关就关"}).status_code == 403
    assert state(shop) == "open"
