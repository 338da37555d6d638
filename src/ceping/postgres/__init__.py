"""The embedded PostgreSQL: found, started on demand, healed, stopped; plain programs, no Django."""
