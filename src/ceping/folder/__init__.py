"""A season as plain files: read and checked, evaluated, made up for a demo; without a database."""
