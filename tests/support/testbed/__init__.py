"""The platform as the tests run it: the same settings on a database and a folder nobody minds."""
