"""The outcomes that a pseudonymised season keeps in place of what they came from: metric values, and shops' points."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from ceping.core.points import Entry, Total
from ceping.core.scheme.values import MetricValue, Which
from ceping.folder.columns import File
from ceping.folder.faults import Faults
from ceping.folder.intake import Intake
from ceping.folder.public import LEDGER, TOTALS, VALUES, computed
from ceping.folder.tables import read_table

# Shares are kept with all the digits they are worked with, more than people may write.
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,60})?", re.ASCII)
Given = Mapping[str, Mapping[str, Mapping[Which, MetricValue]]]


def read_given(intake: Intake) -> Given:
    """By institution and metric the stored values; what can be worked out from the other files may not be given."""
    metrics = intake.scheme.indicators.metrics
    found: dict[str, dict[str, dict[Which, MetricValue]]] = {}
    for row in intake.sheet(VALUES, needed=True):
        name, which, text = row.get("metric_id"), Which(row.get("which")), row.get("value")
        metric = metrics.get(name)
        if metric is None:
            intake.faults.error("given_unknown", row.file, row.place("metric_id"), given=name, known="、".join(metrics))
            continue
        if computed(metric, which):
            place = row.place("metric_id")
            intake.faults.error("metric_computed", row.file, place, given=name, title=metric.title)
            continue
        value: Decimal | str | None = text or None
        if metric.type == "number" and text:
            if _NUMBER.fullmatch(text) is None:
                intake.faults.error("cell_not_number", row.file, row.place("value"), given=text[:40])
                continue
            value = Decimal(text)
        if intake.known(row) is not None:
            given = MetricValue(name, which, value, row.get("source"), row.get("note"))
            found.setdefault(row.get("uscc"), {}).setdefault(name, {})[which] = given
    return found


def read_points(folder: Path, faults: Faults) -> tuple[list[Entry], list[Total]]:
    """The ledger and the totals as they came out when the events were counted."""
    ledger = read_table(folder, LEDGER, faults)
    if not ledger.present:
        faults.missing("season_file_missing", LEDGER.name)
    lines = [
        Entry(row.get("shop_id"), row.get("rule_id"), int(row.get("quantity")), int(row.get("points")))
        for row in ledger
    ]
    return lines, read_totals(folder, TOTALS, faults)


def read_totals(folder: Path, file: File, faults: Faults) -> list[Total]:
    """The totals of a window, its own or the cumulative one, as they came out when the events were counted."""
    totals = read_table(folder, file, faults)
    if not totals.present:
        faults.missing("season_file_missing", file.name)
    return [
        Total(row.get("shop_id"), int(row.get("points")), row.get("level"), int(row.get("level_rank")))
        for row in totals
    ]
