"""The app by its name in Django."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """ceping.flow as `flow`."""

    name = "ceping.flow"
    label = "flow"
