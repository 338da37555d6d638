"""Addresses of evidence, files, Word intake, prefill, printing and colleagues."""

from django.urls import path

from ceping.web.institution import evidence, files

urlpatterns = [
    path("<int:pk>/evidence/", evidence.page, name="evidence"),
    path("<int:pk>/evidence/add/", evidence.add, name="evidence-add"),
    path("<int:pk>/evidence/<int:attachment>/", evidence.one, name="document"),
    path("<int:pk>/evidence/<int:attachment>/describe/", evidence.describe, name="evidence-describe"),
    path("<int:pk>/evidence/<int:attachment>/remove/", evidence.remove, name="evidence-remove"),
    path("<int:pk>/evidence/<int:attachment>/restore/", evidence.restore, name="evidence-restore"),
    path("files/<str:token>/", files.look, name="file"),
    path("files/<str:token>/pages/<int:number>/<slug:size>/", files.picture, name="picture"),
    path("files/<str:token>/download/", files.download, name="download"),
]
