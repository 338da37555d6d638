"""Django's own commands for developers: python -m ceping.config.manage makemigrations."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Runs the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
