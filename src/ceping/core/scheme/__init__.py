"""Scheme files read, checked and hashed; the closed language of scoring rules and what each rule answers."""
