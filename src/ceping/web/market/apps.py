"""The app by its name in Django."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    """ceping.web.market as `market`."""

    name = "ceping.web.market"
    label = "market"
