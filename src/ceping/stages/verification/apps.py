"""The app by its name in Django."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """ceping.stages.verification as `verification`."""

    name = "ceping.stages.verification"
    label = "verification"
