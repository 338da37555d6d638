"""Addresses of the recommender's pages."""

from django.urls import path

from ceping.web.recommender import acts, check, claims, desk, evidence, issued, paper, people, ranks, table

app_name = "recommender"
urlpatterns = [
    path("", desk.listing, name="desk"),
    path("export/", desk.export, name="export"),
    path("<int:pk>/", check.page, name="check"),
    path("<int:pk>/return/", acts.send_back, name="return"),
    path("<int:pk>/decide/", acts.decision, name="decide"),
    path("<int:pk>/undo/", acts.take_back, name="undo"),
    path("<int:pk>/remarks/<int:remark>/settle/", acts.settle, name="settle"),
    path("<int:pk>/evidence/<str:token>/", evidence.look, name="evidence"),
    path("<int:pk>/evidence/<str:token>/download/", evidence.download, name="download"),
    path("<int:pk>/evidence/<str:token>/<int:number>/<slug:size>.jpg", evidence.picture, name="picture"),
    path("ranks/", ranks.page, name="ranks"),
    path("ranks/move/", ranks.move, name="move"),
    path("table/", table.page, name="table"),
    path("table/issue/", table.issue, name="issue"),
    path("table/import/", table.compare, name="import"),
    path("table/order/", table.take_order, name="order"),
    path("table/<int:number>/file/", issued.file, name="table_file"),
    path("table/<int:number>/scan/", issued.scan, name="scan"),
    path("table/<int:number>/scan/look/", issued.look, name="scan_look"),
    path("table/<int:number>/scan/download/", issued.download, name="scan_download"),
    path("table/<int:number>/scan/<int:leaf>/<slug:size>.jpg", issued.picture, name="scan_picture"),
    path("table/<int:number>/revoke/", issued.revoke, name="revoke"),
    path("paper/", paper.page, name="paper"),
    path("paper/receive/", paper.receive, name="receive"),
    path("paper/undo/", paper.undo, name="paper_undo"),
    path("people/", people.page, name="people"),
    path("people/invite/", people.invite_one, name="invite"),
    path("people/take-away/", people.take_away, name="take_away"),
    path("people/withdraw/", people.withdraw, name="withdraw"),
    path("claims/", claims.page, name="claims"),
    path("claims/decide/", claims.decide, name="decide_claim"),
]
