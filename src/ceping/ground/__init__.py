"""What every stage stands on: journal, people, files, messages."""
