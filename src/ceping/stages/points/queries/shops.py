"""Shops as the interface and the operator ask for them: one, or the next ones by id."""

from collections.abc import Sequence

from ceping.stages.points.models import Facts, Standing

PLATFORM = "platform"


def shop_of_id(shop: str) -> Standing | None:
    """The shop with its points."""
    return Standing.objects.filter(shop=shop).first()


def shops_after(shop: str, most: int) -> Sequence[Standing]:
    """The next shops by id, bytes deciding."""
    return list(Standing.objects.filter(shop__gt=shop).order_by("shop").defer("balances")[:most])


def facts_of(standing: Standing) -> Facts | None:
    """What is known of the shop now."""
    return Facts.objects.filter(standing=standing).order_by("-on", "-pk").first()


def is_run_here(standing: Standing) -> bool:
    """Whether the platform itself tells what the shop is; then no other system does."""
    return Facts.objects.filter(standing=standing, source=PLATFORM).exists()
