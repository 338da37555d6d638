"""Who may run a shop, oversee shops, buy, follow, rate and report; answered with the reason."""

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act
from ceping.stages.shop.models import Buyer, Order, Shop
from ceping.stages.shop.states import ORDER_NEXT, OrderState, ShopState


def why_not_run(user: User, institution: int) -> Finding | None:
    """Why this person does not run the shop of the institution (by its key): people of that institution do."""
    mine = any(hat.institution_id == institution for hat in hats_for(user, Act.RUN_SHOP))
    return None if mine else fault("shop_not_yours")


def why_not_oversee(user: User) -> Finding | None:
    """Why this person does not approve, suspend or close shops: the operator does."""
    return None if hats_for(user, Act.OVERSEE_SHOPS) else fault("shop_operator_decides")


def is_own_shop(buyer: Buyer, shop: Shop) -> bool:
    """Whether the buyer belongs to the shop: a person of its institution, or an account under its credit code."""
    people = any(grant.institution_id == shop.institution_id for grant in buyer.user.grants_in_force)
    return people or (buyer.uscc != "" and buyer.uscc == shop.institution.uscc)


def why_not_deal(buyer: Buyer, shop: Shop) -> Finding | None:
    """Why this buyer neither follows nor orders here: the shop is not open, or is the buyer's own."""
    if shop.state != ShopState.OPEN:
        return fault("shop_not_open", shop=shop.name)
    return fault("shop_own") if is_own_shop(buyer, shop) else None


def why_not_rate(buyer: Buyer, order: Order) -> Finding | None:
    """Why this buyer cannot say anything of the order: one completed order of the buyer's own, once."""
    if order.buyer_id != buyer.pk:
        return fault("shop_order_not_yours")
    if is_own_shop(buyer, order.shop):
        return fault("shop_own")
    if order.state == OrderState.RATED:
        return fault("shop_rated_already")
    return None if order.state == OrderState.COMPLETED else fault("shop_rate_early", state=_word(order))


def why_not_cancel(buyer: Buyer, order: Order) -> Finding | None:
    """Why this buyer cannot cancel the order: what is completed is refunded by the shop, not cancelled."""
    if order.buyer_id != buyer.pk:
        return fault("shop_order_not_yours")
    return why_not_move(order, OrderState.CANCELLED)


def why_not_move(order: Order, to: OrderState) -> Finding | None:
    """Why the order cannot come to that state from where it stands."""
    allowed = to in ORDER_NEXT[OrderState(order.state)]
    return None if allowed else fault("shop_order_state", number=order.number, state=_word(order))


def _word(order: Order) -> str:
    return OrderState(order.state).label
