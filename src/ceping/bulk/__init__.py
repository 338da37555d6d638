"""The points rules over millions of events, the same meaning as `ceping.core.points`."""
