"""Pages for everybody without a log-in."""
