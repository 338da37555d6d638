"""Addresses of the seller's pages."""

from django.urls import path

from ceping.web.institution import shop, shop_keep, shop_offers, shop_orders

urlpatterns = [
    path("shop/", shop.home, name="shop"),
    path("shop/points/", shop.points, name="shop_points"),
    path("shop/pictures/<str:token>-<int:width>.jpg", shop.picture, name="shop_picture"),
    path("shop/profile/", shop_keep.profile, name="shop_profile"),
    path("shop/look/", shop_keep.look, name="shop_look"),
    path("shop/certificates/", shop_keep.certificates, name="shop_certificates"),
    path("shop/certificates/<int:pk>/remove/", shop_keep.remove_certificate, name="shop_certificate_remove"),
    path("shop/offers/", shop_offers.listing, name="shop_offers"),
    path("shop/offers/new/", shop_offers.new, name="shop_offer_new"),
    path("shop/offers/<int:pk>/", shop_offers.page, name="shop_offer"),
    path("shop/offers/<int:pk>/turn/", shop_offers.turn, name="shop_offer_turn"),
    path("shop/offers/<int:pk>/pictures/", shop_offers.picture, name="shop_offer_picture"),
    path("shop/offers/<int:pk>/pictures/<int:image>/remove/", shop_offers.no_picture, name="shop_offer_no_picture"),
    path("shop/orders/", shop_orders.listing, name="shop_orders"),
    path("shop/orders/buyers.csv", shop_orders.buyers, name="shop_buyers"),
    path("shop/orders/<str:number>/", shop_orders.page, name="shop_order"),
    path("shop/orders/<str:number>/act/", shop_orders.act, name="shop_order_act"),
    path("shop/reviews/", shop_orders.reviews, name="shop_reviews"),
]
