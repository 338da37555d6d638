"""The app by its name in Django."""

from django.apps import AppConfig


class AuditorConfig(AppConfig):
    """ceping.web.auditor as `auditor`."""

    name = "ceping.web.auditor"
    label = "auditor"
