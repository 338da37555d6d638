"""Empties the database by making it anew: tables that refuse TRUNCATE stay as strict in tests as anywhere."""

from typing import Any

from django.core.management.base import BaseCommand

from testbed import clone


class Command(BaseCommand):
    """`flush`, as transactional tests call it between each other."""

    stealth_options = ("allow_cascade", "inhibit_post_migrate", "reset_sequences")

    def add_arguments(self, parser: Any) -> None:
        """Django's own, which mean nothing here."""
        parser.add_argument("--noinput", action="store_false", dest="interactive")
        parser.add_argument("--database")

    def handle(self, **_options: Any) -> None:
        """The database is as migrated."""
        clone.renew()
