"""Addresses of the auditor's pages."""

from django.urls import path

from ceping.web.auditor import journal, packages, verifying

app_name = "auditor"
urlpatterns = [
    path("", journal.page, name="journal"),
    path("export/", journal.export, name="export"),
    path("packages/", packages.listing, name="packages"),
    path("packages/<int:pk>/<slug:kind>.zip", packages.package, name="package"),
    path("verify/", verifying.page, name="verify"),
    path("verify/begin/", verifying.begin, name="begin"),
]
