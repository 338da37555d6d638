"""The app by its name in Django."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """ceping.ground.work as `work`."""

    name = "ceping.ground.work"
    label = "work"
