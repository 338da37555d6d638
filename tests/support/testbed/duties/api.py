"""Addresses of the interface for other systems: a key opens them, and who is logged in to the pages has none."""

from testbed.duties.row import COLUMNS, PUBLIC, Routes, Row

_KEY = "l" * len(COLUMNS)
_SHOP = {"shop_id": "nothing"}

ROUTES: Routes = {
    "api:page": (Row(PUBLIC),),
    "api:openapi": (Row(PUBLIC),),
    "api:health": (Row(PUBLIC),),
    "api:rules": (Row(_KEY),),
    # What is sent without a type is told so before anybody asks for a key.
    "api:events": (Row("m" * len(COLUMNS)),),
    "api:shops": (Row(_KEY),),
    "api:shop": (Row(_KEY, arguments=_SHOP),),
    "api:level": (Row(_KEY, arguments=_SHOP),),
    "api:points": (Row(_KEY, arguments=_SHOP),),
    "api:ledger": (Row(_KEY, arguments=_SHOP),),
}
