"""Commands that need the platform's records; loaded by name when called."""
