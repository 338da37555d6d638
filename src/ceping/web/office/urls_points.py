"""Addresses of the operator's desk of points."""

from django.urls import path

from ceping.web.office import points, points_held, points_import, points_keys, points_recount, points_rules, points_shop

urlpatterns = [
    path("", points.page, name="points"),
    path("feeds/", points.feeds, name="points_feeds"),
    path("held/", points_held.held, name="points_held"),
    path("held/decide/", points_held.decide, name="points_decide"),
    path("signals/", points_held.signals, name="points_signals"),
    path("signals/note/", points_held.note, name="points_note"),
    path("rules/", points_rules.page, name="points_rules"),
    path("rules/preview/", points_rules.preview, name="points_preview"),
    path("rules/adopt/", points_rules.adopt, name="points_adopt"),
    path("recount/", points_recount.page, name="points_recount"),
    path("recount/ask/", points_recount.ask, name="points_recount_ask"),
    path("import/", points_import.page, name="points_import"),
    path("import/<str:token>/stop/", points_import.stop, name="points_import_stop"),
    path("import/<str:token>/rejected.csv", points_import.rejected, name="points_rejected"),
    path("connections/", points_keys.page, name="points_keys"),
    path("connections/key/", points_keys.key, name="points_key"),
    path("connections/hook/", points_keys.hook, name="points_hook"),
    path("connections/resend/", points_keys.resend, name="points_resend"),
    path("shops/<str:shop>/", points_shop.page, name="points_shop"),
    path("shops/<str:shop>/void/", points_shop.void, name="points_void"),
]
