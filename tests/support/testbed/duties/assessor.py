"""Addresses of the assessor: the scene has nobody who judges in its season yet."""

from testbed.duties.row import Routes, Row


def _room(letter: str = "y") -> str:
    return "l" + "f" * 6 + letter + "f" * 8


_ENTRY = {"pk": "entry"}
_NOBODY, _TOKEN = {"pk": "nobody"}, {"token": "nothing"}
_FILE = _ENTRY | {"token": "nothing"}
_CHECK = _ENTRY | {"check": "one"}
_ITEM = _ENTRY | {"item": "nothing"}

ROUTES: Routes = {
    "assessor:home": (Row(_room()),),
    # Whom nobody has added has nothing to declare: back to the front page.
    "assessor:conflicts": (Row(_room("r")), Row(_room("r"), method="post")),
    "assessor:practice": (Row(_room("r")), Row(_room("r"), method="post")),
    "assessor:offline": (Row(_room("r")),),
    "assessor:offline_file": (Row(_room("n")),),
    "assessor:offline_take": (Row(_room("n"), method="post"),),
    "assessor:differences": (Row(_room("r")),),
    "assessor:decide": (Row(_room("n"), method="post", arguments={"pk": "nobody"}),),
    "assessor:rechecks": (Row(_room()),),
    "assessor:recheck": (Row(_room("n"), arguments=_NOBODY), Row(_room("n"), method="post", arguments=_NOBODY)),
    "assessor:recheck_file": (Row(_room("n"), arguments=_NOBODY | _TOKEN),),
    "assessor:recheck_download": (Row(_room("n"), arguments=_NOBODY | _TOKEN),),
    "assessor:recheck_picture": (Row(_room("n"), arguments=_NOBODY | _TOKEN | {"number": "one", "size": "nothing"}),),
    "assessor:entry": (Row(_room("n"), arguments=_ENTRY),),
    "assessor:desk": (Row(_room("n"), arguments=_ITEM),),
    "assessor:mark": (Row(_room("n"), method="post", arguments=_ITEM),),
    "assessor:verify": (Row(_room("n"), arguments=_ENTRY),),
    "assessor:value": (Row(_room("n"), method="post", arguments=_ENTRY | {"metric": "nothing"}),),
    "assessor:check": (Row(_room("n"), method="post", arguments=_ENTRY),),
    "assessor:photos": (Row(_room("n"), arguments=_CHECK), Row(_room("n"), method="post", arguments=_CHECK)),
    "assessor:photo_remove": (Row(_room("n"), method="post", arguments=_CHECK | {"photo": "one"}),),
    "assessor:photo": (Row(_room("n"), arguments=_CHECK | {"photo": "one", "size": "nothing"}),),
    "assessor:sheet": (Row(_room("n"), arguments=_ENTRY),),
    # Before anything is looked up it is confirmed who asks.
    "assessor:sign": (Row(_room("r"), method="post", arguments=_ENTRY),),
    "assessor:change": (Row(_room("n"), method="post", arguments=_ENTRY),),
    "assessor:opinion": (Row(_room("n"), method="post", arguments=_ENTRY | {"part": "nothing"}),),
    "assessor:file": (Row(_room("n"), arguments=_FILE),),
    "assessor:download": (Row(_room("n"), arguments=_FILE),),
    "assessor:picture": (Row(_room("n"), arguments=_FILE | {"number": "one", "size": "nothing"}),),
}
