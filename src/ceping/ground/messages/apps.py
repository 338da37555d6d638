"""The app by its name in Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """ceping.ground.messages, apart from Django's own messages."""

    name = "ceping.ground.messages"
    label = "ground_messages"
