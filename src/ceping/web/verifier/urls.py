"""Addresses of the verifier's pages."""

from django.urls import path

from ceping.web.verifier import acts, desk, records, training

app_name = "verifier"
urlpatterns = [
    path("", desk.home, name="home"),
    path("desk/", desk.following, name="desk"),
    path("clients/<int:pk>/", desk.page, name="client"),
    path("clients/<int:pk>/record/", acts.record, name="record"),
    path("clients/<int:pk>/phone/", acts.phone, name="phone"),
    path("clients/<int:pk>/appointment/", acts.appointment, name="appointment"),
    path("clients/<int:pk>/link/", acts.link, name="link"),
    path("records/", records.page, name="records"),
    path("records/<int:pk>/void/", records.void, name="void"),
    path("training/", training.page, name="training"),
]
