"""Addresses of the office's pages about publication."""

from django.urls import path

from ceping.web.office import objections, publication

urlpatterns = [
    path("", publication.page, name="publication"),
    path("notices/propose/", publication.propose, name="notice_propose"),
    path("notices/<int:pk>/", publication.notice, name="notice_act"),
    path("notices/<int:pk>/files/<str:name>", publication.file, name="notice_file"),
    path("results/propose/", publication.propose_result, name="release_propose"),
    path("results/<int:pk>/", publication.result, name="release_act"),
    path("results/<int:pk>/<slug:kind>.zip", publication.package, name="package"),
    path("certificates/", objections.certificates, name="certificates"),
    path("certificates/<int:pk>/revoke/", objections.revoke, name="certificate_revoke"),
    path("objections/", objections.listing, name="objections"),
    path("objections/<int:pk>/", objections.page, name="objection"),
    path("objections/<int:pk>/act/", objections.act, name="objection_act"),
    path("objections/<int:pk>/reveal/", objections.reveal, name="objection_reveal"),
    path("objections/<int:pk>/files/<str:token>/", objections.look, name="objection_file"),
    path("objections/<int:pk>/files/<str:token>/download/", objections.download, name="objection_download"),
    path(
        "objections/<int:pk>/files/<str:token>/<int:number>/<slug:size>.jpg",
        objections.picture,
        name="objection_picture",
    ),
]
