"""Pages of the auditor: the journal read, verified, exported; nothing is changed here."""
