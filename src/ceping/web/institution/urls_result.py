"""Addresses of the institution's result."""

from django.urls import path

from ceping.web.institution import result

urlpatterns = [
    path("result/", result.newest, name="result"),
    path("<int:pk>/result/", result.page, name="own_result"),
    path("<int:pk>/result/objection/", result.objection, name="objection"),
    path("<int:pk>/result/<str:name>", result.file, name="own_file"),
]
