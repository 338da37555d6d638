"""Addresses of the operator's pages about shops and reports of abuse."""

from django.urls import path

from ceping.web.office import shops, shops_abuse

urlpatterns = [
    path("", shops.listing, name="shops"),
    path("abuse/", shops_abuse.listing, name="abuse"),
    path("abuse/<str:number>/", shops_abuse.page, name="abuse_report"),
    path("abuse/<str:number>/act/", shops_abuse.act, name="abuse_act"),
    path("at/<str:code>/", shops.page, name="shop"),
    path("at/<str:code>/act/", shops.act, name="shop_act"),
    path("at/<str:code>/reviews/<int:pk>/hide/", shops.hide, name="shop_hide"),
    path("at/<str:code>/pictures/<str:token>-<int:width>.jpg", shops.picture, name="shop_picture"),
]
