"""Shops of a season: which institution has which, their facts, and the points that the events of the period make."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ceping.core.evaluation import ShopCounts
from ceping.core.points import SHOP_COLUMNS, Place, ShopRow, shop_of
from ceping.folder.columns import SHOPS
from ceping.folder.intake import Intake
from ceping.folder.tables import Row

FORMS = ("parquet", "csv", "jsonl")
_FACTS = ("certificate_count", "product_count", "activity_count")
LEVEL_STEPS = {"none": 0, "star": 0, "diamond": 5, "crown": 10}


@dataclass(frozen=True, slots=True)
class Shops:
    """The facts of each shop, and the event log; `events` None means there is none to read.

    `stored` says that the points the events made are kept in the season in their place.
    """

    facts: Mapping[str, Row]
    events: Path | None
    stored: bool = False

    @property
    def counted(self) -> bool:
        """Whether it is known what the events made."""
        return self.stored or self.events is not None


def read_shops(intake: Intake) -> Shops:
    """The shops the institutions name, all known and with the facts that rules read."""
    needed = intake.needs.shop and any(one.shop_id for one in intake.institutions.values())
    sheet = intake.sheet(SHOPS, needed=needed)
    stored = intake.terms.pseudonymised
    facts = {row.get("shop_id"): row for row in sheet if stored or _accepted(intake, row)}
    for institution in intake.institutions.values() if sheet.present else ():
        if not institution.shop_id:
            continue
        row = facts.get(institution.shop_id)
        if row is None and institution.shop_id in {row.get("shop_id") for row in sheet}:
            continue
        if row is None:
            if sheet.may_hold(institution.shop_id):
                continue
            place = institution.row.place("shop_id")
            intake.faults.error("shop_unknown", institution.row.file, place, shop=institution.shop_id)
            continue
        for fact in sorted(intake.needs.facts & set(_FACTS)):
            if not row.get(fact):
                values = {"shop": institution.shop_id, "fact": fact}
                intake.faults.missing("shop_fact_missing", row.file, row.place(fact), of=institution.uscc, **values)
    if stored:
        return Shops(facts, None, stored=True)
    events = _events(intake)
    if needed and intake.needs.events and events is None:
        intake.faults.missing("season_file_missing", "events.csv")
    return Shops(facts, events)


def _accepted(intake: Intake, row: Row) -> bool:
    """Whether the points rules take the shop; one they refuse is told."""
    answer = shop_of(ShopRow(Place(row.file, row.number), *(row.get(column) for column in SHOP_COLUMNS)))
    if isinstance(answer, str):
        intake.faults.error(answer, row.file, row.place())
    return not isinstance(answer, str)


def _events(intake: Intake) -> Path | None:
    found = [path for form in FORMS if (path := intake.folder / f"events.{form}").is_file()]
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        intake.faults.error("events_several", found[0].name, found=names)
    return found[0] if found else None


def facts_of(row: Row) -> dict[str, int]:
    """The shop's facts as counts; what is empty is left out."""
    facts = {name: int(row.get(name)) for name in _FACTS if row.get(name)}
    return facts | {"decorated": 1 if row.get("decorated") == "true" else 0}


def counts_of(row: Row, *, quantities: Mapping[str, int], points: int, level: str, rank: int, text: str) -> ShopCounts:
    """What the platform counted for one shop; the level's step runs from 0, none, to 15, five crowns."""
    return ShopCounts(quantities, facts_of(row), points, LEVEL_STEPS[level] + rank, text)
