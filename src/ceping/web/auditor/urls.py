"""Addresses of the auditor's pages."""

from django.urls import URLPattern, URLResolver

app_name = "auditor"
urlpatterns: list[URLPattern | URLResolver] = []
