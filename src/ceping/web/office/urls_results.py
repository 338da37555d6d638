"""Addresses of the office's pages about results."""

from django.urls import path

from ceping.web.office import results, results_tables

urlpatterns = [
    path("", results.page, name="results"),
    path("work/", results.work, name="results_work"),
    path("tables/", results_tables.tables, name="results_tables"),
    path("rulings/", results_tables.rulings, name="results_rulings"),
    path("<int:pk>/sign/", results.sign, name="results_sign"),
    path("<int:pk>/files/<str:name>", results.file, name="results_file"),
    path("<int:pk>/<str:uscc>/", results.one, name="result"),
]
