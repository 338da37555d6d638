"""Cloud shops of the demo: opened, decorated, with offers, orders on every step, reviews, follows and their points.

Made by a worker through the same acts as on the pages, at moments before `at`; a shop at a time, so that nobody waits.
"""

from datetime import datetime, timedelta
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageDraw

from ceping.core.points import EventRow, Place
from ceping.flow import market, overseeing, shopkeeping
from ceping.flow.demo_people import cast_again, one_who_buys
from ceping.folder.demo import words
from ceping.folder.demo.chance import Chance
from ceping.ground.files.actions import Arrived
from ceping.ground.files.store import keep_bytes
from ceping.ground.people.models import Institution, User
from ceping.ground.people.roles import Role
from ceping.stages.points.actions import post_round, take_events
from ceping.stages.shop.actions import offering
from ceping.stages.shop.actions.keeping import Profile
from ceping.stages.shop.actions.opening import Asking, ask_to_open
from ceping.stages.shop.actions.reporting import report_abuse
from ceping.stages.shop.models import Buyer, Offer, Order, Shop
from ceping.stages.shop.states import AbuseKind, Block, BuyerKind, OfferKind, Pricing, Rating, Theme

SHOPS, SEED, _DAYS = 8, 21, 75
_SOURCE = "platform"
_CATEGORIES = ("consulting", "technology", "ip", "startup", "finance", "legal", "hr", "market")
_OFFERS = (
    ("企业管理诊断", "两位顾问现场走访一天，给出书面建议", Pricing.PRICED, 480_000, "次"),
    ("“专精特新”申报辅导", "从自评到材料成稿，含一次现场走访", Pricing.PRICED, 980_000, "项"),
    ("政策咨询", "电话或当面，半小时以内", Pricing.FREE, None, ""),
    ("数字化转型方案", "按企业规模和现状报价", Pricing.QUOTED, None, ""),
)
_COMMENTS = ("办得很快，材料一次通过", "顾问很专业，建议都能落地", "沟通及时，下次还找", "", "比预期多等了两天", "")
_BUYERS = 6


def fill_market(*, at: datetime) -> int:
    """Shops stand that were not there yet; answers how many were made."""
    cast = cast_again()
    if not cast.staff:
        return 0
    institutions = Institution.objects.filter(grants__user__demo=True).distinct().order_by("office_phone", "pk")
    made = 0
    with transaction.atomic():
        buyers = _buyers(cast.staff, at - timedelta(days=_DAYS + 1))
    for number, institution in enumerate(institutions[: SHOPS + 1]):
        seller = User.objects.filter(grants__institution=institution, demo=True).order_by("pk").first()
        if seller is None or Shop.objects.filter(institution=institution).exists():
            continue
        with transaction.atomic():
            _shop(number, institution, seller, cast.staff["operator-1"], buyers, at)
        made += 1
    post_round(at=at)
    return made


def _buyers(staff: dict[str, User], at: datetime) -> list[Buyer]:
    """The two anybody may enter as, and some more who have no account to enter."""
    found = [
        _buyer(staff["personal-1"], BuyerKind.PERSONAL, 0, at),
        _buyer(staff["enterprise-1"], BuyerKind.ENTERPRISE, 1, at),
    ]
    for number in range(2, _BUYERS + 2):
        kind = BuyerKind.ENTERPRISE if number % 3 else BuyerKind.PERSONAL
        role = Role.ENTERPRISE if kind is BuyerKind.ENTERPRISE else Role.PERSONAL
        user = User.objects.filter(login=f"buyer-{number:02d}").first()
        if user is None:
            name = words.person(Chance(SEED, "buyer", number))
            user = one_who_buys(name, number, role, by=staff["security-1"], at=at)
        found.append(_buyer(user, kind, number, at))
    return found


def _buyer(user: User, kind: BuyerKind, number: int, at: datetime) -> Buyer:
    firm = kind is BuyerKind.ENTERPRISE
    given = {
        "kind": kind,
        "firm": words.firm_name(number) if firm else "",
        "uscc": words.credit_code(700 + number, "consulting") if firm else "",
        "phone": words.mobile(114_000 + number),
        "joined_at": at,
    }
    return Buyer.objects.get_or_create(user=user, defaults=given)[0]


def _shop(
    number: int, institution: Institution, seller: User, operator: User, buyers: list[Buyer], at: datetime
) -> None:
    """One shop as it came to be; the last one still waits for the operator."""
    begun = at - timedelta(days=_DAYS - number)
    category = _CATEGORIES[number % len(_CATEGORIES)]
    name = institution.name.removesuffix("有限公司").removeprefix("上海")
    asked = Asking(institution.name, (begun - timedelta(days=3000 + 200 * number)).date(), (category,))
    shop = ask_to_open(institution=institution, given=asked, by=seller, at=begun)
    if number == SHOPS:
        return
    shop = overseeing.approve_shop(shop=shop, by=operator, at=begun + timedelta(hours=5))
    moment = begun + timedelta(hours=6)
    said = Profile(
        name=name[:30],
        slogan="把服务做细，陪中小企业走远",
        introduction=f"{institution.name}面向本区及周边园区的中小企业，提供咨询、辅导和培训。（示范数据）",
        website="https://example.com/" if number % 3 else "",
        address="",
        phone=institution.office_phone,
        categories=(category,),
    )
    shop = shopkeeping.change_profile(shop=shop, given=said, by=seller, at=moment)
    if number % 4 != 3:
        theme = list(Theme.values)[number % len(Theme.values)]
        shop = shopkeeping.decorate(shop=shop, theme=theme, blocks=Block.values, by=seller, at=moment)
    for place in range(number % 3 + 1):
        shopkeeping.add_certificate(
            shop=shop,
            name=("质量管理体系认证", "高新技术企业", "中小企业公共服务示范平台")[place],
            issued_on=(begun - timedelta(days=400 + place)).date(),
            arrived=_picture(f"{institution.uscc} {place}", (60, 84)),
            by=seller,
            at=moment,
        )
    offers = [_offer(shop, place, category, seller, moment) for place in range(len(_OFFERS))]
    offers.append(_activity(shop, category, seller, moment, at))
    _log_ins(shop, seller, number, begun, at)
    _trade(shop, offers[:-1], number, seller, buyers, at)


def _offer(shop: Shop, place: int, category: str, seller: User, at: datetime) -> Offer:
    title, summary, pricing, fen, unit = _OFFERS[place]
    given = offering.Offering(
        OfferKind.PRODUCT, title, summary, "内容和周期可以商量。", category, pricing, fen, unit, None, None, "", None
    )
    made = shopkeeping.add_offer(shop=shop, given=given, by=seller, at=at)
    if place == 0:
        offering.add_image(offer=made, arrived=_picture(f"{shop.code} {title}", (480, 270)), by=seller, at=at)
    return made


def _activity(shop: Shop, category: str, seller: User, moment: datetime, at: datetime) -> Offer:
    start = (at + timedelta(days=12)).replace(minute=0, second=0, microsecond=0)
    given = offering.Offering(
        OfferKind.ACTIVITY,
        "中小企业政策宣讲会",
        "税费、融资、用工三场，现场答疑",
        "",
        category,
        Pricing.FREE,
        None,
        "",
        start,
        start + timedelta(hours=3),
        "服务大厅二楼会议室",
        60,
    )
    return shopkeeping.add_offer(shop=shop, given=given, by=seller, at=moment)


def _log_ins(shop: Shop, seller: User, number: int, begun: datetime, at: datetime) -> None:
    """Most days, as a feed would bring them."""
    rows = [
        EventRow(
            Place(_SOURCE, day + 1),
            f"login:{shop.code}:{day}",
            shop.code,
            "login",
            (begun + timedelta(days=day, hours=8)).isoformat(),
            f"user:{seller.pk}",
            "seller",
            "",
            "",
        )
        for day in range(1, _DAYS - number)
        if (day * 7 + number) % 9
    ]
    take_events(rows=rows, source=_SOURCE, by=None, at=at)


def _trade(shop: Shop, offers: list[Offer], number: int, seller: User, buyers: list[Buyer], at: datetime) -> None:
    """Orders on every step; the newest wait for the seller and for the buyer."""
    for turn, buyer in enumerate(buyers):
        moment = at - timedelta(days=40 - 4 * turn - number % 3)
        if (turn + number) % 2:
            market.follow(shop=shop, buyer=buyer, at=moment)
        order = market.place_order(
            offer=offers[(turn + number) % len(offers)], buyer=buyer, phone=buyer.phone, note="", at=moment
        )
        order = _carried(order, seller, turn, moment)
        if turn == 0 and number == 0:
            # For whoever tries it out: one to be rated by the person of the demo.
            continue
        if turn < len(buyers) - 2:
            _rated(order, buyer, seller, turn + number, moment + timedelta(days=3))
        if turn == 1 and number == 1:
            report_abuse(
                shop=shop,
                offer=None,
                review=None,
                kind=AbuseKind.FALSE_CLAIMS,
                text="宣传的通过率写得太满，请核实。（示范数据）",
                by=buyer.user,
                at=at - timedelta(hours=5),
            )


def _carried(order: Order, seller: User, turn: int, moment: datetime) -> Order:
    """The last two of the buyers wait: one to be taken, one to be completed."""
    if turn == _BUYERS + 1:
        return order
    price = 600_000 if order.offer.pricing == Pricing.QUOTED else None
    order = shopkeeping.accept_order(order=order, by=seller, at=moment + timedelta(hours=2), price_fen=price)
    if turn == _BUYERS:
        return order
    return shopkeeping.complete_order(order=order, by=seller, at=moment + timedelta(days=2))


def _rated(order: Order, buyer: Buyer, seller: User, turn: int, moment: datetime) -> None:
    rating = Rating.NEUTRAL if turn % 7 == 4 else Rating.GOOD
    comment = _COMMENTS[turn % len(_COMMENTS)]
    review = market.rate(order=order, buyer=buyer, rating=rating, comment=comment, at=moment)
    if comment and turn % 3:
        text = "感谢您的评价，有需要随时联系我们。"
        shopkeeping.reply_review(review=review, text=text, by=seller, at=moment + timedelta(hours=3))


def _picture(key: str, size: tuple[int, int]) -> Arrived:
    """A plain drawing, another one for each key."""
    chance = Chance(SEED, "picture", key)
    shade = (60 + chance.below(120), 60 + chance.below(120), 60 + chance.below(120))
    page = Image.new("RGB", size, shade)
    draw = ImageDraw.Draw(page)
    for band in range(5):
        left = chance.below(size[0])
        draw.line((left, 0, left + size[0] // 4, size[1]), fill=(246, 244, 238), width=1 + band)
    out = BytesIO()
    page.save(out, "PNG")
    data = out.getvalue()
    return Arrived(keep_bytes(data), len(data), "png", "示范图片.png", ())
