"""The app by its name in Django."""

from django.apps import AppConfig


class ReportConfig(AppConfig):
    """ceping.stages.report as `report`."""

    name = "ceping.stages.report"
    label = "report"
