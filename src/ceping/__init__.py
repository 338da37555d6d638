"""ceping: the third-party evaluation of service institutions, from the official files to the published result."""

__version__ = "0.1.0"
