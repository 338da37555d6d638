"""The app by its name in Django."""

from django.apps import AppConfig


class RecommendationConfig(AppConfig):
    """ceping.stages.recommendation as `recommendation`."""

    name = "ceping.stages.recommendation"
    label = "recommendation"
