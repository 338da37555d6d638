"""The app by its name in Django."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """ceping.stages.shop as `shop`."""

    name = "ceping.stages.shop"
    label = "shop"
