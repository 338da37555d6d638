"""What is written about a season's outcome as JSON: results, the verification of each institution, the run itself."""

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from ceping import __version__
from ceping.core.evaluation import Outcome, Result
from ceping.core.evaluation.trace import result_json
from ceping.core.exact import rounded, text_of
from ceping.core.finding import Finding
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import ClientDraw, Rate
from ceping.folder.terms import Terms

# The bar people ask about: with few answers even a full score does not show it.
_BAR = Decimal("0.9")
_RATE_PLACES = 4
_CHUNK = 1 << 20


def results_text(scheme: Scheme, terms: Terms, outcome: Outcome) -> str:
    """results.json: one institution a line, so that two runs can be compared line by line."""
    head = _compact({"format": 1, "scheme": _scheme(scheme), "parameters": terms.parameters.status})
    lines = [_compact(result_json(scheme, result)) for result in outcome.results]
    return head[:-1] + ',"institutions":[\n' + ",\n".join(lines) + "\n]}\n"


def _scheme(scheme: Scheme) -> dict[str, object]:
    return {"id": scheme.id, "version": scheme.version, "sha256": scheme.sha256}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def verification_text(scheme: Scheme, terms: Terms, outcome: Outcome) -> str:
    """verification.json: for each institution its draw, verdicts and rates; again one institution a line."""
    told = {"format": 1, "scheme": _scheme(scheme), "seed": terms.seeds.clients, "eligibility": _eligibility(terms)}
    head = _compact(told)
    table = scheme.verification
    lines = [_compact(_verification(table, terms, result)) for result in outcome.results] if table is not None else []
    return head[:-1] + ',"institutions":[\n' + ",\n".join(lines) + "\n]}\n"


def _verification(table: VerificationFile, terms: Terms, result: Result) -> dict[str, object]:
    calls, draw = result.calls, result.draw
    shown: dict[str, object] = {
        "uscc": result.entry.uscc,
        "name": result.entry.name,
        "frame": len(result.entry.client_keys),
        "draw": {"sample": draw.sample, "reserve": draw.reserves},
    }
    if draw.strata:
        shown["strata"] = _strata(draw)
    if calls is None:
        return shown | {"verdicts": [], "counts": {}, "rates": {}, "note": "没有呼叫记录"}
    shown["verdicts"] = [
        {
            "client_key": verdict.client_key,
            "position": verdict.position,
            "verdict": verdict.verdict,
            "disposition": verdict.disposition,
            "attempts": verdict.attempts,
            "satisfied": verdict.satisfied,
        }
        for verdict in calls.verdicts
    ]
    shown["counts"] = dict(sorted(calls.counts.items()))
    rates = {name: getattr(calls, name) for name in ("verification", "satisfaction", "contact", "response")}
    shown["rates"] = {name: _rate(rate) for name, rate in rates.items()}
    estimated = calls.response_estimated
    shown["response_estimated"] = None if estimated is None else text_of(rounded(estimated, _RATE_PLACES))
    shown["eligibility"] = None if calls.eligibility is None else text_of(rounded(calls.eligibility, _RATE_PLACES))
    shown["note"] = sample_note(calls.verification, terms.draw.wanted(table, draw))
    return shown


def _eligibility(terms: Terms) -> dict[str, str]:
    """Where the share comes from that RR3 takes of the unreached: declared by the season, or from each one's calls."""
    declared = terms.eligibility
    if declared is None:
        return {"origin": "estimated", "source": "各机构已查明能否作答者中能作答的比例"}
    return {"origin": "declared", "share": text_of(declared.share), "source": declared.source}


def _strata(draw: ClientDraw) -> list[dict[str, object]]:
    """Of each stratum how many are on the list and in the sample; the sample is in proportion, so rates are plain."""
    listed, drawn = Counter(draw.strata.values()), Counter(draw.strata[key] for key in draw.sample)
    return [{"stratum": name, "frame": listed[name], "sample": drawn[name]} for name in sorted(listed)]


def _rate(rate: Rate) -> dict[str, object]:
    return {
        "part": rate.part,
        "whole": rate.whole,
        "value": None if rate.value is None else text_of(rounded(rate.value, _RATE_PLACES)),
        "low": None if rate.low is None else text_of(rate.low),
        "high": None if rate.high is None else text_of(rate.high),
    }


def sample_note(rate: Rate, size: int) -> str:
    """What a reader should know of a rate from few answers; empty when there is nothing to say."""
    if rate.value is None or rate.low is None:
        return "没有可计入的核验结果"
    notes = []
    if rate.whole < size:
        notes.append(f"可计入的只有 {rate.whole} 家，少于样本量 {size} 家")
    if rate.value >= _BAR > rate.low:
        notes.append(
            f"点估计达到 90%，但区间下限为 {text_of(rate.low)}，样本小，不足以说明达到 90%（35 家全部核实才可以）"
        )
    return "；".join(notes)


def run_text(
    scheme: Scheme,
    terms: Terms,
    *,
    inputs: Mapping[str, str],
    findings: Sequence[Finding],
    facts: Mapping[str, object],
) -> str:
    """run.json: with what and from what the results were made; it differs between two runs, the results do not."""
    run: dict[str, object] = {
        "command": "evaluate",
        "format": 1,
        "ceping": __version__,
        "python": platform.python_version(),
        "season": terms.title,
        "scheme": scheme.label,
        "scheme_sha256": scheme.sha256,
        **facts,
        "findings": [finding.as_json() for finding in findings],
        "inputs": dict(sorted(inputs.items())),
    }
    return json.dumps(run, ensure_ascii=False, indent=1) + "\n"


def hashes_of(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file by its name within the folder."""
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
