"""The app by its name in Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """ceping.web.ui as `ui`: templates, styles and scripts that all pages share."""

    name = "ceping.web.ui"
    label = "ui"

    def ready(self) -> None:
        """Log-ins are noted from the first on."""
        from ceping.web.ui import staying  # noqa: F401, PLC0415 -- its receiver is registered by being read
