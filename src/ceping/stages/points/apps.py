"""The app by its name in Django."""

from django.apps import AppConfig


class PointsConfig(AppConfig):
    """ceping.stages.points as `points`."""

    name = "ceping.stages.points"
    label = "points"
