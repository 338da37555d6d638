"""The app by its name in Django."""

from django.apps import AppConfig


class SchemeConfig(AppConfig):
    """ceping.stages.scheme as `scheme`."""

    name = "ceping.stages.scheme"
    label = "scheme"
