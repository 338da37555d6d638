"""Pages, sorted by reader."""
