"""The app by its name in Django."""

from django.apps import AppConfig


class VerifierConfig(AppConfig):
    """ceping.web.verifier as `verifier`."""

    name = "ceping.web.verifier"
    label = "verifier"
