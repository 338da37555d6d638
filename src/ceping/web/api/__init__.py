"""The interface for other systems: shops, events, points and ledger as JSON under /api/v1, described by itself."""
