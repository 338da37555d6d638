"""The points rules as SQL: which rows are refused, which events are in force, what each rule counts; from the scheme.

Given are `events` (eight columns and `row_key`), `shops` (shop_id, shop_no in byte order), `rules` (rule_no, rule_id,
points, cap), `levels`, and `measured` (shop_id, rule_no, quantity) with the part that shop facts decide. Made are
`refused` rows, `live` events, `ledger` and `totals`. Few rows are ever stored: live events are read where they lie.
"""

# Every name and number in the SQL comes from the scheme, checked, or is quoted.
# ruff: noqa: S608

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ceping.core.points.event import ACTOR_TYPES, KINDS, NEEDS_ACTOR, NEEDS_ACTOR_TYPE, RATINGS
from ceping.core.points.grammar import (
    EARLIEST_DAY,
    LATEST_DAY,
    LOCAL_OFFSET,
    MICROSECONDS_A_DAY,
    end_instant_of,
    first_instant_of,
)
from ceping.core.points.measure import Window
from ceping.core.scheme.points import (
    DayRuns,
    DistinctDays,
    EventCount,
    EventFilter,
    FollowSet,
    PointsFile,
    ShareAtLeast,
)

# In the order in which the first match wins.
CODES = (
    "missing_field",
    "unknown_kind",
    "bad_value",
    "bad_time",
    "unknown_shop",
    "id_conflict",
    "void_of_void",
)
_ID = "'[A-Za-z0-9_.:-]{1,64}'"
_ACTOR = r"'[^\x00-\x1f\x7f-\x9f]{1,128}'"
_CONTENT = (
    "kind, occurred_at, coalesce(actor_id, ''), coalesce(actor_type, ''), coalesce(rating, ''), coalesce(voids, '')"
)
_WORD_BITS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One statement; where it speaks of a table that may be empty, `otherwise` takes its place when that is so.

    The rows of a view are `dealt` out by that column where many machines share them, so that each sees few at a time.
    """

    statement: str
    unless_empty: str = ""
    otherwise: str = ""
    dealt: str = ""


def _words(words: Sequence[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _instant(microseconds: int) -> str:
    return f"make_timestamptz({microseconds})"


def _first_round() -> Iterator[tuple[str, str]]:
    # Which rows are wrong by themselves, and the place of their code in CODES; each test reads few columns.
    missing, unknown_kind, bad_value, bad_time = range(4)
    typed = _words([word for word in ACTOR_TYPES if word != "seller"])
    yield (
        f"event_id IS NULL OR NOT regexp_full_match(event_id, {_ID})",
        f"CASE WHEN coalesce(event_id, '') = '' THEN {missing} ELSE {bad_value} END",
    )
    yield (
        f"kind IS NULL OR kind NOT IN {_words(KINDS)}",
        f"CASE WHEN coalesce(kind, '') = '' THEN {missing} ELSE {unknown_kind} END",
    )
    first, end = first_instant_of(EARLIEST_DAY), end_instant_of(LATEST_DAY)
    yield (
        f"occurred_at IS NULL OR occurred_at < {_instant(first)} OR occurred_at >= {_instant(end)}",
        f"CASE WHEN occurred_at IS NULL THEN {missing} ELSE {bad_time} END",
    )
    yield (
        f"""CASE WHEN actor_id IS NULL OR actor_id = '' THEN kind IN {_words(NEEDS_ACTOR)}
        ELSE NOT regexp_full_match(actor_id, {_ACTOR}) END""",
        f"CASE WHEN coalesce(actor_id, '') = '' THEN {missing} ELSE {bad_value} END",
    )
    yield (
        f"kind IN {_words(NEEDS_ACTOR_TYPE)} AND (actor_type IS NULL OR actor_type NOT IN {typed})",
        f"CASE WHEN coalesce(actor_type, '') = '' THEN {missing} ELSE {bad_value} END",
    )
    yield "kind = 'rating' AND (rating IS NULL OR rating = '')", f"{missing}"
    yield "kind = 'void' AND (voids IS NULL OR voids = '')", f"{missing}"
    yield f"actor_type NOT IN {_words(('', *ACTOR_TYPES))}", f"{bad_value}"
    yield f"rating NOT IN {_words(('', *RATINGS))}", f"{bad_value}"
    yield f"voids <> '' AND NOT regexp_full_match(voids, {_ID})", f"{bad_value}"


def _found(*, spread: bool) -> Iterator[Step]:
    yield Step("CREATE TEMP TABLE found (row_key BIGINT, code TINYINT)")
    pairs = list(_first_round())
    of_shop = (
        f"CASE WHEN coalesce(shop_id, '') = '' THEN 0 WHEN NOT regexp_full_match(shop_id, {_ID}) THEN 2 ELSE 4 END"
    )
    if not spread:
        for condition, code in pairs:
            yield Step(f"INSERT INTO found SELECT row_key, {code} FROM events WHERE {condition}")
        yield Step(f"INSERT INTO found SELECT row_key, {of_shop} FROM events ANTI JOIN shops USING (shop_id)")
        return
    pairs.append(("known IS NULL", of_shop))
    codes = ", ".join(f"CASE WHEN {condition} THEN {code} END" for condition, code in pairs)
    wrong = " OR ".join(f"({condition})" for condition, _ in pairs)
    yield Step(f"""INSERT INTO found SELECT row_key, least({codes}) AS code
        FROM events LEFT JOIN (SELECT shop_id, 1 AS known FROM shops) AS here USING (shop_id) WHERE {wrong}""")


def settle(*, spread: bool = False) -> Iterator[Step]:
    """The steps of the three rounds; after them `refused` and `live` stand.

    `spread` is for rows that lie on many machines: read once for all tests together, and never put in one order.
    """
    yield from _found(spread=spread)
    yield Step("CREATE TEMP TABLE wrong AS SELECT row_key, min(code) AS code FROM found GROUP BY row_key")
    # A join with an empty table still costs the reading of every row's key.
    yield Step(
        "CREATE TEMP VIEW good AS SELECT * FROM events ANTI JOIN wrong USING (row_key)",
        unless_empty="wrong",
        otherwise="CREATE TEMP VIEW good AS SELECT * FROM events",
    )
    yield Step("CREATE TEMP TABLE void_rows AS SELECT row_key, shop_id, event_id, voids FROM good WHERE kind = 'void'")
    # Sorted numbers find what stands twice, or is voided, in half the time and memory of groups of two texts. Two ids
    # may share a number by chance, so these are only suspects: `repeated` and `targets` compare the ids themselves.
    yield Step(
        """CREATE TEMP VIEW numbers AS SELECT hash(shop_id, event_id) AS number FROM events
        UNION ALL SELECT hash(shop_id, voids) FROM void_rows""",
        dealt="number",
    )
    yield Step(
        "CREATE TEMP TABLE suspects AS SELECT number FROM numbers GROUP BY number HAVING count(*) > 1"
        if spread
        else """CREATE TEMP TABLE suspects AS SELECT DISTINCT number FROM
            (SELECT number, lag(number) OVER (ORDER BY number) AS before FROM numbers) WHERE number = before"""
    )
    nothing = "SELECT row_key, shop_id, event_id FROM events LIMIT 0"
    yield Step(
        """CREATE TEMP TABLE touched AS SELECT row_key, shop_id, event_id
        FROM good SEMI JOIN suspects ON hash(shop_id, event_id) = number""",
        unless_empty="suspects",
        otherwise=f"CREATE TEMP TABLE touched AS {nothing}",
    )
    yield Step("""CREATE TEMP TABLE repeated AS
        SELECT shop_id, event_id FROM touched GROUP BY shop_id, event_id HAVING count(*) > 1""")
    yield Step(
        f"""CREATE TEMP TABLE conflicts AS SELECT shop_id, event_id FROM good SEMI JOIN repeated
        USING (shop_id, event_id) GROUP BY shop_id, event_id HAVING count(DISTINCT row({_CONTENT})) > 1""",
        unless_empty="repeated",
        otherwise=f"CREATE TEMP TABLE conflicts AS {nothing}",
    )
    yield Step("CREATE TEMP VIEW voids AS SELECT * FROM void_rows ANTI JOIN conflicts USING (shop_id, event_id)")
    yield Step("""CREATE TEMP TABLE voids_of_voids AS SELECT row_key, shop_id, event_id FROM voids SEMI JOIN
        (SELECT shop_id, event_id AS voids FROM voids) AS target USING (shop_id, voids)""")
    yield from _sorted_out()


def _sorted_out() -> Iterator[Step]:
    # A refused void of a void needs no exception here: its target is a void, and voids are never live.
    yield Step("CREATE TEMP VIEW targets AS SELECT shop_id, voids AS event_id FROM voids")
    yield Step("""CREATE TEMP TABLE refused AS
        SELECT row_key, code FROM wrong
        UNION ALL SELECT row_key, 5 FROM touched SEMI JOIN conflicts USING (shop_id, event_id)
        UNION ALL SELECT row_key, 6 FROM voids_of_voids""")
    # Of equal rows one stays, whichever; conflicts and voided events lose all their rows.
    yield Step("""CREATE TEMP TABLE dropped AS
        SELECT row_key FROM refused
        UNION SELECT row_key FROM touched SEMI JOIN targets USING (shop_id, event_id)
        UNION SELECT row_key FROM (SELECT row_key, row_number() OVER (PARTITION BY shop_id, event_id ORDER BY row_key)
            AS nth FROM touched SEMI JOIN repeated USING (shop_id, event_id)) WHERE nth > 1""")
    yield Step(
        "CREATE TEMP VIEW live AS SELECT * FROM events ANTI JOIN dropped USING (row_key) WHERE kind <> 'void'",
        unless_empty="dropped",
        otherwise="CREATE TEMP VIEW live AS SELECT * FROM events WHERE kind <> 'void'",
    )


def inside(window: Window) -> str:
    """The condition that an event lies in the window."""
    condition = f"occurred_at < {_instant(end_instant_of(window.end))}"
    if window.start is not None:
        condition += f" AND occurred_at >= {_instant(first_instant_of(window.start))}"
    return condition


def count(points: PointsFile, window: Window) -> Iterator[Step]:
    """The steps that fill `measured` with what each rule on events counts."""
    within = inside(window)
    yield from _counted(points, within)
    yield from _days(points, within)
    yield from _followers(points, window)


def _counted(points: PointsFile, inside: str) -> Iterator[Step]:
    filters: dict[EventFilter, str] = {}
    quantities: list[str] = []
    for number, rule in enumerate(points.rules):
        measure = rule.measure
        if isinstance(measure, EventCount):
            column = filters.setdefault(measure.where, f"n{len(filters)}")
            quantities.append(f"SELECT shop_id, {number}, {column} FROM counted")
        elif isinstance(measure, ShareAtLeast):
            part = filters.setdefault(measure.part, f"n{len(filters)}")
            whole = filters.setdefault(measure.whole, f"n{len(filters)}")
            quantities.append(
                f"SELECT shop_id, {number}, 1 FROM counted WHERE {whole} > 0"
                f" AND {measure.denominator} * {part} >= {measure.numerator} * {whole}"
            )
    if not filters:
        return
    kinds = sorted({kind for where in filters for kind in where.kinds})
    some = f"kind IN {_words(kinds)} AND " if all(where.kinds for where in filters) else ""
    columns = ", ".join(f"count(*) FILTER (WHERE {_condition(where)}) AS {name}" for where, name in filters.items())
    yield Step(
        f"CREATE TEMP TABLE counted AS SELECT shop_id, {columns} FROM live WHERE {some}{inside} GROUP BY shop_id"
    )
    yield Step("INSERT INTO measured " + " UNION ALL ".join(quantities))


def _days(points: PointsFile, inside: str) -> Iterator[Step]:
    tables: dict[EventFilter, str] = {}
    for number, rule in enumerate(points.rules):
        measure = rule.measure
        if not isinstance(measure, DistinctDays | DayRuns):
            continue
        if measure.where not in tables:
            tables[measure.where] = f"days_{len(tables)}"
            yield from _day_tables(tables[measure.where], measure.where, inside)
        table = tables[measure.where]
        if isinstance(measure, DistinctDays):
            quantity = f"SELECT shop_id, {number}, sum(bit_count(bits)) FROM {table} GROUP BY shop_id"
        else:
            # Replacing takes as many whole lengths out of a run as go into it, from the left, and never joins two runs.
            whole = f"repeat('1', {measure.length})"
            quantity = f"""SELECT shop_id, {number}, (length(calendar) - length(replace(calendar, {whole}, '')))
                // {measure.length} FROM {table}_calendar"""
        yield Step(f"INSERT INTO measured {quantity}")


def _day_tables(table: str, where: EventFilter, inside: str) -> Iterator[Step]:
    # Sixty days are one number, a bit a day: grouping by it is far cheaper than sorting every shop's days.
    yield Step(f"""CREATE TEMP TABLE {table} AS SELECT shop_id, day // {_WORD_BITS} AS word,
        bit_or(1::BIGINT << ({_WORD_BITS - 1} - day % {_WORD_BITS})::INTEGER) AS bits
        FROM (SELECT shop_id, (epoch_us(occurred_at) + {LOCAL_OFFSET}) // {MICROSECONDS_A_DAY} AS day FROM live
            WHERE {_condition(where)} AND {inside}) GROUP BY shop_id, word""")
    # A shop's days as text, 1 for a day with and 0 for one without; between words apart one 0 breaks the run.
    yield Step(f"""CREATE TEMP VIEW {table}_calendar AS SELECT shop_id,
        string_agg(gap || lpad(bin(bits), {_WORD_BITS}, '0'), '' ORDER BY word) AS calendar
        FROM (SELECT shop_id, word, bits, CASE WHEN word = 1 + lag(word) OVER (PARTITION BY shop_id ORDER BY word)
            THEN '' ELSE '0' END AS gap FROM {table}) GROUP BY shop_id""")


def _followers(points: PointsFile, window: Window) -> Iterator[Step]:
    rules = [(n, rule.measure) for n, rule in enumerate(points.rules) if isinstance(rule.measure, FollowSet)]
    if not rules:
        return
    # Instant and state in one number: the greatest tells the last state, and whether two states share that instant.
    types = " ".join(f"WHEN actor_type = '{word}' THEN {n}" for n, word in enumerate(ACTOR_TYPES, start=1))
    acts = f"""(SELECT shop_id, actor_id, event_id, epoch_us(occurred_at) AS instant,
        CASE WHEN kind = 'unfollow' THEN 0 {types} END AS state FROM live
        WHERE kind IN {_words(NEEDS_ACTOR)} AND occurred_at < {_instant(end_instant_of(window.end))})"""
    last = f"""(SELECT shop_id, actor_id, max(instant * 8 + state) AS upper, max(instant * 8 + 7 - state) AS lower
        FROM {acts} GROUP BY shop_id, actor_id)"""
    yield Step(f"""CREATE TEMP TABLE followers AS SELECT shop_id,
        CASE WHEN upper % 8 = 7 - lower % 8 THEN upper % 8 END AS state, count(*) AS actors FROM {last} GROUP BY ALL""")
    yield Step("CREATE TEMP TABLE unclear AS SELECT shop_id FROM followers WHERE state IS NULL")
    yield Step(
        f"""CREATE TEMP TABLE tied AS SELECT shop_id, actor_id FROM {last} SEMI JOIN unclear USING (shop_id)
        WHERE upper % 8 <> 7 - lower % 8""",
        unless_empty="unclear",
    )
    yield Step(
        f"""INSERT INTO followers SELECT shop_id, state, count(*) FROM
        (SELECT shop_id, max_by(state, (instant, event_id)) AS state FROM {acts} SEMI JOIN tied
        USING (shop_id, actor_id) GROUP BY shop_id, actor_id) GROUP BY ALL""",
        unless_empty="unclear",
    )
    for number, measure in rules:
        states = ", ".join(str(1 + ACTOR_TYPES.index(kind)) for kind in measure.actor_types or ACTOR_TYPES)
        yield Step(f"""INSERT INTO measured SELECT shop_id, {number}, sum(actors) FROM followers
            WHERE state IN ({states}) GROUP BY shop_id""")


def sum_up() -> Iterator[Step]:
    """The steps that make `ledger` and `totals` of what was measured."""
    yield Step("""CREATE TEMP TABLE ledger AS SELECT shop_no, shop_id, rule_no, rule_id, quantity,
        least(quantity * rules.points, coalesce(cap, 9223372036854775807)) AS points
        FROM measured JOIN rules USING (rule_no) JOIN shops USING (shop_id) WHERE quantity > 0""")
    yield Step("""CREATE TEMP TABLE summed AS SELECT shop_no, shops.shop_id, coalesce(sum(points), 0)::BIGINT AS points
        FROM shops LEFT JOIN ledger USING (shop_no) GROUP BY ALL""")
    yield Step("""CREATE TEMP TABLE totals AS SELECT shop_no, shop_id, points, coalesce(level, 'none') AS level,
        coalesce(level_rank, 0) AS level_rank
        FROM summed LEFT JOIN levels ON points >= least AND (most IS NULL OR points <= most)""")


def _condition(where: EventFilter) -> str:
    parts = [
        f"{column} IN {_words(words)}" if len(words) > 1 else f"{column} = '{words[0]}'"
        for column, words in (("kind", where.kinds), ("actor_type", where.actor_types), ("rating", where.ratings))
        if words
    ]
    return " AND ".join(parts) or "true"
