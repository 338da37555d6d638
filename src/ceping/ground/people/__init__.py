"""People: users, institutions, areas, roles and what a role may do; personal data sealed."""
