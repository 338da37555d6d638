"""The app by its name in Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """ceping.web.ui as `ui`: templates, styles and scripts that all pages share."""

    name = "ceping.web.ui"
    label = "ui"
