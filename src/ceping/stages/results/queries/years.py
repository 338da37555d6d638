"""This season's result beside the last one's: institution by institution, by category and district."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.scheme.loading import Scheme
from ceping.folder.columns import HISTORY
from ceping.folder.faults import Faults
from ceping.folder.tables import read_table
from ceping.folder.workbook import category_titles
from ceping.folder.year_on_year import Year, YearOnYear, beside
from ceping.ground.files.store import place_of
from ceping.stages.results.models import Computation
from ceping.stages.results.queries.supplied import in_force, supplied_as
from ceping.stages.results.queries.versions import frozen_of
from ceping.stages.results.states import ComputationState, SuppliedKind
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class Beside:
    """The computation of the earlier season, and the two side by side."""

    former: Computation
    compared: YearOnYear


def earlier_of(season: Season) -> Computation | None:
    """The frozen result that stands of the last season before this one; seasons that overlap do not count."""
    before = Season.objects.filter(
        to_on__lt=season.from_on, computations__state=ComputationState.FROZEN
    ).select_related("scheme")
    found = before.order_by("-to_on", "-pk").first()
    return None if found is None else frozen_of(found)


def year_on_year(computation: Computation) -> Beside | None:
    """The result beside that of the season before on this platform; None when none was frozen here."""
    former = earlier_of(computation.season)
    if former is None:
        return None
    former.season = Season.objects.select_related("scheme").get(pk=former.season_id)
    one, two = rules_of(former.season), rules_of(computation.season)
    compared = beside((_years(former, one), _years(computation, two)), schemes=(_named(one), _named(two)))
    return Beside(former, compared)


def history_of(season: Season) -> Mapping[str, list[tuple[str, str]]]:
    """By credit code earlier seasons and grades, the latest first, from the table that was supplied; else empty."""
    supplied = in_force(season).get(SuppliedKind.HISTORY)
    if supplied is None:
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    with supplied_as(place_of(supplied.file.blob.sha256), HISTORY) as folder:
        for row in read_table(folder, HISTORY, Faults()):
            found.setdefault(row.get("uscc"), []).append((row.get("season"), row.get("grade")))
    return {uscc: sorted(grades, reverse=True) for uscc, grades in found.items()}


def _years(computation: Computation, scheme: Scheme) -> dict[str, Year]:
    titles = category_titles(scheme)
    return {
        one.uscc: Year(
            name=one.name,
            category=titles.get(one.category, one.category),
            district=one.recommender,
            total=Decimal(one.total) if one.total else None,
            grade=one.grade,
            rank=one.rank,
            rank_in_category=one.rank_in_category,
            level=str(one.told["level"]),
        )
        for one in computation.standings.defer("chart", "detail")
    }


def _named(scheme: Scheme) -> dict[str, str]:
    return {"id": scheme.id, "version": str(scheme.version), "sha256": scheme.sha256}
