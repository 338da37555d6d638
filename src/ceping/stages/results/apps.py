"""The app by its name in Django."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """ceping.stages.results as `results`."""

    name = "ceping.stages.results"
    label = "results"
