"""The app by its name in Django."""

from django.apps import AppConfig


class RecommenderConfig(AppConfig):
    """ceping.web.recommender as `recommender`."""

    name = "ceping.web.recommender"
    label = "recommender"
