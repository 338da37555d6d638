"""The app by its name in Django."""

from django.apps import AppConfig


class AssessorConfig(AppConfig):
    """ceping.web.assessor as `assessor`."""

    name = "ceping.web.assessor"
    label = "assessor_pages"
