"""Addresses of the auditor's pages."""

from django.urls import path

from ceping.web.auditor import journal, verifying

app_name = "auditor"
urlpatterns = [
    path("", journal.page, name="journal"),
    path("export/", journal.export, name="export"),
    path("verify/", verifying.page, name="verify"),
    path("verify/begin/", verifying.begin, name="begin"),
]
