"""Addresses of the recommending unit."""

from testbed.duties.row import Routes, Row

ROUTES: Routes = {
    "recommender:desk": (Row("lffyy" + "f" * 11),),
    # The scene's entry is a draft: to its own district it is not there yet.
    "recommender:check": (Row("lffnn" + "f" * 11, arguments={"pk": "entry"}),),
    "recommender:return": (Row("lffnn" + "f" * 11, method="post", arguments={"pk": "entry"}),),
    "recommender:decide": (Row("lffnn" + "f" * 11, method="post", arguments={"pk": "entry"}),),
    "recommender:undo": (Row("lffnn" + "f" * 11, method="post", arguments={"pk": "entry"}),),
}
