"""The app by its name in Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """ceping.ground.people as `people`."""

    name = "ceping.ground.people"
    label = "people"
