"""The app by its name in Django."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """ceping.web.public as `public`."""

    name = "ceping.web.public"
    label = "public"
