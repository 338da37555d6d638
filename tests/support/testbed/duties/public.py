"""Addresses that anybody may open."""

from testbed.duties.row import COLUMNS, PUBLIC, Routes, Row

# A link nobody was sent is as dead as one that was used.
_DEAD = "g" * len(COLUMNS)
_TOKEN = {"token": "nothing"}

ROUTES: Routes = {
    "public:answer": (Row(_DEAD, arguments=_TOKEN), Row(_DEAD, method="post", arguments=_TOKEN)),
    "public:answered": (Row(PUBLIC),),
}
