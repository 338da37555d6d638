"""Addresses of the assessor's pages."""

from django.urls import path

from ceping.web.assessor import declaring, desk, files, home, offline, photos, rechecks, settling, sheet, verifying

app_name = "assessor"
urlpatterns = [
    path("", home.home, name="home"),
    path("conflicts/", declaring.conflicts, name="conflicts"),
    path("practice/", declaring.practice, name="practice"),
    path("offline/", offline.page, name="offline"),
    path("offline/sheet.xlsx", offline.file, name="offline_file"),
    path("offline/take/", offline.take, name="offline_take"),
    path("differences/", settling.page, name="differences"),
    path("differences/<int:pk>/", settling.decide, name="decide"),
    path("rechecks/", rechecks.listing, name="rechecks"),
    path("rechecks/<int:pk>/", rechecks.page, name="recheck"),
    path("rechecks/<int:pk>/files/<str:token>/", rechecks.look, name="recheck_file"),
    path("rechecks/<int:pk>/files/<str:token>/download/", rechecks.download, name="recheck_download"),
    path("rechecks/<int:pk>/files/<str:token>/<int:number>/<slug:size>.jpg", rechecks.picture, name="recheck_picture"),
    path("<int:pk>/", desk.entry, name="entry"),
    path("<int:pk>/verify/", verifying.page, name="verify"),
    path("<int:pk>/verify/<slug:metric>/", verifying.value, name="value"),
    path("<int:pk>/check/", verifying.check, name="check"),
    path("<int:pk>/check/<int:check>/photos/", photos.page, name="photos"),
    path("<int:pk>/check/<int:check>/photos/<int:photo>/remove/", photos.remove, name="photo_remove"),
    path("<int:pk>/check/<int:check>/photos/<int:photo>/<slug:size>.jpg", photos.picture, name="photo"),
    path("<int:pk>/sheet/", sheet.page, name="sheet"),
    path("<int:pk>/sheet/sign/", sheet.sign, name="sign"),
    path("<int:pk>/sheet/change/", sheet.change, name="change"),
    path("<int:pk>/opinion/<slug:part>/", sheet.opinion, name="opinion"),
    path("<int:pk>/files/<str:token>/", files.look, name="file"),
    path("<int:pk>/files/<str:token>/download/", files.download, name="download"),
    path("<int:pk>/files/<str:token>/<int:number>/<slug:size>.jpg", files.picture, name="picture"),
    path("<int:pk>/items/<str:item>/", desk.page, name="desk"),
    path("<int:pk>/items/<str:item>/mark/", desk.mark, name="mark"),
]
