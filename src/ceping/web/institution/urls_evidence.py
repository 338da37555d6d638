"""Addresses of evidence, files, Word intake, prefill, printing and colleagues."""

from django.urls import path

from ceping.web.institution import colleagues, evidence, files, preview, word

urlpatterns = [
    path("<int:pk>/evidence/", evidence.page, name="evidence"),
    path("<int:pk>/evidence/add/", evidence.add, name="evidence-add"),
    path("<int:pk>/evidence/<int:attachment>/", evidence.one, name="document"),
    path("<int:pk>/evidence/<int:attachment>/describe/", evidence.describe, name="evidence-describe"),
    path("<int:pk>/evidence/<int:attachment>/remove/", evidence.remove, name="evidence-remove"),
    path("<int:pk>/evidence/<int:attachment>/restore/", evidence.restore, name="evidence-restore"),
    path("files/<str:token>/", files.look, name="file"),
    path("files/<str:token>/pages/<int:number>/<slug:size>/", files.picture, name="picture"),
    path("files/<str:token>/download/", files.download, name="download"),
    path("<int:pk>/word/", word.word, name="word"),
    path("<int:pk>/word/<str:token>/", word.word_read, name="word-read"),
    path("<int:pk>/prefill/", word.prefill, name="prefill"),
    path("<int:pk>/takings/<int:taking>/undo/", word.undo, name="taking-undo"),
    path("<int:pk>/preview/", preview.preview, name="preview"),
    path("<int:pk>/preview/ask/", preview.ask, name="preview-ask"),
    path("<int:pk>/work/<str:token>/cancel/", preview.cancel, name="work-cancel"),
    path("colleagues/", colleagues.page, name="colleagues"),
    path("colleagues/invite/", colleagues.add, name="colleague-add"),
    path("colleagues/<int:grant>/remove/", colleagues.remove, name="colleague-remove"),
    path("colleagues/invitations/<int:invitation>/withdraw/", colleagues.withdraw, name="invitation-withdraw"),
]
