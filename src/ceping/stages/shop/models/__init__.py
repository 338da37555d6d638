"""Rows of shops, by what they are about."""

from ceping.stages.shop.models.oversight import AbuseReport, ShopChange, Visit
from ceping.stages.shop.models.shop import Certificate, Offer, OfferImage, Shop
from ceping.stages.shop.models.trade import Buyer, Follow, Order, Reply, Review

__all__ = [
    "AbuseReport",
    "Buyer",
    "Certificate",
    "Follow",
    "Offer",
    "OfferImage",
    "Order",
    "Reply",
    "Review",
    "Shop",
    "ShopChange",
    "Visit",
]
