"""A season's draw of assessors: who may judge whom, the panels it gives, and the record with its proof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ceping.core.finding import Finding, errors_in
from ceping.core.scheme.loading import Scheme
from ceping.folder.assigning import ALGORITHM, Assessor, Assigned, Problem, Unit, assign
from ceping.folder.columns import ASSESSORS, CONFLICTS_FILE, INSTITUTIONS, PINS
from ceping.folder.draw_record import AssessorRecord, Draw, Pair, Potentials, csv_text, sha256_of
from ceping.folder.draws import opened
from ceping.folder.employers import employed_in, tell_near
from ceping.folder.faults import Faults
from ceping.folder.pins import Room, Triple, pins_in
from ceping.folder.shortage import shortage
from ceping.folder.tables import Row, read_table
from ceping.folder.terms import NAME

FEWEST = 2
Apart = Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class AssessorRequest:
    """What a draw of assessors is asked for; an empty seed is the recorded one, no `per_item` what the scheme wants."""

    seed: str = ""
    per_item: int | None = None
    by: Literal["institution", "item"] = "institution"
    file: str = "draw-assessors.csv"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A draw that can be made: what it is made from, and its problem."""

    request: AssessorRequest
    scheme: Scheme
    institutions: Sequence[Row]
    people: Sequence[Assessor]
    apart: Apart
    pins: Mapping[Triple, str]
    problem: Problem


def assessors_drawn(
    folder: Path, request: AssessorRequest, *, instead: Scheme | None = None
) -> tuple[Draw | None, list[Finding]]:
    """The draw, or None and every finding that keeps it from being made; `instead` is a scheme that is not shipped."""
    faults = Faults()
    asked = _asked(folder, request, faults, instead)
    if asked is not None and not errors_in(faults.found):
        faults.add(shortage(asked.problem))
    if asked is None or errors_in(faults.found):
        return None, faults.findings
    answer = assign(asked.problem)
    lines = _lines(answer, _judged(asked.scheme))
    return Draw(_record(asked, answer, lines), lines), faults.findings


def _asked(folder: Path, request: AssessorRequest, faults: Faults, instead: Scheme | None) -> _Asked | None:
    """What the folder says of it; None when that is not enough to go on, which is told."""
    found = opened(folder, request.seed, "assessors", faults, instead)
    institutions = list(read_table(folder, INSTITUTIONS, faults))
    assessors = list(read_table(folder, ASSESSORS, faults))
    for rows, file in ((institutions, INSTITUTIONS), (assessors, ASSESSORS)):
        if not rows and not faults.stops:
            faults.error("draw_nothing", file.name)
    apart = _kept_apart(list(read_table(folder, CONFLICTS_FILE, faults)), institutions, assessors, faults)
    if found is None or faults.stops:
        return None
    _, scheme, seed = found
    per_item = _raters(request, scheme, faults)
    if not _judged(scheme):
        faults.error("draw_unjudged", NAME, "scheme", scheme=scheme.label)
    scale = len(_judged(scheme)) if request.by == "item" else 1
    people = [_assessor(row, scale) for row in assessors]
    room = Room(
        usccs={row.get("uscc") for row in institutions},
        assessors={one.id for one in people},
        apart={(who, uscc): why for who, uscc, why in apart},
        most={one.id: one.most for one in people if one.most is not None},
        items=_judged(scheme),
        by_item=request.by == "item",
        per_item=per_item,
    )
    pins = pins_in(read_table(folder, PINS, faults), room, faults)
    units, conflicts = _units(institutions, scheme, request.by), ((who, uscc) for who, uscc, _ in apart)
    problem = Problem.of(units, people, conflicts, pins=pins, per_unit=per_item, seed=seed)
    return _Asked(request, scheme, institutions, people, apart, pins, problem)


def _record(asked: _Asked, answer: Assigned, lines: str) -> AssessorRecord:
    scheme, problem = asked.scheme, asked.problem
    return AssessorRecord(
        format=1,
        kind="assessors",
        seed=problem.seed,
        scheme=scheme.label,
        scheme_sha256=scheme.sha256,
        per_item=problem.per_unit,
        by=asked.request.by,
        institutions=len(asked.institutions),
        items=_judged(scheme),
        topics={row.get("category"): _topics(row, scheme) for row in asked.institutions},
        assessors=len(asked.people),
        kept_apart=tuple(asked.apart),
        pinned=tuple((*pin, reason) for pin, reason in asked.pins.items()),
        loads=answer.loads,
        sum_of_squares=sum(load * load for load in answer.loads.values()),
        on_subject=answer.on_subject,
        without_expert=tuple(f"{uscc}:{item}" if item else uscc for uscc, item in answer.without_expert),
        attempts=Pair(loads=answer.attempts[0], panels=answer.attempts[1]),
        potentials=Potentials(loads=answer.potentials[0], panels=answer.potentials[1]),
        frame_sha256=_frame_hash(problem, asked.people, asked.apart, asked.pins),
        algorithm=ALGORITHM,
        file=asked.request.file,
        lines_sha256=sha256_of(lines),
    )


def _judged(scheme: Scheme) -> tuple[str, ...]:
    return tuple(item.key for item in scheme.scored if item.judge is not None)


def _raters(request: AssessorRequest, scheme: Scheme, faults: Faults) -> int:
    asked = max([FEWEST, *(item.judge.raters for item in scheme.scored if item.judge is not None)])
    if request.per_item is not None and request.per_item < asked:
        faults.error("draw_raters_below", "", "--per-item", given=request.per_item, raters=asked)
    return request.per_item or asked


def _lines(answer: Assigned, judged: Sequence[str]) -> str:
    rows = [
        (uscc, key, assessor)
        for (uscc, item), panel in answer.panels.items()
        for key in ((item,) if item else judged)
        for assessor in panel
    ]
    return csv_text(["uscc", "indicator_id", "assessor_id"], rows)


def _topics(row: Row, scheme: Scheme) -> tuple[str, ...]:
    """The subjects of an institution: id and title of its category."""
    given = row.get("category")
    found = next((one for one in scheme.header.categories if given in (one.id, one.title)), None)
    return (given,) if found is None else (found.id, found.title)


def _units(institutions: Sequence[Row], scheme: Scheme, by: str) -> list[Unit]:
    judged = [item for item in scheme.scored if item.judge is not None]
    if by == "item":
        return [
            Unit(row.get("uscc"), item.key, (*_topics(row, scheme), item.key, item.title))
            for row in institutions
            for item in judged
        ]
    return [Unit(row.get("uscc"), "", _topics(row, scheme)) for row in institutions]


def _assessor(row: Row, scale: int) -> Assessor:
    words = tuple(word for part in row.get("expertise").replace("；", ";").split(";") if (word := part.strip()))
    most = row.get("load_max")
    return Assessor(row.get("assessor_id"), words, int(most) * scale if most else None)


def _kept_apart(
    conflicts: Sequence[Row], institutions: Sequence[Row], assessors: Sequence[Row], faults: Faults
) -> Apart:
    """Assessor, institution and why: declared, detected, or employed there; cleared pairs are not kept apart.

    An employer whose name is nearly that of an institution is told, unless conflicts.csv has settled it.
    """
    standing: dict[tuple[str, str], str] = {}
    cleared = {(row.get("assessor_id"), row.get("uscc")) for row in conflicts if row.get("kind") == "cleared"}
    people = {row.get("assessor_id"): row for row in assessors}
    names = {row.get("uscc"): row.get("name") for row in institutions}
    employed = list(employed_in({who: row.get("employer") for who, row in people.items()}, names))
    for one in employed:
        if one.how == "same":
            standing[one.assessor, one.uscc] = "employer"
    settled = {(row.get("assessor_id"), row.get("uscc")) for row in conflicts}
    tell_near(employed, settled, people, faults)
    for row in conflicts:
        if row.get("kind") != "cleared":
            standing[row.get("assessor_id"), row.get("uscc")] = row.get("kind")
    return sorted((who, uscc, why) for (who, uscc), why in standing.items() if (who, uscc) not in cleared)


def _frame_hash(problem: Problem, people: Iterable[Assessor], apart: Apart, pins: Iterable[Triple]) -> str:
    lines = [",".join(["unit", unit.uscc, unit.item, *unit.topics]) for unit in problem.units]
    lines += [
        ",".join(["assessor", one.id, "" if one.most is None else str(one.most), *one.expertise]) for one in people
    ]
    lines += [f"apart,{who},{uscc}" for who, uscc, _ in apart]
    lines += [f"pin,{who},{uscc},{item}" for who, uscc, item in pins]
    return sha256_of("".join(f"{line}\n" for line in sorted(lines)))
