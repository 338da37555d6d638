"""What a shop says of itself and how it looks: profile, theme, banner, order of its blocks, certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.core.names import hidden_in, is_blank
from ceping.core.phone import kind_of, normalised
from ceping.ground.files.actions import Arrived, add_file
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.shop.access import why_not_run
from ceping.stages.shop.actions.counting import hold_shop, word_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.actions.opening import faults_in_categories, faults_in_name, faults_in_text
from ceping.stages.shop.models import Certificate, Shop
from ceping.stages.shop.states import Block, ShopState, Theme

PURPOSE = "shop"
MOST_CERTIFICATES = 40
_MOST_CERTIFICATE = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """What a shop says of itself."""

    name: str
    slogan: str
    introduction: str
    website: str
    address: str
    phone: str
    categories: tuple[str, ...]


@transaction.atomic
def change_profile(*, shop: Shop, given: Profile, by: User, at: datetime) -> Shop:
    """The shop says this of itself from now on. Raises NotAllowed; Refused with all that is wrong."""
    held = held_for(shop, by)
    website = given.website.strip()
    if website and "://" not in website:
        website = f"https://{website}"
    phone = normalised(given.phone) if given.phone.strip() else ""
    told = [*faults_in_name(given.name), *faults_in_categories(given.categories)]
    told += faults_in_text(given.slogan, 60, place="slogan")
    told += faults_in_text(given.introduction, 5000, place="introduction")
    told += faults_in_text(given.address, 200, place="address")
    told += [] if not website or _is_website(website) else [fault("shop_website_wrong", place="website")]
    told += [] if not phone or kind_of(phone) is not None else [fault("shop_phone_wanted", place="phone")]
    if told:
        raise Refused(*told)
    held.name, held.slogan, held.introduction = given.name.strip(), given.slogan.strip(), given.introduction.strip()
    held.website, held.address, held.phone = website, given.address.strip(), phone
    held.categories = list(given.categories)
    held.save(update_fields=["name", "slogan", "introduction", "website", "address", "phone", "categories"])
    word_shop(held)
    _record("change_shop", held, by, at)
    return held


@transaction.atomic
def decorate(*, shop: Shop, theme: str, blocks: Sequence[str], by: User, at: datetime) -> Shop:
    """The shop looks so from now on. Raises NotAllowed; Refused for a theme or an order of blocks there is not."""
    held = held_for(shop, by)
    if theme not in Theme.values or sorted(blocks) != sorted(Block.values):
        raise Refused(fault("shop_look_wrong", place="theme"))
    if held.decorated_at is not None and (held.theme, held.blocks) == (theme, list(blocks)):
        return held
    held.theme, held.blocks, held.decorated_at = theme, list(blocks), at
    held.save(update_fields=["theme", "blocks", "decorated_at"])
    _record("decorate_shop", held, by, at)
    return held


@transaction.atomic
def set_banner(*, shop: Shop, arrived: Arrived | None, by: User, at: datetime) -> Shop:
    """The picture across the shop's head, or none. Raises NotAllowed."""
    held = held_for(shop, by)
    if arrived is None and held.banner_id is None:
        return held
    held.banner = None if arrived is None else _kept(arrived, held, by, at)
    held.decorated_at = at
    held.save(update_fields=["banner", "decorated_at"])
    _record("decorate_shop", held, by, at)
    return held


@transaction.atomic
def add_certificate(
    *, shop: Shop, name: str, issued_on: date | None, arrived: Arrived, by: User, at: datetime
) -> Certificate:
    """The shop shows the certificate; the same picture under the same name stands once. Raises NotAllowed, Refused."""
    held = held_for(shop, by)
    told: list[Finding] = []
    if is_blank(name) or hidden_in(name) or len(name.strip()) > _MOST_CERTIFICATE:
        told.append(fault("shop_certificate_name", place="name", most=_MOST_CERTIFICATE))
    if issued_on is None or issued_on > timezone.localdate(at) or issued_on.year < 1900:
        told.append(fault("shop_certificate_day", place="issued_on"))
    standing = Certificate.objects.filter(shop=held, removed_at=None)
    if standing.count() >= MOST_CERTIFICATES:
        told.append(fault("shop_certificates_many", most=MOST_CERTIFICATES))
    if told or issued_on is None:
        raise Refused(*told)
    same = standing.filter(name=name.strip(), image__blob__sha256=arrived.sha256).first()
    if same is not None:
        return same
    made = Certificate.objects.create(
        shop=held,
        name=name.strip(),
        issued_on=issued_on,
        image=_kept(arrived, held, by, at),
        added_by=by,
        added_at=at,
    )
    _record("add_shop_certificate", held, by, at)
    return made


@transaction.atomic
def remove_certificate(*, certificate: Certificate, by: User, at: datetime) -> Certificate:
    """The shop shows it no more. Raises NotAllowed."""
    shop = held_for(certificate.shop, by)
    held = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if held.removed_at is None:
        held.removed_at = at
        held.save(update_fields=["removed_at"])
        _record("remove_shop_certificate", shop, by, at)
    return held


def held_for(shop: Shop, by: User) -> Shop:
    """The shop, held, for one of its people. Raises NotAllowed for others and once the shop is closed."""
    held = hold_shop(shop.pk)
    if why := why_not_run(by, held.institution_id):
        raise NotAllowed(why)
    if held.state == ShopState.CLOSED:
        raise NotAllowed(fault("shop_closed"))
    return held


def _kept(arrived: Arrived, shop: Shop, by: User, at: datetime) -> File:
    return add_file(arrived=arrived, purpose=PURPOSE, institution=shop.institution, by=by, at=at)


def _is_website(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = not any(char.isspace() for char in text) and not hidden_in(text)
    return plain and len(text) <= 300 and parts.scheme in {"http", "https"} and "." in host and "@" not in parts.netloc


def _record(act: str, shop: Shop, by: User, at: datetime) -> None:
    record(act, by=by, at=at, about=("shop", shop.code), chain=CHAIN)
