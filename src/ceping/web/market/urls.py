"""Addresses of the cloud shops."""

from django.urls import path

from ceping.web.market import accounts, directory, orders, reports, shops

app_name = "market"
urlpatterns = [
    path("", directory.page, name="directory"),
    path("rules/", directory.rules, name="rules"),
    path("join/", accounts.join, name="join"),
    path("account/", accounts.account, name="account"),
    path("follows/", accounts.follows, name="follows"),
    path("orders/", orders.listing, name="orders"),
    path("orders/<str:number>/", orders.page, name="order"),
    path("orders/<str:number>/cancel/", orders.cancel, name="cancel"),
    path("orders/<str:number>/rate/", orders.rate, name="rate"),
    path("offers/<int:pk>/", shops.offer, name="offer"),
    path("offers/<int:pk>/order/", orders.new, name="order_new"),
    path("pictures/<str:token>-<int:width>.jpg", shops.picture, name="picture"),
    path("shops/<str:code>/", shops.page, name="shop"),
    path("shops/<str:code>/reviews/", shops.reviews, name="reviews"),
    path("shops/<str:code>/points/", shops.points, name="points"),
    path("shops/<str:code>/follow/", shops.follow, name="follow"),
    path("shops/<str:code>/report/", reports.new, name="report"),
]
