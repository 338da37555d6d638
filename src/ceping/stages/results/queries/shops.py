"""The shops of a season's institutions: whose they are, and what the platform's own points say of them.

A table from outside counts in the place of what the platform knows; without one the platform's shops and log do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ceping.core.evaluation import ShopCounts
from ceping.core.points import Window, level_name, total_of
from ceping.folder.faults import Faults
from ceping.folder.shops import LEVEL_STEPS
from ceping.ground.files.store import place_of
from ceping.ground.people.models import Institution
from ceping.stages.points.queries import Rules, shop_of_id
from ceping.stages.points.queries.period import Acts, acts_of, facts_rows
from ceping.stages.points.queries.standing import entries_in
from ceping.stages.report.models import Entry
from ceping.stages.results.models import Supplied
from ceping.stages.results.queries.supplied import in_force, read_links
from ceping.stages.results.states import SuppliedKind
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.shop.queries.facts import activities_on, shop_codes_of

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform itself adds to a season: rows of `shops.csv`, and acts; None where a table says it instead."""

    rows: Rows | None = None
    acts: Acts | None = None


def shops_of(institutions: Iterable[Institution], supplied: Mapping[str, Supplied]) -> dict[str, str]:
    """The shop of each institution by credit code: as the supplied list says, else the one it runs here."""
    by_key = {one.pk: one.uscc for one in institutions}
    found = {by_key[key]: code for key, code in shop_codes_of(by_key).items()}
    if (links := supplied.get(SuppliedKind.LINKS)) is not None:
        table = read_links(place_of(links.file.blob.sha256), Faults())
        found |= {row["uscc"]: row["shop_id"] for row in table}
    return found


def known_here(season: Season, shops: Iterable[str], supplied: Mapping[str, Supplied]) -> Known:
    """What the platform knows of these shops on the season's last day; nothing where it knows none of them."""
    if rules_of(season).points is None:
        return Known()
    named = {shop for shop in shops if shop}
    rows = facts_rows(named, season.to_on)
    if not rows:
        return Known()
    activities = activities_on(named, season.to_on)
    for row in rows:
        row["activity_count"] = str(activities[row["shop_id"]]) if row["shop_id"] in activities else ""
    return Known(
        None if SuppliedKind.SHOPS in supplied else rows,
        None if SuppliedKind.EVENTS in supplied else acts_of((row["shop_id"] for row in rows), season.to_on),
    )


def shop_counts_of(entry: Entry) -> ShopCounts | None:
    """What the platform counts for the entry's shop in the season, as the evaluation would; the level is cumulative.

    None without a shop, and where tables from outside are what counts.
    """
    season, rules = entry.season, rules_of(entry.season)
    supplied = in_force(season)
    if rules.points is None or {SuppliedKind.SHOPS, SuppliedKind.EVENTS} & supplied.keys():
        return None
    code = shops_of([entry.institution], supplied).get(entry.institution.uscc, "")
    standing = shop_of_id(code) if code else None
    rows = facts_rows([code], season.to_on)
    if standing is None or not rows:
        return None
    points = Rules(rules.label, rules.sha256, rules.points)
    inside = entries_in(points, standing, Window(season.from_on, season.to_on))
    level = total_of(rules.points, code, entries_in(points, standing, Window(None, season.to_on)))
    row = rows[0]
    facts = {name: int(row[name]) for name in ("certificate_count", "product_count")}
    facts["decorated"] = int(row["decorated"] == "true")
    activities = activities_on([code], season.to_on)
    return ShopCounts(
        {one.rule_id: one.quantity for one in inside},
        facts | ({"activity_count": activities[code]} if code in activities else {}),
        total_of(rules.points, code, inside).points,
        LEVEL_STEPS[level.level] + level.level_rank,
        level_name(rules.points, level.level, level.level_rank),
    )
