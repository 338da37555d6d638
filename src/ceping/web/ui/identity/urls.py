"""Addresses of the identity provider's log-in, by the names allauth knows them by."""

from django.urls import path

from ceping.web.ui.identity import views

urlpatterns = [
    path("oidc/<str:provider_id>/login/", views.begin, name="openid_connect_login"),
    path("oidc/<str:provider_id>/link/", views.connect, name="openid_connect_link"),
    path("oidc/<str:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
    path("identity/", views.page, name="socialaccount_connections"),
    path("identity/unlink/", views.unlink, name="identity_unlink"),
]
