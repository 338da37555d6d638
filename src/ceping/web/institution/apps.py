"""The app by its name in Django."""

import importlib

from django.apps import AppConfig


class InstitutionConfig(AppConfig):
    """ceping.web.institution as `institution`."""

    name = "ceping.web.institution"
    label = "institution"

    def ready(self) -> None:
        """Log-ins are acts of the shop."""
        importlib.import_module("ceping.web.institution.logins")
