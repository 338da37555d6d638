"""Lists with personal data leave the platform by two people: one asks with a reason, another lets it go."""
