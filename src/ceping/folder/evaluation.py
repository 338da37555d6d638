"""A season folder to its results: read and checked whole, points counted, walked to the outcome, written at once."""

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ceping.bulk.request import Encoding, Request, Run, Unreadable
from ceping.bulk.result import ledger_in, totals_in
from ceping.bulk.scoring import score_into
from ceping.core.evaluation import Entry, Outcome, ShopCounts, evaluate
from ceping.core.finding import Finding, errors_in
from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS, Window, level_name
from ceping.documents.excel import write_workbook
from ceping.folder.output import RUN, check_output, replacing
from ceping.folder.record import hashes_of, results_text, run_text, verification_text
from ceping.folder.season import Season, read_season
from ceping.folder.shops import counts_of
from ceping.folder.workbook import notice_of, workbook_of

COMMAND = "evaluate"
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation came to: the season and its outcome, or None with the findings that stopped it."""

    season: Season | None
    outcome: Outcome | None
    findings: list[Finding]

    @property
    def done(self) -> bool:
        """Whether results were written."""
        return self.outcome is not None

    @property
    def notice(self) -> str:
        """What must stand wherever the results are shown."""
        if self.season is None or self.outcome is None:
            return ""
        incomplete = bool(self.season.faults.gaps)
        return notice_of(self.season.scheme, self.season.terms, incomplete=incomplete)


def evaluate_folder(
    folder: Path,
    out: Path,
    *,
    allow_missing: bool = False,
    encoding: Encoding = Encoding.UTF8,
    scheme_folder: Path | None = None,
    step: Step = lambda _name: None,
) -> Evaluated:
    """The results stand in `out`, or nothing was written and the findings say why; raises output.Refused for `out`."""
    started = time.monotonic()
    check_output(out, command=COMMAND, season=folder)
    step("读取并检查")
    season, faults = read_season(
        folder, allow_missing=allow_missing, encoding=encoding.value, scheme_folder=scheme_folder
    )
    if season is None or faults.stops:
        return Evaluated(season, None, faults.findings)
    with replacing(out, command=COMMAND) as draft:
        step("计算店铺积分")
        points = _count_points(season, encoding, draft)
        if points is None:
            return Evaluated(season, None, faults.findings)
        step("计算得分和名次")
        entries = [_with_shop(season, entry, points) for entry in season.entries]
        outcome = evaluate(season.scheme, entries, season.settings)
        findings = [*faults.findings, *(_placed(finding) for finding in outcome.findings)]
        if errors_in(outcome.findings):
            return Evaluated(season, None, findings)
        step("写出结果")
        _write(season, outcome, findings, draft)
        facts = {
            "allow_missing": allow_missing,
            "encoding": encoding.value,
            "institutions": len(outcome.results),
            "events": points.run.events,
            "events_rejected": points.run.refused,
            "seconds": f"{time.monotonic() - started:.3f}",
            "rows": season.rows,
        }
        inputs = hashes_of(folder, season.inputs)
        run = run_text(season.scheme, season.terms, inputs=inputs, findings=findings, facts=facts)
        (draft / RUN).write_text(run, encoding="utf-8")
    return Evaluated(season, outcome, findings)


def _placed(finding: Finding) -> Finding:
    # The rules know a ruling only by its source; a reader looks for file and row.
    file, _, row = finding.place.partition(":")
    return replace(finding, file=file, place=f"第 {row} 行") if row.isdigit() and not finding.file else finding


def _write(season: Season, outcome: Outcome, findings: list[Finding], draft: Path) -> None:
    scheme, terms = season.scheme, season.terms
    (draft / "results.json").write_text(results_text(scheme, terms, outcome), encoding="utf-8")
    (draft / "verification.json").write_text(verification_text(scheme, terms, outcome), encoding="utf-8")
    incomplete = bool(season.faults.gaps)
    sheets = workbook_of(scheme, terms, outcome, findings=findings, incomplete=incomplete)
    write_workbook(draft / "results.xlsx", sheets, title=terms.title)


@dataclass(frozen=True, slots=True)
class _Points:
    """The points of the season's shops: the run, and what was counted for each; no counts when events are missing."""

    run: Run
    counts: dict[str, ShopCounts]


def _count_points(season: Season, encoding: Encoding, draft: Path) -> _Points | None:
    """`points/` stands in the draft; None when the events cannot be read, which is told."""
    folder = draft / "points"
    folder.mkdir()
    with TemporaryDirectory(prefix="ceping-shops-") as scratch:
        # Shops were checked cell by cell and may have had Chinese headers; the engine reads the plain form of them.
        shops = _table(Path(scratch) / "shops.csv", SHOP_COLUMNS, season, encoding)
        events = season.shops.events or _table(Path(scratch) / "events.csv", EVENT_COLUMNS, None, encoding)
        request = Request(
            points=season.scheme.points,
            scheme=season.scheme.label,
            scheme_sha256=season.scheme.sha256,
            shops=shops,
            events=(events,),
            window=Window(season.terms.start, season.terms.end),
            encoding=encoding,
        )
        try:
            run = score_into(request, folder)
        except Unreadable as refusal:
            season.faults.add(refusal.findings)
            return None
    return _Points(run, _counts(season, folder))


def _table(path: Path, columns: tuple[str, ...], season: Season | None, encoding: Encoding) -> Path:
    with path.open("w", encoding=encoding.value, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in season.shops.facts.values() if season is not None else ():
            writer.writerow([row.get(column) for column in columns])
    return path


def _counts(season: Season, folder: Path) -> dict[str, ShopCounts]:
    quantities: dict[str, dict[str, int]] = {}
    for line in ledger_in(folder):
        quantities.setdefault(line.shop_id, {})[line.rule_id] = line.quantity
    points = season.scheme.points
    return {
        total.shop_id: counts_of(
            season.shops.facts[total.shop_id],
            quantities=quantities.get(total.shop_id, {}),
            points=total.points,
            level=total.level,
            rank=total.level_rank,
            text=level_name(points, total.level, total.level_rank),
        )
        for total in totals_in(folder)
    }


def _with_shop(season: Season, entry: Entry, points: _Points) -> Entry:
    shop_id = season.institutions[entry.uscc].shop_id
    gaps = season.faults.has_gap(entry.uscc)
    if not shop_id:
        return replace(entry, gaps=gaps)
    counts = points.counts.get(shop_id)
    # Points without the events would be points of half the rules: better none than wrong ones.
    known = counts is not None and (season.shops.events is not None or not season.needs.events)
    return replace(entry, shop=counts if known else None, shop_known=known, gaps=gaps)
