"""Live points of shops: the log of their events, the ledger the rules post from it, levels, feeds and signals."""
