"""Addresses that anybody may open."""

from django.urls import path

from ceping.web.public import answer, certificates, notices, objections

app_name = "public"
urlpatterns = [
    path("answer/<str:token>/", answer.page, name="answer"),
    path("answered/", answer.thanks, name="answered"),
    path("notices/", notices.listing, name="notices"),
    path("notices/<int:pk>/", notices.page, name="notice"),
    path("notices/<int:pk>/notice.pdf", notices.pdf, name="notice_pdf"),
    path("notices/<int:pk>/objection/", objections.new, name="objection_new"),
    path("objections/<str:token>/", objections.page, name="objection"),
    path("results/<int:pk>/", notices.result, name="result"),
    path("results/<int:pk>/package.zip", notices.package, name="package"),
    path("check/", certificates.form, name="check"),
    path("check/<str:code>/", certificates.answer, name="certificate"),
]
