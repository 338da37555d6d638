"""The address table: each reader's pages under that reader's word, accounts under allauth's."""

from django.conf import settings
from django.urls import include, path

from ceping.web.ui import views
from ceping.web.ui.claim import claim, claimed
from ceping.web.ui.gallery import gallery
from ceping.web.ui.inbox import inbox
from ceping.web.ui.invitation import invitation

urlpatterns = [
    path("", views.home, name="home"),
    path("healthy/", views.healthy, name="healthy"),
    path("still/", views.still, name="still"),
    path("gallery/", gallery, name="gallery"),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("claim/", claim, name="claim"),
    path("claim/received/", claimed, name="claimed"),
    path("inbox/", inbox, name="inbox"),
    # One by one: allauth's own list brings pages to sign up by an identity, which nobody does here.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("institution/", include("ceping.web.institution.urls")),
    path("recommender/", include("ceping.web.recommender.urls")),
    path("assessor/", include("ceping.web.assessor.urls")),
    path("office/", include("ceping.web.office.urls")),
    path("auditor/", include("ceping.web.auditor.urls")),
    path("verifier/", include("ceping.web.verifier.urls")),
    path("public/", include("ceping.web.public.urls")),
    path("market/", include("ceping.web.market.urls")),
    path("api/v1/", include("ceping.web.api.urls")),
]
if settings.IDENTITY:
    urlpatterns.append(path("accounts/", include("ceping.web.ui.identity.urls")))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("ceping.web.ui.demo_urls")))
handler400 = "ceping.web.ui.faults.bad_request"
handler403 = "ceping.web.ui.faults.not_allowed"
handler404 = "ceping.web.ui.faults.not_found"
handler500 = "ceping.web.ui.faults.broken"
