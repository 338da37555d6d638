"""What the operator sees of shops: all of them in any state, one whole, what is reported, what waits."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from ceping.ground.files.models import File
from ceping.stages.shop.models import AbuseReport, Certificate, OfferImage, Review, Shop, ShopChange
from ceping.stages.shop.queries.wording import folded
from ceping.stages.shop.states import AbuseState, ShopState


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many shops ask to open, and how many reports of abuse nobody answered."""

    shops: int
    reports: int


def waiting_here() -> Waiting:
    """What waits for the operator now."""
    return Waiting(
        Shop.objects.filter(state=ShopState.PENDING).count(),
        AbuseReport.objects.filter(state=AbuseState.OPEN).count(),
    )


def shops_overseen(state: str = "", text: str = "") -> QuerySet[Shop]:
    """Shops in that state, or all, whose name, institution, credit code or id holds the text; the last to ask first."""
    found = Shop.objects.filter(state=state) if state else Shop.objects.all()
    words = text.strip()[:60]
    if words:
        found = found.filter(
            Q(name__icontains=words)
            | Q(found_by__contains=folded(words))
            | Q(code=words)
            | Q(institution__name__icontains=words)
            | Q(institution__uscc=words.upper())
        )
    # Keys grow as shops ask, and the database walks them backwards without sorting.
    return found.select_related("institution", "area").defer("introduction", "found_by").order_by("-pk")


def shops_by_state() -> dict[str, int]:
    """How many shops stand in each state; states without any are left out."""
    return dict(Shop.objects.order_by().values_list("state").annotate(Count("pk")))


def open_reports_by_shop(shops: list[Shop]) -> dict[int, int]:
    """How many reports of abuse nobody answered, by shop."""
    found = AbuseReport.objects.filter(shop__in=shops, state=AbuseState.OPEN)
    return dict(found.order_by().values_list("shop_id").annotate(Count("pk")))


def shop_of_code(code: str) -> Shop | None:
    """The shop of that id, whatever its state."""
    return Shop.objects.select_related("institution", "area", "banner", "asked_by").filter(code=code).first()


def changes_of(shop: Shop) -> QuerySet[ShopChange]:
    """How its state changed, the last first."""
    return ShopChange.objects.filter(shop=shop).select_related("by").order_by("-pk")


def reviews_overseen(shop: Shop) -> QuerySet[Review]:
    """Its reviews, hidden ones too, the newest first."""
    return Review.objects.filter(shop=shop).select_related("order", "buyer", "reply", "hidden_by").order_by("-pk")


def review_overseen(shop: Shop, pk: int) -> Review | None:
    """One of them."""
    return Review.objects.filter(shop=shop, pk=pk).select_related("order").first()


def abuse_reports(state: str = "", shop: Shop | None = None) -> QuerySet[AbuseReport]:
    """Reports in that state, or all; open ones first, the longest waiting at the top, then the last decided."""
    found = AbuseReport.objects.filter(state=state) if state else AbuseReport.objects.all()
    if shop is not None:
        found = found.filter(shop=shop)
    rows = found.select_related("shop__institution", "filed_by", "decided_by", "offer", "review__order")
    if state == AbuseState.OPEN:
        return rows.order_by("pk")
    return rows.order_by(Coalesce("decided_at", "filed_at").desc(), "-pk")


def abuse_report(number: str) -> AbuseReport | None:
    """The report of that number."""
    return abuse_reports().filter(number=number).first()


def picture_of(shop: Shop, token: str) -> File | None:
    """The file of that token if it is a picture of the shop: its banner, a certificate, of an offer."""
    if shop.banner is not None and shop.banner.token == token:
        return shop.banner
    named = Certificate.objects.filter(shop=shop, image__token=token).values("image")
    shown = OfferImage.objects.filter(offer__shop=shop, file__token=token).values("file")
    return File.objects.select_related("blob").filter(Q(pk__in=named) | Q(pk__in=shown)).first()
