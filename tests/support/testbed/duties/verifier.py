"""Addresses of the verifier: every client in the scene is nobody's."""

from testbed.duties.row import Routes, Row


def _room(letter: str = "y") -> str:
    return "l" + "f" * 7 + letter + "f" * 7


_CLIENT = {"pk": "nobody"}

ROUTES: Routes = {
    "verifier:home": (Row(_room()),),
    # Nobody is to be called: back to the front page.
    "verifier:desk": (Row(_room("r")),),
    "verifier:client": (Row(_room("n"), arguments=_CLIENT),),
    "verifier:record": (Row(_room("n"), method="post", arguments=_CLIENT),),
    "verifier:phone": (Row(_room("n"), method="post", arguments=_CLIENT),),
    "verifier:appointment": (Row(_room("n"), method="post", arguments=_CLIENT),),
    "verifier:link": (Row(_room("n"), method="post", arguments=_CLIENT),),
    "verifier:records": (Row(_room()),),
    "verifier:void": (Row(_room("n"), method="post", arguments=_CLIENT),),
    "verifier:training": (Row(_room()), Row(_room(), method="post")),
}
