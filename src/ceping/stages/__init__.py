"""The chain of an evaluation, one Django app a step; a stage reads earlier stages only."""
