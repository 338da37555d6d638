"""Addresses of the service institution."""

from testbed.duties.row import Routes, Row

# Its own report alone: another institution finds no such page, and nobody else has a desk here.
_OWN = "lyn" + "f" * 13
_LED = "lrn" + "f" * 13
_NONE = "lnn" + "f" * 13
_ENTRY = {"pk": "entry"}
_ONE = {"pk": "entry", "number": "one"}
_TABLE = {"pk": "entry", "table": "table"}
_ROW = {"pk": "entry", "row": "one"}
_OFFER = {"pk": "one"}
_DOCUMENT = {"pk": "entry", "attachment": "one"}
_REFUSED = "lun" + "f" * 13
_FILE = {"pk": "entry", "table": "table", "token": "nothing"}

ROUTES: Routes = {
    # The one leads to its newest report; the other has none yet and is told so.
    "institution:report": (Row("lry" + "f" * 13),),
    "institution:entry": (Row(_OWN, arguments=_ENTRY),),
    "institution:part": (Row(_OWN, arguments={"pk": "entry", "part": "part"}),),
    # Nothing is sent along: whoever may write is told so (422), the others do not get that far.
    "institution:answer": (Row("lun" + "f" * 13, method="post", arguments={"pk": "entry", "field": "field"}),),
    "institution:row": (Row("lun" + "f" * 13, method="post", arguments=_ROW),),
    "institution:remove": (Row("lun" + "f" * 13, method="post", arguments=_ROW),),
    "institution:restore": (Row("lun" + "f" * 13, method="post", arguments=_ROW),),
    "institution:add": (Row("lun" + "f" * 13, method="post", arguments=_TABLE),),
    "institution:paste": (Row("lyn" + "f" * 13, method="post", arguments=_TABLE),),
    "institution:import": (
        Row(_OWN, arguments=_TABLE),
        Row("lun" + "f" * 13, method="post", arguments=_TABLE),
    ),
    "institution:intake": (Row(_NONE, arguments=_FILE), Row(_NONE, method="post", arguments=_FILE)),
    "institution:marked": (Row(_NONE, arguments=_FILE),),
    "institution:submit": (Row(_OWN, arguments=_ENTRY), Row("lun" + "f" * 13, method="post", arguments=_ENTRY)),
    "institution:withdraw": (Row("lun" + "f" * 13, method="post", arguments=_ENTRY),),
    "institution:receipt": (Row(_NONE, arguments=_ONE),),
    "institution:changes": (Row(_NONE, arguments={"pk": "entry", "first": "one", "second": "one"}),),
    "institution:remark": (Row(_NONE, method="post", arguments={"pk": "entry", "remark": "one"}),),
    "institution:evidence": (Row(_OWN, arguments=_ENTRY),),
    "institution:evidence-add": (Row(_REFUSED, method="post", arguments=_ENTRY),),
    "institution:document": (Row(_NONE, arguments=_DOCUMENT),),
    "institution:evidence-describe": (Row(_REFUSED, method="post", arguments=_DOCUMENT),),
    "institution:evidence-remove": (Row(_REFUSED, method="post", arguments=_DOCUMENT),),
    "institution:evidence-restore": (Row(_REFUSED, method="post", arguments=_DOCUMENT),),
    # No season has come to a notice here: a page says so, and nothing is to be had.
    "institution:result": (Row("lyy" + "f" * 13),),
    "institution:own_result": (Row(_OWN, arguments=_ENTRY),),
    "institution:own_file": (Row(_NONE, arguments=_ENTRY | {"name": "nothing"}),),
    "institution:objection": (Row(_NONE, arguments=_ENTRY), Row(_NONE, method="post", arguments=_ENTRY)),
    "institution:file": (Row(_NONE, arguments={"token": "nothing"}),),
    "institution:picture": (Row(_NONE, arguments={"token": "nothing", "number": "one", "size": "nothing"}),),
    "institution:download": (Row(_NONE, arguments={"token": "nothing"}),),
    "institution:word": (Row(_OWN, arguments=_ENTRY), Row(_REFUSED, method="post", arguments=_ENTRY)),
    "institution:word-read": (Row(_NONE, arguments={"pk": "entry", "token": "nothing"}),),
    "institution:prefill": (Row(_OWN, arguments=_ENTRY),),
    "institution:taking-undo": (Row(_REFUSED, method="post", arguments={"pk": "entry", "taking": "one"}),),
    "institution:preview": (Row(_OWN, arguments=_ENTRY),),
    "institution:preview-ask": (Row(_LED, method="post", arguments=_ENTRY),),
    "institution:work-cancel": (Row(_NONE, method="post", arguments={"pk": "entry", "token": "nothing"}),),
    # The page is of the reader's own institution, whichever that is.
    "institution:colleagues": (Row("lyy" + "f" * 13),),
    "institution:colleague-add": (Row("luu" + "f" * 13, method="post"),),
    "institution:colleague-remove": (Row("luu" + "f" * 13, method="post", arguments={"grant": "one"}),),
    "institution:invitation-withdraw": (Row("luu" + "f" * 13, method="post", arguments={"invitation": "one"}),),
    # Neither has a shop yet: both may ask for one.
    "institution:shop": (Row("lyy" + "f" * 13), Row("luu" + "f" * 13, method="post")),
    "institution:shop_points": (Row(_NONE),),
    "institution:shop_picture": (Row(_NONE, arguments={"token": "nothing", "width": "one"}),),
    "institution:shop_profile": (Row(_NONE), Row(_NONE, method="post")),
    "institution:shop_look": (Row(_NONE), Row(_NONE, method="post")),
    "institution:shop_certificates": (Row(_NONE), Row(_NONE, method="post")),
    "institution:shop_certificate_remove": (Row(_NONE, method="post", arguments=_OFFER),),
    "institution:shop_offers": (Row(_NONE),),
    "institution:shop_offer_new": (Row(_NONE), Row(_NONE, method="post")),
    "institution:shop_offer": (Row(_NONE, arguments=_OFFER), Row(_NONE, method="post", arguments=_OFFER)),
    "institution:shop_offer_turn": (Row(_NONE, method="post", arguments=_OFFER),),
    "institution:shop_offer_picture": (Row(_NONE, method="post", arguments=_OFFER),),
    "institution:shop_offer_no_picture": (Row(_NONE, method="post", arguments=_OFFER | {"image": "one"}),),
    "institution:shop_orders": (Row(_NONE),),
    "institution:shop_buyers": (Row(_NONE),),
    "institution:shop_order": (Row(_NONE, arguments={"number": "nothing"}),),
    "institution:shop_order_act": (Row(_NONE, method="post", arguments={"number": "nothing"}),),
    "institution:shop_reviews": (Row(_NONE), Row(_NONE, method="post")),
}
