"""What leaves the platform is of one moment: a list read while others work shows no state that never was."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything asked within is answered as of the first question, and nothing can be written.

    Stands around the reading alone: the journal's line comes after, or its chain would be read as it was before. Inside
    another transaction it changes nothing.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
