"""The points of a season's shops, counted from its events, and each entry with what its shop came to."""

import csv
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ceping.bulk.request import Burst, Encoding, Request, Unreadable
from ceping.bulk.result import ledger_in, totals_in
from ceping.bulk.scoring import score_into
from ceping.core.evaluation import Entry, ShopCounts
from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS, Total, Window, level_name
from ceping.core.points import Entry as Line
from ceping.folder.public import CUMULATIVE, LEDGER, TOTALS
from ceping.folder.season import Season
from ceping.folder.shops import counts_of
from ceping.folder.signals import BURST_LEAST
from ceping.folder.stored import read_points, read_totals


@dataclass(frozen=True, slots=True)
class Points:
    """What was counted for each shop, how many events were read and refused, and the minutes crowded with orders."""

    counts: Mapping[str, ShopCounts]
    events: int = 0
    refused: int = 0
    bursts: Sequence[Burst] = ()


def count_points(season: Season, encoding: Encoding, folder: Path) -> Points | None:
    """The result files of `points score` stand in `folder`; None when the events cannot be read, which is told.

    Of a season that keeps the points themselves, those; its ledger and totals are copied.
    """
    points = season.scheme.points
    if points is None:
        return Points({})
    if season.shops.stored:
        return _stored_points(season, folder)
    with TemporaryDirectory(prefix="ceping-shops-") as scratch:
        # Shops were checked cell by cell and may have had Chinese headers; the engine reads the plain form of them.
        shops = _table(Path(scratch) / "shops.csv", SHOP_COLUMNS, season, encoding)
        events = season.shops.events or _table(Path(scratch) / "events.csv", EVENT_COLUMNS, None, encoding)
        whole = Path(scratch) / "cumulative"
        whole.mkdir()
        request = Request(
            points=points,
            scheme=season.scheme.label,
            scheme_sha256=season.scheme.sha256,
            shops=shops,
            events=(events,),
            window=Window(season.terms.start, season.terms.end),
            encoding=encoding,
            burst_least=BURST_LEAST,
        )
        try:
            run = score_into(request, folder)
            if season.needs.level:
                score_into(replace(request, window=Window(None, season.terms.end), burst_least=0), whole)
                shutil.move(whole / Path(TOTALS.name).name, folder / Path(CUMULATIVE.name).name)
        except Unreadable as refusal:
            season.faults.add(refusal.findings)
            return None
    if run.refused:
        season.faults.warn("events_rejected", events.name, count=run.refused)
    levels = totals_in(folder, Path(CUMULATIVE.name).stem) if season.needs.level else ()
    return Points(counts_in(season, ledger_in(folder), totals_in(folder), levels), run.events, run.refused, run.bursts)


def _stored_points(season: Season, folder: Path) -> Points | None:
    lines, totals = read_points(season.folder, season.faults)
    levels = read_totals(season.folder, CUMULATIVE, season.faults) if season.needs.level else ()
    if season.faults.stops:
        return None
    for file in (LEDGER, TOTALS, *((CUMULATIVE,) if season.needs.level else ())):
        shutil.copyfile(season.folder / file.name, folder / Path(file.name).name)
    known = [total for total in totals if total.shop_id in season.shops.facts]
    return Points(counts_in(season, lines, known, levels))


def _table(path: Path, columns: tuple[str, ...], season: Season | None, encoding: Encoding) -> Path:
    with path.open("w", encoding=encoding.value, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in season.shops.facts.values() if season is not None else ():
            writer.writerow([row.get(column) for column in columns])
    return path


def counts_in(
    season: Season, ledger: Iterable[Line], totals: Iterable[Total], cumulative: Iterable[Total]
) -> dict[str, ShopCounts]:
    """By shop what the ledger and the totals say of it; its level is the cumulative one, where that is read."""
    quantities: dict[str, dict[str, int]] = {}
    for line in ledger:
        quantities.setdefault(line.shop_id, {})[line.rule_id] = line.quantity
    points = season.scheme.points
    if points is None:
        return {}
    levels = {total.shop_id: total for total in cumulative}
    return {
        total.shop_id: counts_of(
            season.shops.facts[total.shop_id],
            quantities=quantities.get(total.shop_id, {}),
            points=total.points,
            level=level.level,
            rank=level.level_rank,
            text=level_name(points, level.level, level.level_rank),
        )
        for total in totals
        for level in (levels.get(total.shop_id, total),)
    }


def entries_with_shops(season: Season, points: Points) -> list[Entry]:
    """The season's entries, each with what its shop came to and whether anything of it is missing."""
    return [_with_shop(season, entry, points) for entry in season.entries]


def _with_shop(season: Season, entry: Entry, points: Points) -> Entry:
    shop_id = season.institutions[entry.uscc].shop_id
    gaps = season.faults.has_gap(entry.uscc)
    if not shop_id:
        return replace(entry, gaps=gaps)
    counts = points.counts.get(shop_id)
    # Points without the events would be points of half the rules: better none than wrong ones.
    known = counts is not None and (season.shops.counted or not season.needs.events)
    return replace(entry, shop=counts if known else None, shop_known=known, gaps=gaps)
