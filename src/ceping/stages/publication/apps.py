"""The app by its name in Django."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """ceping.stages.publication as `publication`."""

    name = "ceping.stages.publication"
    label = "publication"
