"""The app by its name in Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """ceping.web.api as `api`."""

    name = "ceping.web.api"
    label = "api"
