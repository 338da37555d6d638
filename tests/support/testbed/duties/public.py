"""Addresses that anybody may open."""

from testbed.duties.row import COLUMNS, PUBLIC, Routes, Row

# A link nobody was sent is as dead as one that was used.
_DEAD = "g" * len(COLUMNS)
_TOKEN = {"token": "nothing"}
_NONE, _NOBODY = "n" * len(COLUMNS), {"pk": "nobody"}

ROUTES: Routes = {
    "public:answer": (Row(_DEAD, arguments=_TOKEN), Row(_DEAD, method="post", arguments=_TOKEN)),
    "public:answered": (Row(PUBLIC),),
    "public:notices": (Row(PUBLIC),),
    # Nothing was published here.
    "public:notice": (Row(_NONE, arguments=_NOBODY),),
    "public:notice_pdf": (Row(_NONE, arguments=_NOBODY),),
    "public:objection_new": (Row(_NONE, arguments=_NOBODY), Row(_NONE, method="post", arguments=_NOBODY)),
    "public:objection": (Row(_NONE, arguments=_TOKEN),),
    "public:result": (Row(_NONE, arguments=_NOBODY),),
    "public:package": (Row(_NONE, arguments=_NOBODY),),
    "public:check": (Row(PUBLIC),),
    "public:certificate": (Row(_NONE, arguments={"code": "nothing"}),),
}
