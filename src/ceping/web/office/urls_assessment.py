"""Addresses of the office's pages about assessment."""

from django.urls import path

from ceping.web.office import assessment, assessment_entry, assessment_people, assessment_settling

urlpatterns = [
    path("", assessment.page, name="assessment"),
    path("act/", assessment.act, name="assessment_act"),
    path("draws/<int:pk>/<int:number>/<slug:kind>/", assessment.record, name="assessment_record"),
    path("entries/<int:pk>/", assessment_entry.page, name="assessment_entry"),
    path("people/", assessment_people.page, name="assessors"),
    path("people/act/", assessment_people.act, name="assessors_act"),
    path("settling/", assessment_settling.page, name="assessment_settling"),
    path("settling/act/", assessment_settling.act, name="assessment_settle"),
    path("photos/<int:pk>/<slug:size>.jpg", assessment_settling.photo, name="site_photo"),
    path("advice/", assessment_settling.advice, name="assessment_advice"),
]
