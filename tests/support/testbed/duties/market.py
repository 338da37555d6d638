"""Addresses of the cloud shops: anybody looks, who buys has an account of their own, and here is no shop yet."""

from testbed.duties.row import COLUMNS, PUBLIC, Routes, Row

_NONE = "n" * len(COLUMNS)
_SHOP, _OFFER, _ORDER = {"code": "nothing"}, {"pk": "one"}, {"number": "nothing"}
# Buyers alone; those of the scene have not given their phone yet, and are led to where one does.
_LED = "l" + "f" * 12 + "rr" + "f"
_NOT_THEIRS = "l" + "f" * 12 + "nn" + "f"

ROUTES: Routes = {
    "market:directory": (Row(PUBLIC),),
    "market:rules": (Row(PUBLIC),),
    "market:join": (Row(PUBLIC),),
    "market:account": (Row(_LED), Row(_LED, method="post")),
    "market:follows": (Row(_LED),),
    "market:orders": (Row(_LED),),
    "market:order": (Row(_NOT_THEIRS, arguments=_ORDER),),
    "market:cancel": (Row(_NOT_THEIRS, method="post", arguments=_ORDER),),
    "market:rate": (Row(_NOT_THEIRS, method="post", arguments=_ORDER),),
    "market:offer": (Row(_NONE, arguments=_OFFER),),
    "market:order_new": (Row(_NONE, arguments=_OFFER), Row(_NONE, method="post", arguments=_OFFER)),
    "market:picture": (Row(_NONE, arguments={"token": "nothing", "width": "one"}),),
    "market:shop": (Row(_NONE, arguments=_SHOP),),
    "market:reviews": (Row(_NONE, arguments=_SHOP),),
    "market:points": (Row(_NONE, arguments=_SHOP),),
    "market:follow": (Row(_NONE, method="post", arguments=_SHOP),),
    "market:report": (Row("l" + "n" * 15, arguments=_SHOP), Row("l" + "n" * 15, method="post", arguments=_SHOP)),
}
