"""A season in mid-flight for the demo: made once, from the same cast as the season folder's demo."""


def fill_demo() -> None:
    """The demo's people, institutions and season stand in an empty database; a filled one is left as it is."""
