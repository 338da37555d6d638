"""The address table: each reader's pages under that reader's word, accounts under allauth's."""

from django.urls import include, path

from ceping.web.ui import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthy/", views.healthy, name="healthy"),
    path("accounts/", include("allauth.urls")),
]
