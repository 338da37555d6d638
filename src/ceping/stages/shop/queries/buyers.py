"""Who bought in a shop, as its orders kept it when they were placed."""

from dataclasses import dataclass
from datetime import date

from ceping.stages.shop.models import Order
from ceping.stages.shop.states import SOLD, BuyerKind


@dataclass(frozen=True, slots=True)
class Bought:
    """One completed order's buyer; of a person only the family name is `shown`."""

    kind: str
    firm: str
    person: str
    phone: str

    @property
    def shown(self) -> str:
        """The firm; a person by the family name."""
        return self.firm or self.person[:1] + "某"


def bought_in(code: str, first: date, last: date) -> list[Bought]:
    """The buyer of every order that was completed in these local days and counts."""
    found = Order.objects.filter(
        shop__code=code, state__in=SOLD, completed_at__date__gte=first, completed_at__date__lte=last
    )
    return [
        # A firm's orders are the firm's, whichever of its people called.
        Bought(
            BuyerKind(one.buyer_kind).label, one.firm, "" if one.firm else one.buyer_name, "" if one.firm else one.phone
        )
        for one in found.only("buyer_kind", "firm", "buyer_name", "phone").order_by("pk")
    ]
