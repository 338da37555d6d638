"""The scheme's versions and the seasons that run them: calendar, states, extensions."""
