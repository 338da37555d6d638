"""The app by its name in Django."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """ceping.stages.assessment as `assessment`."""

    name = "ceping.stages.assessment"
    label = "assessment"
