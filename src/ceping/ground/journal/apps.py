"""The app by its name in Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """ceping.ground.journal as `journal`."""

    name = "ceping.ground.journal"
    label = "journal"
