"""Addresses of the recommending unit."""

from testbed.duties.row import Routes, Row

# Of the scene's own area: there is nothing here that another area's recommender could name but its entries.
_ROOM = "lffyy" + "f" * 11
# An empty form is refused (409) without a word about anybody; to a stranger's area it is the stranger's own form.
_NOTHING = "lffnn" + "f" * 11
_ENTRY = {"pk": "entry"}

ROUTES: Routes = {
    "recommender:desk": (Row(_ROOM),),
    "recommender:export": (Row("lff--" + "f" * 11, method="post"),),
    # The scene's entry is a draft: to its own district it is not there yet.
    "recommender:check": (Row(_NOTHING, arguments=_ENTRY),),
    "recommender:return": (Row(_NOTHING, method="post", arguments=_ENTRY),),
    "recommender:decide": (Row(_NOTHING, method="post", arguments=_ENTRY),),
    "recommender:undo": (Row(_NOTHING, method="post", arguments=_ENTRY),),
    "recommender:settle": (Row(_NOTHING, method="post", arguments=_ENTRY | {"remark": "season"}),),
    "recommender:evidence": (Row(_NOTHING, arguments=_ENTRY | {"token": "nothing"}),),
    "recommender:download": (Row(_NOTHING, arguments=_ENTRY | {"token": "nothing"}),),
    "recommender:picture": (
        Row(_NOTHING, arguments=_ENTRY | {"token": "nothing", "number": "season", "size": "nothing"}),
    ),
    "recommender:ranks": (Row(_ROOM),),
    "recommender:move": (Row("lff--" + "f" * 11, method="post"),),
    "recommender:table": (Row(_ROOM),),
    "recommender:issue": (Row("lff--" + "f" * 11, method="post"),),
    "recommender:import": (Row("lff--" + "f" * 11, method="post"),),
    "recommender:order": (Row("lff--" + "f" * 11, method="post"),),
    # No table was issued in the scene: to nobody there is one.
    "recommender:table_file": (Row(_NOTHING, method="post", arguments={"number": "season"}),),
    "recommender:scan": (Row(_NOTHING, method="post", arguments={"number": "season"}),),
    "recommender:revoke": (Row(_NOTHING, method="post", arguments={"number": "season"}),),
    "recommender:scan_look": (Row(_NOTHING, arguments={"number": "season"}),),
    "recommender:scan_download": (Row(_NOTHING, arguments={"number": "season"}),),
    "recommender:scan_picture": (Row(_NOTHING, arguments={"number": "season", "leaf": "season", "size": "nothing"}),),
    "recommender:paper": (Row(_ROOM),),
    "recommender:receive": (Row("lff--" + "f" * 11, method="post"),),
    "recommender:paper_undo": (Row("lff--" + "f" * 11, method="post"),),
    "recommender:people": (Row(_ROOM),),
    "recommender:invite": (Row("lffrr" + "f" * 11, method="post"),),
    "recommender:take_away": (Row("lffrr" + "f" * 11, method="post"),),
    # Nobody is named, so nobody is found.
    "recommender:withdraw": (Row(_NOTHING, method="post"),),
    "recommender:claims": (Row(_ROOM),),
    # Before anything is looked up it is confirmed who asks.
    "recommender:decide_claim": (Row("lffrr" + "f" * 11, method="post"),),
}
