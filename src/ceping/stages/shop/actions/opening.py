"""A shop asked for by an institution; it waits until the operator has looked at it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.core.names import hidden_in, is_blank
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Institution, User
from ceping.stages.shop.access import why_not_run
from ceping.stages.shop.actions.counting import word_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.models import Shop, ShopChange
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.states import ShopState

MOST_NAME = 60
MOST_CATEGORIES = 3
_OLDEST = date(1800, 1, 1)


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody says of the shop to be: its name, when the firm was registered, what it is about, itself."""

    name: str
    registered_on: date | None
    categories: tuple[str, ...]
    introduction: str = ""


@transaction.atomic
def ask_to_open(*, institution: Institution, given: Asking, by: User, at: datetime) -> Shop:
    """The shop waits for the operator; an institution has one at a time. Raises NotAllowed; Refused with all faults."""
    if why := why_not_run(by, institution.pk):
        raise NotAllowed(why)
    Institution.objects.select_for_update().get(pk=institution.pk)
    before = Shop.objects.filter(institution=institution)
    standing = before.exclude(state=ShopState.CLOSED).first()
    if standing is not None:
        raise Refused(fault("shop_one_each", name=standing.name))
    told = [*faults_in_name(given.name), *faults_in_categories(given.categories)]
    if given.registered_on is None or not _OLDEST <= given.registered_on <= timezone.localdate(at):
        told.append(fault("shop_registered_on", place="registered_on"))
    told += faults_in_text(given.introduction, 5000, place="introduction")
    if told or given.registered_on is None:
        raise Refused(*told)
    number = before.count()
    try:
        with transaction.atomic():
            shop = Shop.objects.create(
                institution=institution,
                code=institution.uscc if not number else f"{institution.uscc}-{number + 1}",
                name=given.name.strip(),
                introduction=given.introduction.strip(),
                registered_on=given.registered_on,
                area=institution.area,
                categories=list(given.categories),
                asked_by=by,
                asked_at=at,
            )
    except IntegrityError:
        raise Refused(fault("shop_one_each", name=given.name.strip())) from None
    ShopChange.objects.create(shop=shop, before="", after=ShopState.PENDING, by=by, at=at)
    word_shop(shop)
    record("ask_shop", by=by, at=at, about=("shop", shop.code), chain=CHAIN, body={"name": shop.name})
    return shop


def faults_in_name(name: str) -> list[Finding]:
    """What is wrong with a shop's name or an offer's title."""
    wrong = is_blank(name) or bool(hidden_in(name)) or len(name.strip()) > MOST_NAME
    return [fault("shop_name_wanted", place="name", most=MOST_NAME)] if wrong else []


def faults_in_categories(categories: tuple[str, ...]) -> list[Finding]:
    """What is wrong with the categories chosen."""
    known = set(categories) <= category_titles().keys() and len(set(categories)) == len(categories)
    fit = known and 1 <= len(categories) <= MOST_CATEGORIES
    return [] if fit else [fault("shop_categories_wanted", place="categories", most=MOST_CATEGORIES)]


def faults_in_text(text: str, most: int, *, place: str) -> list[Finding]:
    """What is wrong with a free text."""
    wrong = len(text.strip()) > most or "\x00" in text
    return [fault("shop_text_long", place=place, most=most)] if wrong else []
