"""Messages: inbox, outbox, templates, reminders."""
