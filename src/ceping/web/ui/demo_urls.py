"""The demo's addresses, which the address table takes in only when this is the demo."""

from django.urls import path

from ceping.web.ui import demo

app_name = "demo"
urlpatterns = [
    path("", demo.people, name="people"),
    path("<slug:name>/", demo.enter, name="enter"),
]
