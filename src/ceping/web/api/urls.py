"""Addresses of the interface, its description and its page."""

from django.urls import URLPattern, URLResolver, path

from ceping.web.api import page
from ceping.web.api.interface import addresses

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.page, name="page"),
    path("openapi.json", page.document, name="openapi"),
    *addresses(),
]
