"""What the papers of a season are made from: the season, the results made from it, and whether the two belong together.

Mark sheets and call sheets are printed before there are results; everything else needs the folder `evaluate` wrote.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.bulk.result import ledger_in, totals_in
from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.documents.page_content import PageValues
from ceping.documents.page_reading import page_values
from ceping.folder.explanation import Unexplained, read_results
from ceping.folder.output import RUN
from ceping.folder.record import hashes_of
from ceping.folder.season import Season, read_season

# In the order of the work; by kind the name of its papers.
KINDS = {
    "mark-sheets": "专家评分表",
    "calls": "回访记录表",
    "marks": "专家打分确认表",
    "results": "测评结果名单",
    "notice": "公示",
    "certificates": "证书",
    "feedback": "反馈报告",
    "work-report": "测评工作报告",
}
BEFORE_RESULTS = frozenset({"mark-sheets", "calls", "marks"})
# What goes out into the world must not be made from results that are not those of the season.
FINAL = frozenset({"certificates", "notice"})


@dataclass(frozen=True, slots=True)
class Result:
    """One evaluation: its values, the hash of results.json, and whether the season is still what it was made from."""

    folder: Path
    values: PageValues
    sha256: str
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """The season, and its result when one was given."""

    season: Season
    result: Result | None


def read_sources(
    folder: Path, out: Path | None, *, scheme_folder: Path | None = None, encoding: str = ""
) -> tuple[Sources | None, list[Finding]]:
    """Both read and held against each other; None with the findings that stop everything."""
    run = _run(out) if out is not None else {}
    encoding = encoding or str(run.get("encoding", "utf-8"))
    season, faults = read_season(folder, allow_missing=True, encoding=encoding, scheme_folder=scheme_folder)
    if season is None or faults.stops:
        return None, errors_in(faults.findings)
    if out is None:
        return Sources(season, None), []
    try:
        results = read_results(out)
    except Unexplained as unread:
        return None, [unread.finding]
    wrong = list(_strangers(season, results, out))
    if wrong:
        return None, wrong
    try:
        result = _result(season, results, run, out)
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        return None, [fault("results_unreadable", path=out, reason=f"内容不全：{error}"[:120])]
    return Sources(season, result), []


def changed_faults(sources: Sources, kinds: Sequence[str]) -> Iterator[Finding]:
    """That the season was changed after the result: an error where a paper goes out, else something to look at."""
    result = sources.result
    if result is not None and not result.unchanged and not set(kinds) <= BEFORE_RESULTS:
        level = Level.ERROR if FINAL & set(kinds) else Level.WARNING
        yield fault("papers_season_changed", level=level, path=result.folder)


def _strangers(season: Season, results: Mapping[str, Any], out: Path) -> Iterator[Finding]:
    told = results.get("scheme")
    told = told if isinstance(told, dict) else {}
    label = f"{told.get('id')}@{told.get('version')}"
    if label != season.scheme.label or told.get("sha256") != season.scheme.sha256:
        given = f"{label} {str(told.get('sha256'))[:12]}"
        wanted = f"{season.scheme.label} {season.scheme.sha256[:12]}"
        yield fault("papers_other_scheme", path=out, given=given, wanted=wanted)
        return
    found = {str(one.get("uscc")) for one in results["institutions"] if isinstance(one, dict)}
    if found != set(season.institutions):
        apart = sorted(found ^ set(season.institutions))
        yield fault("papers_other_season", path=out, count=len(apart), first="、".join(apart[:3]))


def _result(season: Season, results: Mapping[str, Any], run: Mapping[str, Any], out: Path) -> Result:
    points = out / "points"
    counted = (points / "totals.csv").is_file()
    values = page_values(
        results,
        _json(out / "verification.json"),
        season.scheme,
        robustness=_json(out / "robustness.json"),
        shops={uscc: one.shop_id for uscc, one in season.institutions.items() if one.shop_id},
        totals=totals_in(points) if counted else (),
        ledger=ledger_in(points) if counted else (),
        title=season.terms.title,
        period=(season.terms.start.isoformat(), season.terms.end.isoformat()),
        incomplete=bool(season.faults.gaps),
    )
    unchanged = run.get("inputs") == hashes_of(season.folder, season.inputs)
    sha256 = hashlib.sha256((out / "results.json").read_bytes()).hexdigest()
    return Result(out, values, sha256, unchanged)


def _json(path: Path) -> Mapping[str, Any]:
    found = json.loads(path.read_bytes())
    if not isinstance(found, dict):
        raise TypeError(path.name)
    return found


def _run(out: Path) -> Mapping[str, Any]:
    """run.json, empty when it cannot be read: the results are then taken for changed."""
    try:
        return _json(out / RUN)
    except (OSError, ValueError, TypeError, RecursionError):
        return {}
