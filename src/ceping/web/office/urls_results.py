"""Addresses of the office's pages about results."""

from django.urls import path

from ceping.web.office import (
    results,
    results_charts,
    results_corrections,
    results_institution,
    results_papers,
    results_tables,
    results_whatif,
    results_years,
)

urlpatterns = [
    path("", results.page, name="results"),
    path("work/", results.work, name="results_work"),
    path("charts/", results_charts.page, name="results_charts"),
    path("what-if/", results_whatif.page, name="results_whatif"),
    path("what-if/work/", results_whatif.work, name="results_whatif_work"),
    path("years/", results_years.page, name="results_years"),
    path("papers/", results_papers.page, name="results_papers"),
    path("papers/make/", results_papers.make, name="results_papers_make"),
    path("papers/<str:token>/<int:number>/", results_papers.take, name="results_paper"),
    path("correction/", results_corrections.page, name="results_correction"),
    path("tables/", results_tables.tables, name="results_tables"),
    path("rulings/", results_tables.rulings, name="results_rulings"),
    path("<int:pk>/sign/", results.sign, name="results_sign"),
    path("<int:pk>/files/<str:name>", results.file, name="results_file"),
    path("<int:pk>/<str:uscc>/", results_institution.one, name="result"),
]
