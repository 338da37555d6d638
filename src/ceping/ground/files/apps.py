"""The app by its name in Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """ceping.ground.files as `files`."""

    name = "ceping.ground.files"
    label = "files"
