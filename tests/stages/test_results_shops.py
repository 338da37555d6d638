"""A season whose shops the platform runs itself: computed from its own log, and what comes later changes nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from testbed.evaluated import NOW, Evaluated, computed, season_of
from testbed.market import a_buyer, a_shop, an_offer
from testbed.scene import person

from ceping.core.evaluation import ShopCounts
from ceping.core.points import Event
from ceping.core.points.grammar import instant_at
from ceping.flow.results import sign_first
from ceping.flow.shopkeeping import complete_order
from ceping.folder.evaluation import evaluate_folder
from ceping.ground.people.access import NotAllowed
from ceping.ground.people.roles import Role
from ceping.stages.assessment.queries import values_of
from ceping.stages.points.actions import record_event
from ceping.stages.points.models import Held
from ceping.stages.report.queries import last_submission
from ceping.stages.results.models import Supplied
from ceping.stages.results.queries import (
    RESULTS,
    SCHEME,
    buyers_beside_clients,
    inputs_sha256,
    path_of,
    shop_counts_of,
    write_season,
)
from ceping.stages.results.states import SuppliedKind
from ceping.stages.shop.actions.desk import accept_order
from ceping.stages.shop.actions.ordering import place_order
from ceping.stages.shop.models import Order, Shop
from ceping.stages.shop.states import OfferKind

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SHOP_TABLES = (SuppliedKind.SHOPS, SuppliedKind.LINKS, SuppliedKind.EVENTS)


@pytest.fixture
def shop(found: Evaluated) -> Shop:
    """The first institution's own shop, two things on offer, and nothing told by tables from outside."""
    Supplied.objects.filter(kind__in=SHOP_TABLES).delete()
    season = season_of(found)
    at = timezone.make_aware(datetime.combine(season.from_on, datetime.min.time())) + timedelta(days=3)
    made = a_shop(found.second.entries[0].institution, at=at)
    an_offer(made, at=at)
    an_offer(made, "政策宣讲会", at=at, kind=OfferKind.ACTIVITY)
    return made


def act(shop: Shop, event_id: str, day: date, kind: str = "order", voids: str = "") -> None:
    """One event of that local day."""
    at = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10)
    person = "" if kind == "void" else "buyer:1"
    event = Event(event_id, shop.code, kind, instant_at(at), person, "personal" if person else "", "", voids)
    record_event(event=event, source="platform", by=None, at=NOW)


def test_what_the_platform_counts_is_what_the_season_computes(found: Evaluated, shop: Shop, tmp_path: Path) -> None:
    season, entry = season_of(found), found.second.entries[0]
    for number in range(3):
        act(shop, f"o{number}", season.from_on + timedelta(days=10 + number))
    act(shop, "before", season.from_on - timedelta(days=1))
    made = computed(found)
    assert made.complete
    folder = write_season(season, tmp_path)
    assert len((folder / "events.csv").read_text(encoding="utf-8").splitlines()) == 5
    done = evaluate_folder(folder, tmp_path / "out", scheme_folder=tmp_path / SCHEME)
    assert done.outcome is not None
    assert (tmp_path / "out" / RESULTS).read_bytes() == path_of(made, RESULTS).read_bytes()
    told = shop_counts_of(entry)
    assert isinstance(told, ShopCounts)
    assert told.quantities["order.completed"] == 3
    assert (told.facts["product_count"], told.facts["activity_count"]) == (1, 1)
    values = {one.name: one.platform for one in values_of(entry, None, told, every=True)}
    assert (values["orders"], values["products"]) == ("3", "1")


def test_a_late_act_of_the_period_is_not_signed_over_and_one_after_it_changes_nothing(
    found: Evaluated, shop: Shop
) -> None:
    season = season_of(found)
    act(shop, "o1", season.from_on + timedelta(days=10))
    made = computed(found)
    act(shop, "later", season.to_on + timedelta(days=1))
    assert inputs_sha256(season_of(found)) == made.inputs_sha256
    # A void counts whatever its own time.
    act(shop, "v1", season.to_on + timedelta(days=2), kind="void", voids="o1")
    assert inputs_sha256(season_of(found)) != made.inputs_sha256
    with pytest.raises(NotAllowed) as refused:
        sign_first(computation=made, by=found.lead, at=NOW)
    assert refused.value.findings[0].code == "results_inputs_changed"
    sign_first(computation=computed(found), by=found.lead, at=NOW)
    assert not Held.objects.exists()


def test_buyers_are_held_against_the_clients_of_the_report(found: Evaluated, shop: Shop) -> None:
    entry = found.second.entries[0]
    submission = last_submission(entry)
    assert submission is not None
    clients = submission.report["tables"]["clients"]
    offer = shop.offers.filter(kind=OfferKind.PRODUCT).get()
    own = person("店主", Role.INSTITUTION, institution=entry.institution)
    for number, (name, firm) in enumerate([("甲", clients[0]["name"]), ("乙", "没有听说过的有限公司"), ("丙", "")]):
        buyer = a_buyer(name, firm=firm, uscc=f"9131000000000000{number}X" if firm else "")
        order = place_order(offer=offer, buyer=buyer, at=NOW, phone="13800138000", note="")
        complete_order(order=accept_order(order=order, by=own, at=NOW), by=own, at=NOW)
    Order.objects.update(completed_at=datetime(2021, 6, 1, 2, tzinfo=UTC))
    told = buyers_beside_clients(entry, submission)
    assert told is not None
    assert (told.orders, told.unlisted) == (3, 2)
    assert (told.buyers[0].name, told.buyers[0].listed) == (clients[0]["name"], True)
    assert told.never_bought == told.clients - 1
    assert buyers_beside_clients(found.second.entries[1], None) is None


def test_tables_from_outside_count_in_place_of_what_is_known_here(found: Evaluated) -> None:
    entry = found.second.entries[0]
    made = computed(found)
    at = timezone.make_aware(datetime.combine(season_of(found).from_on, datetime.min.time()))
    shop = a_shop(entry.institution, at=at)
    an_offer(shop, at=at)
    a_buyer()
    assert inputs_sha256(season_of(found)) == made.inputs_sha256
    assert shop_counts_of(entry) is None
