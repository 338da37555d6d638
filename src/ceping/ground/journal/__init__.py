"""The journal: who did what, when and why; it only grows, and each entry seals the one before."""
