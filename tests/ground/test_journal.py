"""The journal grows, refuses everything else, and shows what got past the refusal."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import PLATFORM
from ceping.ground.journal.models import Entry
from ceping.ground.journal.queries import Break, Head, breaks_in, heads

pytestmark = pytest.mark.django_db
AT = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)
TAMPER = [
    ("UPDATE journal_entry SET act = 'other' WHERE number = 3", [Break(PLATFORM, 3, "changed")]),
    ("UPDATE journal_entry SET body = '{\"n\": 9}' WHERE number = 2", [Break(PLATFORM, 2, "changed")]),
    ("UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE number = 5", [Break(PLATFORM, 5, "changed")]),
    ("DELETE FROM journal_entry WHERE number = 4", [Break(PLATFORM, 4, "missing")]),
    ("DELETE FROM journal_entry WHERE number = 5", [Break(PLATFORM, 5, "cut")]),
    (
        "UPDATE journal_entry SET number = CASE number WHEN 2 THEN 3 ELSE 2 END WHERE number IN (2, 3)",
        [
            Break(PLATFORM, 2, "changed"),
            Break(PLATFORM, 2, "changed"),
            Break(PLATFORM, 3, "changed"),
            Break(PLATFORM, 3, "changed"),
            Break(PLATFORM, 4, "changed"),
        ],
    ),
]


def five() -> Head:
    for number in range(1, 6):
        record("tried", by=None, at=AT, body={"n": number})
    return heads()[0]


def test_a_chain_that_nobody_touched_holds() -> None:
    head = five()
    assert head.number == 5
    assert list(breaks_in(PLATFORM, known=head)) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_entry SET act = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry CASCADE"]
)
def test_the_database_refuses_to_change_it(statement: str) -> None:
    five()
    with (
        pytest.raises(DatabaseError, match="the journal only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Entry.objects.count() == 5


@pytest.mark.parametrize(("statement", "found"), TAMPER, ids=["act", "body", "time", "removed", "cut", "swapped"])
def test_whatever_got_past_the_refusal_shows(statement: str, found: list[Break]) -> None:
    head = five()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if "CASE" in statement:
            cursor.execute("ALTER TABLE journal_entry DROP CONSTRAINT journal_number_once")
        cursor.execute(statement)
    assert list(breaks_in(PLATFORM, known=head)) == found


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        record("tried", by=None, at=datetime(2022, 3, 10))  # noqa: DTZ001 -- the point
