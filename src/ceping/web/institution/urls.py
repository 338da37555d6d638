"""Addresses of the institution's pages."""

from django.urls import path

from ceping.web.institution import handing, intake, overview, part, paste, saving
from ceping.web.institution.urls_evidence import urlpatterns as papers
from ceping.web.institution.urls_result import urlpatterns as results
from ceping.web.institution.urls_shop import urlpatterns as shops

app_name = "institution"
urlpatterns = [
    path("", overview.newest, name="report"),
    path("<int:pk>/", overview.page, name="entry"),
    path("<int:pk>/parts/<slug:part>/", part.page, name="part"),
    path("<int:pk>/answers/<slug:field>/", saving.answer, name="answer"),
    path("<int:pk>/rows/<int:row>/", saving.row, name="row"),
    path("<int:pk>/rows/<int:row>/remove/", saving.remove, name="remove"),
    path("<int:pk>/rows/<int:row>/restore/", saving.restore, name="restore"),
    path("<int:pk>/tables/<slug:table>/add/", saving.add, name="add"),
    path("<int:pk>/tables/<slug:table>/paste/", paste.paste, name="paste"),
    path("<int:pk>/tables/<slug:table>/import/", intake.choose, name="import"),
    path("<int:pk>/tables/<slug:table>/import/<str:token>/", intake.look, name="intake"),
    path("<int:pk>/tables/<slug:table>/import/<str:token>/marked/", intake.marked, name="marked"),
    path("<int:pk>/submit/", handing.submit, name="submit"),
    path("<int:pk>/remarks/<int:remark>/", overview.remark, name="remark"),
    path("<int:pk>/withdraw/", handing.withdraw, name="withdraw"),
    path("<int:pk>/receipts/<int:number>/", handing.receipt, name="receipt"),
    path("<int:pk>/changes/<int:first>/<int:second>/", handing.changes, name="changes"),
    *papers,
    *results,
    *shops,
]
