"""What a season reads of the points' log: the facts of shops as they were on its last day, and the acts until then."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS, Window
from ceping.stages.points.models import Standing
from ceping.stages.points.queries.counted import facts_on, moment_of

# A void counts whatever its own time, and one that names nothing in here changes nothing.
_IN_PERIOD = """
FROM points_event e JOIN points_standing s ON s.id = e.standing_id
WHERE e.standing_id = ANY(%(shops)s) AND (
    (e.kind <> 'void' AND e.occurred_at < %(end)s)
    OR (e.kind = 'void' AND EXISTS (
        SELECT 1 FROM points_event t
        WHERE t.standing_id = e.standing_id AND t.event_id = e.voids AND t.occurred_at < %(end)s
    ))
)
"""
_ROWS = f"""
COPY (
    SELECT e.event_id, s.shop, e.kind,
        to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.actor_id, e.actor_type, e.rating, e.voids
    {_IN_PERIOD} ORDER BY e.id
) TO STDOUT (FORMAT csv)
"""


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of these shops until a season's last day: their number, and the greatest sequence among them."""

    shops: tuple[str, ...]
    until: date
    number: int
    sequence: int


def facts_rows(shops: Collection[str], day: date) -> list[dict[str, str]]:
    """The shops' facts on that day as rows of `shops.csv`, by id; a shop that is not known has none."""
    standings = {one.pk: one for one in Standing.objects.filter(shop__in=shops).defer("balances")}
    rows = []
    for pk, facts in facts_on(standings, day).items():
        standing = standings[pk]
        cells = (
            standing.shop,
            standing.name,
            standing.category,
            facts.registered_on.isoformat(),
            "有" if facts.introduction else "",
            "有" if facts.website else "",
            str(facts.certificate_count),
            str(facts.product_count),
            "true" if facts.decorated else "false",
        )
        rows.append(dict(zip(SHOP_COLUMNS, cells, strict=True)))
    return sorted(rows, key=lambda row: row["shop_id"])


def acts_of(shops: Iterable[str], until: date) -> Acts:
    """What the log holds of them; the same answer means the same rows, as the log only grows."""
    named = tuple(sorted(shops))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), coalesce(max(e.id), 0) {_IN_PERIOD}", _given(named, until))
        number, sequence = cursor.fetchone()
    return Acts(named, until, number, sequence)


def write_acts(acts: Acts, path: Path) -> None:
    """They stand in a CSV file with the columns of `events.csv`, in the order they came."""
    with path.open("wb") as stream, connection.cursor() as cursor:
        stream.write((",".join(EVENT_COLUMNS) + "\n").encode())
        with cursor.copy(_ROWS, _given(acts.shops, acts.until)) as rows:
            for block in rows:
                stream.write(block)


def _given(shops: tuple[str, ...], until: date) -> dict[str, list[int] | datetime]:
    _, end = Window(None, until).instants()
    known = list(Standing.objects.filter(shop__in=shops).values_list("pk", flat=True))
    return {"shops": known, "end": moment_of(end)}
