"""Addresses every reader meets: the front page, invitations, whether the platform lives."""

from testbed.duties.row import COLUMNS, PUBLIC, Routes, Row

ROUTES: Routes = {
    # Components, for who builds pages: staff.
    "gallery": (Row("fffyyyyyyyyyyfff"),),
    "healthy": (Row(PUBLIC), Row(PUBLIC, fragment=True)),
    # Who one is, and nothing of anybody else.
    "still": (Row("l" + "y" * (len(COLUMNS) - 1)), Row("l" + "y" * (len(COLUMNS) - 1), fragment=True)),
    # A link is for whoever has it; one that does not work says no more to anybody than that.
    "invitation": (Row("g" * len(COLUMNS), arguments={"token": "nothing"}),),
    # For who has no account; whoever has one may look. A post that names nothing is told what is missing.
    "claim": (Row(PUBLIC), Row("u" * len(COLUMNS), method="post")),
    "claimed": (Row("r" * len(COLUMNS)),),
    # The test's provider does not answer: everybody is led back with a word.
    "openid_connect_login": (Row("l" + "r" * (len(COLUMNS) - 1), method="post", arguments={"provider_id": "oidc"}),),
    "openid_connect_callback": (Row("l" + "r" * (len(COLUMNS) - 1), arguments={"provider_id": "oidc"}),),
    "openid_connect_link": (Row("l" + "r" * (len(COLUMNS) - 1), method="post", arguments={"provider_id": "oidc"}),),
    "socialaccount_connections": (Row("l" + "y" * (len(COLUMNS) - 1)),),
    "identity_unlink": (Row("l" + "r" * (len(COLUMNS) - 1), method="post"),),
    # Strangers are led to the log-in, everybody else to their own pages.
    "home": (Row("l" + "y" * (len(COLUMNS) - 1)),),
    # Everybody has an inbox of their own; a post that names nothing changes nothing.
    "inbox": (Row("l" + "y" * (len(COLUMNS) - 1)), Row("l" + "r" * (len(COLUMNS) - 1), method="post")),
}
