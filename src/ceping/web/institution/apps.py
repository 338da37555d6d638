"""The app by its name in Django."""

from django.apps import AppConfig


class InstitutionConfig(AppConfig):
    """ceping.web.institution as `institution`."""

    name = "ceping.web.institution"
    label = "institution"
