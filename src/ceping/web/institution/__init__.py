"""Pages of the service institution: its report from the first field to the receipt."""
