"""Addresses of the office's pages."""

from django.urls import URLPattern, URLResolver, include, path

from ceping.web.office import accounts, accounts_lists, entries, progress, quotas, reports, schemes, seasons, start

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", progress.page, name="progress"),
    path("entries/", entries.listing, name="entries"),
    path("entries/remind/", entries.reminding, name="remind"),
    path("entries/extend/", entries.extending, name="extend"),
    path("entries/export/", entries.export, name="export"),
    path("entries/<int:pk>/", reports.page, name="report"),
    path("quotas/", quotas.page, name="quotas"),
    path("schemes/", schemes.listing, name="schemes"),
    path("schemes/upload/", schemes.upload, name="scheme_upload"),
    path("schemes/<int:pk>/", schemes.page, name="scheme"),
    path("schemes/<int:pk>/propose/", schemes.propose, name="scheme_propose"),
    path("schemes/<int:pk>/publish/", schemes.publish, name="scheme_publish"),
    path("schemes/<int:pk>/against/<int:other>/", schemes.difference, name="scheme_difference"),
    path("letters/", include("ceping.web.office.urls_letters")),
    path("seasons/", seasons.listing, name="seasons"),
    path("seasons/new/", seasons.new, name="season_new"),
    path("seasons/<int:pk>/", seasons.page, name="season"),
    path("seasons/<int:pk>/advance/", seasons.advance, name="season_advance"),
    path("seasons/<int:pk>/phase/", seasons.phase, name="season_phase"),
    path("seasons/<int:pk>/parameters/", seasons.parameters, name="season_parameters"),
    path("accounts/", accounts.listing, name="accounts"),
    path("accounts/<int:pk>/", accounts.person, name="account"),
    path("accounts/<int:pk>/act/", accounts.act, name="account_act"),
    path("invitations/", accounts_lists.invitations, name="invitations"),
    path("invitations/new/", accounts_lists.invite_one, name="invite"),
    path("start/", start.choose, name="start"),
    path("start/<int:pk>/<str:token>/", start.look, name="start_list"),
    path("start/<int:pk>/<str:token>/take/", start.take, name="start_take"),
    path("start/<int:pk>/<str:token>/marked/", start.marked, name="start_marked"),
    path("areas/", accounts_lists.areas, name="areas"),
    path("claims/", accounts_lists.claims, name="claims"),
]
