"""The app by its name in Django."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """ceping.ground.exports as `exports`."""

    name = "ceping.ground.exports"
    label = "exports"
