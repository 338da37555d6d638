"""What the layout needs on every page."""

from django.conf import settings
from django.http import HttpRequest


def page(_request: HttpRequest) -> dict[str, object]:
    """`demo`: whether this is the demo, told on every page."""
    return {"demo": settings.DEMO}
