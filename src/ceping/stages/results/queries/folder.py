"""A season's rows as the season folder: the same files `ceping evaluate` reads, from which everybody computes alike.

Attachments are links to the store, so a folder of hundreds of reports costs no second copy.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from ceping.folder.columns import DECISIONS_FILE, FILES, INSTITUTIONS, SHOPS, File
from ceping.folder.draw_record import csv_text
from ceping.folder.terms import NAME
from ceping.ground.files.store import place_of
from ceping.stages.assessment.queries.folder import tables_of as assessed
from ceping.stages.points.queries.period import Acts, write_acts
from ceping.stages.recommendation.models import Putting
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.results.models import Ruling, Supplied
from ceping.stages.results.queries.shops import Rows, known_here, shops_of
from ceping.stages.results.queries.supplied import in_force
from ceping.stages.results.states import SuppliedKind
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.verification.queries.folder import authorisation_of, draw_terms_of
from ceping.stages.verification.queries.folder import tables_of as verified

SCHEME = "scheme"
_BY_NAME = {one.name: one for one in FILES}


def entries_evaluated(season: Season) -> list[Entry]:
    """Who was put forward, by credit code."""
    found = Entry.objects.filter(season=season, state=EntryState.PUT_FORWARD)
    return list(found.select_related("institution__area").order_by("institution__uscc"))


@dataclass(frozen=True, slots=True)
class Laid:
    """Everything a computation reads of a season, read once: terms, tables, reports, supplied files."""

    scheme_sha256: str
    terms: str
    tables: Mapping[str, Rows]
    submissions: Sequence[Submission]
    supplied: Mapping[str, Supplied]
    acts: Acts | None = None

    @property
    def sha256(self) -> str:
        """One hash over all of it."""
        told = {
            "scheme": self.scheme_sha256,
            "terms": self.terms,
            "tables": self.tables,
            "reports": {one.entry.institution.uscc: one.report_sha256 for one in self.submissions},
            "supplied": {kind: one.file.blob.sha256 for kind, one in self.supplied.items()},
            "acts": asdict(self.acts) if self.acts is not None else None,
        }
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def lay_out(season: Season, *, reports: bool = True) -> Laid:
    """The season as it stands; without `reports` their texts stay where they are, which the hash does not need."""
    found = _submissions(season, whole=reports)
    supplied, entries = in_force(season), entries_evaluated(season)
    shops = shops_of((one.institution for one in entries), supplied)
    known = known_here(season, shops.values(), supplied)
    tables = _tables(season, entries, shops)
    if known.rows is not None:
        tables[SHOPS.name] = known.rows
    return Laid(season.scheme.sha256, _terms(season), tables, found, supplied, known.acts)


def inputs_sha256(season: Season) -> str:
    """One hash over everything a computation reads: terms, tables, reports, supplied files."""
    return lay_out(season, reports=False).sha256


def write_season(season: Season, into: Path, *, laid: Laid | None = None) -> Path:
    """The season stands in `into`/season, its scheme in `into`/scheme; answers the former's path."""
    laid = laid or lay_out(season)
    folder, scheme = into / "season", into / SCHEME
    folder.mkdir(parents=True)
    scheme.mkdir()
    for name, text in season.scheme.files.values_list("name", "text"):
        (scheme / Path(name).name).write_text(text, encoding="utf-8", newline="")
    (folder / NAME).write_text(laid.terms, encoding="utf-8", newline="\n")
    for name, rows in laid.tables.items():
        _write(folder, _BY_NAME[name], rows)
    for kind, one in laid.supplied.items():
        if kind != SuppliedKind.LINKS:
            _link(place_of(one.file.blob.sha256), folder / f"{kind}.{one.form}")
    if laid.acts is not None:
        write_acts(laid.acts, folder / "events.csv")
    for submission in laid.submissions:
        _write_report(submission, folder / "institutions" / submission.entry.institution.uscc)
    return folder


def _terms(season: Season) -> str:
    rules = rules_of(season)
    # The trial weights of the rank interval are nobody's gain: without a seed of its own a season takes its scheme's.
    seeds = {"robustness": f"robustness-{rules.sha256[:16]}"} | {k: v for k, v in season.seeds.items() if v}
    lines = [
        "format = 1",
        f"scheme = {_quoted(rules.label)}",
        f"scheme_sha256 = {_quoted(rules.sha256)}",
        f"title = {_quoted(season.title)}",
        f"from = {season.from_on.isoformat()}",
        f"to = {season.to_on.isoformat()}",
        "",
        "[seeds]",
        *(f"{name} = {_quoted(seeds[name])}" for name in sorted(seeds)),
        "",
        "[parameters]",
        f"status = {_quoted(season.parameters)}",
    ]
    for head, told in (
        ("weights", season.weights),
        ("draw", draw_terms_of(season)),
        ("authorisation", authorisation_of(season)),
    ):
        if told:
            lines += ["", f"[{head}]", *(f"{key} = {_value(value)}" for key, value in told.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return _quoted(value)
        case _:
            return str(value)


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _tables(season: Season, entries: Sequence[Entry], shops: Mapping[str, str]) -> dict[str, Rows]:
    tables = {INSTITUTIONS.name: _institutions(season, entries, shops), DECISIONS_FILE.name: _decisions(season)}
    # A table without a row is written all the same: that nothing was settled is known here, not missing.
    return {**tables, **assessed(season), **verified(season)}


def _institutions(season: Season, entries: Sequence[Entry], shops: Mapping[str, str]) -> Rows:
    puttings = {one.entry_id: one for one in Putting.objects.filter(entry__season=season, forward=True, undone_at=None)}
    rows = []
    for entry in entries:
        institution, putting = entry.institution, puttings.get(entry.pk)
        rows.append(
            {
                "uscc": institution.uscc,
                "name": institution.name,
                "category": entry.category,
                "recommender": institution.area.name if institution.area is not None else "",
                "rank": str(putting.rank) if putting is not None else "",
                "shop_id": shops.get(institution.uscc, ""),
                "office_phone": institution.office_phone,
                "fax": institution.fax,
            }
        )
    return rows


def _decisions(season: Season) -> Rows:
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    decided = Ruling.objects.filter(entry__season=season, accepted=True).select_related("entry__institution")
    for one in decided.order_by("decided_at", "pk"):
        key = (one.entry.institution.uscc, one.kind, one.rule)
        on = timezone.localtime(one.decided_at).date().isoformat() if one.decided_at is not None else ""
        found[key] = {
            "uscc": key[0],
            "kind": one.kind,
            "rule_id": one.rule,
            "effect": one.effect,
            "reason": one.decision_reason or one.reason,
            "by_role": "organiser",
            "on": on,
        }
    return [found[key] for key in sorted(found)]


def _submissions(season: Season, *, whole: bool) -> list[Submission]:
    """The submission in force of everybody put forward."""
    found = Submission.objects.filter(
        entry__season=season, entry__state=EntryState.PUT_FORWARD, withdrawn_at=None
    ).select_related("entry__institution")
    if not whole:
        found = found.defer("report")
    last = {one.entry_id: one for one in found.order_by("number")}
    return sorted(last.values(), key=lambda one: one.entry.institution.uscc)


def _write_report(submission: Submission, place: Path) -> None:
    (place / "attachments").mkdir(parents=True)
    report: Mapping[str, Any] = submission.report
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (place / "report.json").write_text(text, encoding="utf-8", newline="\n")
    for one in report.get("attachments", ()):
        target = place / "attachments" / Path(one["file"]).name
        source = place_of(one["sha256"])
        if source.is_file() and not target.exists():
            _link(source, target)


def _link(source: Path, target: Path) -> None:
    """The same bytes under another name; copied where the disk is another."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(folder: Path, file: File, rows: Rows) -> None:
    names = [column.name for column in file.columns]
    names += sorted({key for row in rows for key in row} - set(names))
    (folder / file.name).write_text(
        csv_text(names, [[row.get(name, "") for name in names] for row in rows]), encoding="utf-8", newline=""
    )
