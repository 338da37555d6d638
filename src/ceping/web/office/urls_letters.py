"""Addresses of what the platform writes to people: its words and the outbox."""

from django.urls import path

from ceping.web.office import letters, letters_words

urlpatterns = [
    path("", letters.listing, name="letters"),
    path("settle/", letters.settle, name="letters_settle"),
    path("words/", letters_words.listing, name="templates"),
    path("words/<str:event>/<str:role>/", letters_words.words, name="template"),
]
