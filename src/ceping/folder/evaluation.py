"""A season folder to its results: read and checked whole, points counted, walked to the outcome, written at once."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ceping.bulk.request import Encoding
from ceping.bulk.result import ledger_in, totals_in
from ceping.core.evaluation import Outcome, evaluate
from ceping.core.finding import Finding, errors_in, fault
from ceping.documents.excel import write_workbook
from ceping.documents.page_content import PageValues
from ceping.folder.counting import Points, count_points, entries_with_shops
from ceping.folder.manifest import RESULTS, SCHEME, encoding_of, is_package, package_faults
from ceping.folder.output import RUN, check_output, replacing
from ceping.folder.record import hashes_of, results_text, run_text, verification_text
from ceping.folder.robustness import robustness_text
from ceping.folder.season import Season, read_season
from ceping.folder.workbook import notice_of, workbook_of

COMMAND = "evaluate"
REPORT = "report.html"
Told = Mapping[str, Any]
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation came to: the season and its outcome, or None with the findings that stopped it.

    `signals` counts what advice.json asks a person to look at; `page` is what report.html shows.
    """

    season: Season | None
    outcome: Outcome | None
    findings: list[Finding]
    encoding: Encoding = Encoding.UTF8
    signals: int = 0
    page: PageValues | None = None

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
    """The results stand in `out`, or nothing was written and the findings say why; raises output.Refused.

    A package is held against its manifest first, brings its own scheme, and must give the results it holds.
    """
    started = time.monotonic()
    check_output(out, command=COMMAND, season=folder)
    step("读取并检查")
    if is_package(folder):
        wrong = package_faults(folder)
        if wrong:
            return Evaluated(None, None, wrong)
        encoding, scheme_folder = Encoding(encoding_of(folder)), folder / SCHEME
    season, faults = read_season(
        folder, allow_missing=allow_missing, encoding=encoding.value, scheme_folder=scheme_folder
    )
    if season is None or faults.stops:
        return Evaluated(season, None, faults.findings)
    with replacing(out, command=COMMAND) as draft:
        step("计算店铺积分")
        (draft / "points").mkdir()
        points = count_points(season, encoding, draft / "points")
        if points is None:
            return Evaluated(season, None, faults.findings)
        step("计算得分和名次")
        outcome = evaluate(season.scheme, entries_with_shops(season, points), season.settings)
        findings = [*faults.findings, *(_placed(finding) for finding in outcome.findings)]
        if errors_in(outcome.findings):
            return Evaluated(season, None, findings)
        results = results_text(season.scheme, season.terms, outcome)
        if is_package(folder) and (folder / RESULTS).read_bytes() != results.encode():
            return Evaluated(season, None, [*findings, fault("package_results_differ", file=RESULTS)])
        step("写出结果")
        page = _write(season, outcome, results, findings, draft)
        signals = _write_advice(season, outcome, points, draft)
        facts = {
            "allow_missing": allow_missing,
            "encoding": encoding.value,
            "institutions": len(outcome.results),
            "events": points.events,
            "events_rejected": points.refused,
            "seconds": f"{time.monotonic() - started:.3f}",
            "recommenders": {uscc: one.recommender for uscc, one in sorted(season.institutions.items())},
            "rows": season.rows,
        }
        inputs = hashes_of(folder, season.inputs)
        run = run_text(season.scheme, season.terms, inputs=inputs, findings=findings, facts=facts)
        (draft / RUN).write_text(run, encoding="utf-8")
    return Evaluated(season, outcome, findings, encoding, signals, page)


def _placed(finding: Finding) -> Finding:
    # The rules know a ruling only by its source; a reader looks for file and row.
    file, _, row = finding.place.partition(":")
    return replace(finding, file=file, place=f"第 {row} 行") if row.isdigit() and not finding.file else finding


def _write(season: Season, outcome: Outcome, results: str, findings: list[Finding], draft: Path) -> PageValues:
    scheme, terms = season.scheme, season.terms
    (draft / RESULTS).write_text(results, encoding="utf-8", newline="\n")
    verification = verification_text(scheme, terms, outcome)
    (draft / "verification.json").write_text(verification, encoding="utf-8", newline="\n")
    incomplete = bool(season.faults.gaps)
    sheets = workbook_of(scheme, terms, outcome, findings=findings, incomplete=incomplete)
    write_workbook(draft / "results.xlsx", sheets, title=terms.title)
    robustness = robustness_text(scheme, season.settings, outcome)
    (draft / "robustness.json").write_text(robustness, encoding="utf-8", newline="\n")
    page = _page(season, json.loads(results), json.loads(verification), json.loads(robustness), draft / "points")
    from ceping.documents.page import report_page  # noqa: PLC0415 -- only a finished run writes a page

    (draft / REPORT).write_text(report_page(page), encoding="utf-8", newline="\n")
    return page


def _page(season: Season, results: Told, verification: Told, robustness: Told, points: Path) -> PageValues:
    from ceping.documents.page_reading import page_values  # noqa: PLC0415 -- only a finished run has a page

    counted = (points / "totals.csv").is_file()
    return page_values(
        results,
        verification,
        season.scheme,
        robustness=robustness,
        shops={uscc: one.shop_id for uscc, one in season.institutions.items() if one.shop_id},
        totals=totals_in(points) if counted else (),
        ledger=ledger_in(points) if counted else (),
        title=season.terms.title,
        period=(season.terms.start.isoformat(), season.terms.end.isoformat()),
        incomplete=bool(season.faults.gaps),
    )


def _write_advice(season: Season, outcome: Outcome, points: Points, draft: Path) -> int:
    from ceping.folder.advising import advice_text  # noqa: PLC0415 -- its statistics take half a second to load

    text, signals = advice_text(season, outcome, points)
    (draft / "advice.json").write_text(text, encoding="utf-8", newline="\n")
    return signals
