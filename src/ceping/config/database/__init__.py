"""Django's PostgreSQL engine, which has the embedded server started on the first connection."""
