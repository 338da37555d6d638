"""The app by its name in Django."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """ceping.web.office as `office`."""

    name = "ceping.web.office"
    label = "office"
