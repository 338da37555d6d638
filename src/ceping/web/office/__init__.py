"""Pages of the office: seasons, progress, extensions, reminders, accounts."""
