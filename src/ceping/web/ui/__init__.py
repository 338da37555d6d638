"""What all pages share: layout, parts, doors, reading."""
