"""Results: what was supplied and ruled, the season computed as its folder is, signed by two, frozen with its hash."""
