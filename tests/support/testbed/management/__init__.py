"""Commands of the testbed."""
