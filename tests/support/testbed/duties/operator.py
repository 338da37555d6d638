"""Addresses of the operator's desks: shops, reports of abuse, points, other systems."""

from testbed.duties.row import Routes, Row

_SHOP, _NUMBER, _TOKEN = {"code": "nothing"}, {"number": "nothing"}, {"token": "nothing"}
_POINTS = {"shop": "nothing"}


def _operator(letter: str = "y") -> str:
    """The operator alone."""
    return "l" + "f" * 8 + letter + "f" * 6


def _connects(letter: str = "y") -> str:
    """The operator and the system administrator."""
    return "l" + "f" * 8 + letter * 2 + "f" * 5


ROUTES: Routes = {
    "office:shops": (Row(_operator()),),
    # No shop has asked to open in the scene.
    "office:shop": (Row(_operator("n"), arguments=_SHOP),),
    "office:shop_act": (Row(_operator("n"), method="post", arguments=_SHOP),),
    "office:shop_hide": (Row(_operator("n"), method="post", arguments=_SHOP | {"pk": "nobody"}),),
    "office:shop_picture": (Row(_operator("n"), arguments=_SHOP | _TOKEN | {"width": "one"}),),
    "office:abuse": (Row(_operator()),),
    "office:abuse_report": (Row(_operator("n"), arguments=_NUMBER),),
    "office:abuse_act": (Row(_operator("n"), method="post", arguments=_NUMBER),),
    "office:points": (Row(_operator()),),
    "office:points_feeds": (Row(_operator()),),
    "office:points_shop": (Row(_operator("n"), arguments=_POINTS),),
    "office:points_void": (Row(_operator("n"), method="post", arguments=_POINTS),),
    "office:points_held": (Row(_operator()),),
    # Nothing is named.
    "office:points_decide": (Row(_operator("n"), method="post"),),
    "office:points_signals": (Row(_operator()),),
    "office:points_note": (Row(_operator("n"), method="post"),),
    "office:points_rules": (Row(_operator()),),
    "office:points_preview": (Row(_operator("n"), method="post"),),
    # Before anything is looked up it is confirmed who asks.
    "office:points_adopt": (Row(_operator("r"), method="post"),),
    # No file was chosen.
    "office:points_recount": (Row(_operator()),),
    "office:points_recount_ask": (Row(_operator("r"), method="post"),),
    "office:points_import": (Row(_operator()), Row(_operator("u"), method="post")),
    "office:points_import_stop": (Row(_operator("n"), method="post", arguments=_TOKEN),),
    "office:points_rejected": (Row(_operator("n"), arguments=_TOKEN),),
    "office:points_keys": (Row(_connects()),),
    "office:points_key": (Row(_connects("r"), method="post"),),
    "office:points_hook": (Row(_connects("r"), method="post"),),
    "office:points_resend": (Row(_connects("n"), method="post"),),
}
