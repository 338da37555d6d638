"""Addresses of the recommender's pages."""

from django.urls import path

from ceping.web.recommender import check, desk

app_name = "recommender"
urlpatterns = [
    path("", desk.listing, name="desk"),
    path("<int:pk>/", check.page, name="check"),
    path("<int:pk>/return/", check.send_back, name="return"),
    path("<int:pk>/decide/", check.decision, name="decide"),
    path("<int:pk>/undo/", check.take_back, name="undo"),
]
