"""What moves one entry on or back between stages: the only place that calls two stages in turn."""
