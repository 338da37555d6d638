"""Addresses every reader meets: the front page, invitations, whether the platform lives."""

from testbed.duties.row import COLUMNS, PUBLIC, Routes, Row

ROUTES: Routes = {
    # Components, for who builds pages: staff.
    "gallery": (Row("fffyyyyyyyyyyfff"),),
    "healthy": (Row(PUBLIC), Row(PUBLIC, fragment=True)),
    # A link is for whoever has it; one that does not work says no more to anybody than that.
    "invitation": (Row("g" * len(COLUMNS), arguments={"token": "nothing"}),),
    # Strangers are led to the log-in, everybody else to their own pages.
    "home": (Row("l" + "y" * (len(COLUMNS) - 1)),),
    # Everybody has an inbox of their own; a post that names nothing changes nothing.
    "inbox": (Row("l" + "y" * (len(COLUMNS) - 1)), Row("l" + "r" * (len(COLUMNS) - 1), method="post")),
}
