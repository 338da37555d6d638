"""Attachments converted as the form asks: scans as JPG, official names, the report's list brought up to date.

An institution is converted whole or not at all. Its originals stay where they are, untouched; the table that is written
beside tells of every file what became of it.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.scheme.layout import ChecklistItem
from ceping.core.scheme.loading import Scheme
from ceping.documents.evidence import converted, facts_of
from ceping.documents.kinds import SUFFIXES, suffix_of
from ceping.documents.pictures import DPI, QUALITY
from ceping.documents.refusal import Refused
from ceping.folder.attachments import ATTACHMENTS, REPORT, Gathered, Holding
from ceping.folder.attachments_check import Facts, faults_in_file
from ceping.folder.attachments_matching import suggestion
from ceping.folder.attachments_naming import Wanted, official_names
from ceping.folder.attachments_table import TABLE, Choice, Choices, read_rows, table_text
from ceping.folder.batch import Batch, Made, Piece, fill, left_in, still_right

COMMAND, MARKER = "attachments convert", "attachments.json"
_ALONE = "attachments"
# What of a file's faults keeps it from being converted; the others are mended by converting, or are questions.
_MENDED = frozenset({"attachment_to_convert", "attachment_name_empty", "attachment_name_unofficial"})
_RULES = f"1 {DPI} {QUALITY}"


@dataclass(frozen=True, slots=True)
class Job:
    """The attachments of one institution to be converted; `choices` are by file, `prefix` is where they go."""

    held: Holding
    scheme: Scheme
    choices: Mapping[str, Choice]
    by_name: bool
    prefix: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A file with the items it was given and by whom."""

    one: Facts
    items: tuple[int, ...]
    by: str
    content: str = ""
    score: int = 0
    reason: str = ""


def pieces_of(gathered: Gathered, choices: Choices, *, by_name: bool) -> Iterator[Piece]:
    """What is to be converted, an institution a piece; those without a file are left out."""
    for held in gathered.holdings:
        if not held.names or gathered.scheme is None:
            continue
        own = {file: choice for (uscc, file), choice in choices.items() if uscc == held.uscc}
        key = held.uscc if gathered.season else _ALONE
        prefix = f"institutions/{held.uscc}" if gathered.season else ""
        yield Piece(key, Job(held, gathered.scheme, own, by_name, prefix))


def convert(
    batch: Batch, gathered: Gathered, choices: Choices, *, by_name: bool = False, workers: int = 0,
    step: Callable[[int], None] = lambda _: None,
) -> list[Finding]:  # fmt: skip
    """Everything that can be converted stands in the folder of the batch with its tables; what was found on the way."""
    findings = list(gathered.findings)
    for made in fill(batch, pieces_of(gathered, choices, by_name=by_name), convert_one, workers=workers):
        findings += made.findings
        step(1)
    if gathered.season:
        tables = sorted(batch.out.glob(f"institutions/*/{TABLE}"))
        rows = [row for path in tables if path.parent.name in batch.done for row in read_rows(path)]
        (batch.out / TABLE).write_text(table_text(rows), encoding="utf-8", newline="")
    batch.finish({"format": 1, "quality": QUALITY, "dpi": DPI})
    return findings


def convert_one(job: Job, place: Path, former: Made | None, out: Path) -> Made:
    """One institution's attachments stand in `place`, unless a former run's are right still or findings say why not."""
    held = job.held
    told = facts_of(held.folder, held.names)
    facts = [Facts(held, name, one) for name, one in zip(held.names, told, strict=True)]
    key = job.held.uscc if job.prefix else _ALONE
    inputs = _inputs(job, facts)
    if former is not None and still_right(former, inputs, out):
        return replace(former, kept=True)
    found = [finding for one in facts for finding in faults_in_file(one, job.scheme) if finding.code not in _MENDED]
    # The list that is written has the hash of what is there now; that it changed is told all the same.
    stopping = [one for one in errors_in(found) if one.code != "attachment_changed"]
    if stopping:
        return Made(key, "", {}, [*stopping, _not_converted(held)])
    placed = [_placed(one, job) for one in facts]
    taken = {one.one.file for one in placed if one.by == "name"}
    found = [one for one in found if not (one.code == "attachment_unlisted" and one.file in taken)]
    found += [_taken(one) for one in placed if one.by == "name"]
    target = place / job.prefix
    (target / ATTACHMENTS).mkdir(parents=True)
    try:
        names = _write(placed, target / ATTACHMENTS, place / ".pages")
    except Refused as refused:
        failed = Finding(refused.code, refused.detail, "", tuple(refused.values.items()))
        shutil.rmtree(target, ignore_errors=True)
        return Made(key, "", {}, [*found, failed, _not_converted(held)])
    rows = [_row(held, one, official) for one, official in zip(placed, names, strict=True)]
    (target / TABLE).write_text(table_text(rows), encoding="utf-8", newline="")
    _write_report(held, placed, names, target)
    return left_in(key, inputs, place, found)


def _inputs(job: Job, facts: Sequence[Facts]) -> str:
    """The hash of all that decides what comes out."""
    told: dict[str, Any] = {
        "rules": _RULES,
        "scheme": job.scheme.sha256,
        "files": {one.name: one.told.get("sha256", "") for one in facts},
        "choices": {file: asdict(choice) for file, choice in sorted(job.choices.items())},
        "by_name": job.by_name,
        "name": job.held.name,
    }
    report = job.held.report_path
    if report.is_file():
        told["report"] = hashlib.sha256(report.read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _placed(one: Facts, job: Job) -> _Placed:
    """A choice by hand outweighs the report, the report outweighs the name; a name counts only when it may."""
    items: Sequence[ChecklistItem] = job.scheme.form.checklist.items
    likely = suggestion(one.name, items, institution=job.held.name)
    score, reason = (likely.score, likely.reason) if likely is not None else (0, "")
    choice = job.choices.get(one.name)
    if choice is not None:
        chosen = () if choice.item is None else (choice.item,)
        return _Placed(one, chosen, "table", choice.content, score, reason)
    numbers = {item.number for item in items}
    listed = [entry.item for entry in one.held.listed(one.name) if entry.item in numbers]
    if listed:
        found = tuple(dict.fromkeys(item for item in listed if item is not None))
        return _Placed(one, found, "report", "", score, reason)
    if likely is not None and job.by_name:
        return _Placed(one, (likely.item,), "name", "", score, reason)
    return _Placed(one, (), "", "", score, reason)


def _taken(placed: _Placed) -> Finding:
    told = {"item": placed.items[0], "score": placed.score, "reason": placed.reason}
    return Finding("attachment_taken", placed.one.file, "", tuple((k, str(v)) for k, v in told.items()), Level.WARNING)


def _not_converted(held: Holding) -> Finding:
    return fault("attachment_not_converted", file=held.where or held.name)


def _write(placed: Sequence[_Placed], target: Path, scratch: Path) -> list[list[str]]:
    """Every file under its official name; answers the names. Raises Refused with the file in its detail."""
    scratch.mkdir()
    scans = [number for number, one in enumerate(placed) if one.one.is_scan]
    sources = [placed[number].one.name for number in scans]
    folder = placed[0].one.held.folder
    told = converted(folder, sources, into=scratch, stems=[f"{number:05d}" for number in scans])
    made: dict[int, list[Path]] = {}
    for number, answer in zip(scans, told, strict=True):
        if "refused" in answer:
            raise Refused(answer["refused"], answer["values"], placed[number].one.file)
        made[number] = [scratch / page for page in answer["pages"]]
    wanted = []
    for number, one in enumerate(placed):
        suffix = suffix_of(one.one.name)
        if number in made:
            suffix = "jpg"
        elif suffix not in SUFFIXES.get(one.one.kind, ()):
            suffix = SUFFIXES[one.one.kind][0]
        item = one.items[0] if one.items else None
        wanted.append(Wanted(one.one.name, item, suffix, len(made[number]) if number in made else None, one.content))
    names = official_names(wanted)
    for number, official in enumerate(names):
        for page, name in zip(made.get(number, ()), official, strict=False):
            page.rename(target / name)
        if number not in made:
            shutil.copyfile(folder / placed[number].one.name, target / official[0])
    scratch.rmdir()
    return names


def _row(held: Holding, placed: _Placed, official: Sequence[str]) -> dict[str, object]:
    return {
        "uscc": held.uscc,
        "name": held.name,
        "file": placed.one.name,
        "item": placed.items[0] if placed.items else "",
        "content": placed.content,
        "by": {"table": "对照表", "report": "报告", "name": "文件名"}.get(placed.by, ""),
        "score": placed.score or "",
        "reason": placed.reason,
        "official": ";".join(official),
        "sha256": placed.one.told.get("sha256", ""),
    }


def _write_report(held: Holding, placed: Sequence[_Placed], names: Sequence[Sequence[str]], target: Path) -> None:
    """The report with the list of what the files became; everything else in it stays as it was."""
    if held.report is None:
        return
    told = json.loads(held.report_path.read_text(encoding="utf-8-sig"))
    known = {one.one.name for one in placed}
    entries = [
        one
        for one in told.get("attachments", ())
        if str(one.get("file", "")).removeprefix(f"{ATTACHMENTS}/") not in known
    ]
    for one, official in zip(placed, names, strict=True):
        before = one.one.held.listed(one.one.name)
        by_item = {entry.item: entry for entry in before}
        # A file listed for indicators alone keeps its line without an item.
        items: Sequence[int | None] = one.items or ((None,) if before else ())
        for item in items:
            entry = by_item.get(item) or (before[0] if before else None)
            for name in official:
                digest = hashlib.sha256((target / ATTACHMENTS / name).read_bytes()).hexdigest()
                line: dict[str, Any] = {"item": item, "file": name, "sha256": digest}
                line["indicators"] = list(entry.indicators) if entry is not None else []
                if entry is not None and entry.valid_until:
                    line["valid_until"] = entry.valid_until
                if item is None:
                    del line["item"]
                entries.append(line)
    entries.sort(key=lambda one: (one.get("item") or 999, str(one.get("file"))))
    told["attachments"] = entries
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (target / REPORT).write_text(text, encoding="utf-8", newline="\n")
