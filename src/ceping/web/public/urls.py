"""Addresses that anybody may open."""

from django.urls import path

from ceping.web.public import answer

app_name = "public"
urlpatterns = [
    path("answer/<str:token>/", answer.page, name="answer"),
    path("answered/", answer.thanks, name="answered"),
]
