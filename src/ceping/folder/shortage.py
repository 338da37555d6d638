"""Why panels cannot be filled: who has too few assessors left, and what keeps the others away."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from ceping.core.finding import Finding, fault
from ceping.folder.assigning import Problem
from ceping.folder.columns import ASSESSORS, CONFLICTS_FILE

_NAMED = 5


def shortage(problem: Problem) -> list[Finding]:
    """Nothing when every panel can be filled; else who lacks assessors and why, told once for each institution."""
    if len(problem.assessors) < problem.per_unit:
        able, wanted = len(problem.assessors), problem.per_unit
        return [fault("draw_people_short", file=ASSESSORS.name, able=able, per_item=wanted)]
    findings = list(_short_alone(problem))
    if findings:
        return findings
    pinned = len(problem.pinned)
    room = int(problem.bounds.sum()) if problem.pairs else 0
    if room < problem.wanted:
        return [
            fault(
                "draw_room_short",
                file=ASSESSORS.name,
                place="load_max",
                units=len(problem.units),
                per_item=problem.per_unit,
                places=problem.wanted + pinned,
                room=room + pinned,
            )
        ]
    return _short_together(problem)


def _short_alone(problem: Problem) -> Iterator[Finding]:
    counts = [0] * len(problem.units)
    for place, _ in (*problem.pairs, *problem.pinned):
        counts[place] += 1
    told: set[str] = set()
    for unit, count in zip(problem.units, counts, strict=True):
        if count >= problem.per_unit or unit.uscc in told:
            continue
        told.add(unit.uscc)
        yield fault(
            "draw_raters_short",
            file=CONFLICTS_FILE.name,
            place=unit.uscc,
            uscc=unit.uscc,
            assessors=len(problem.assessors),
            apart=len(problem.assessors) - count,
            able=count,
            per_item=problem.per_unit,
        )


def _short_together(problem: Problem) -> list[Finding]:
    """The units that the fullest filling leaves short, with those whose assessors they share (the smallest cut)."""
    people, units = len(problem.assessors), len(problem.units)
    source, sink = people + units, people + units + 1
    tails = np.concatenate([np.full(units, source), people + problem.unit_of, np.arange(people)])
    heads = np.concatenate([people + np.arange(units), problem.assessor_of, np.full(people, sink)])
    room = np.concatenate([problem.needs, np.ones(len(problem.pairs)), problem.bounds])
    shape = (sink + 1, sink + 1)
    capacity = csr_array((room.astype(np.int32), (tails.astype(np.int32), heads.astype(np.int32))), shape=shape)
    result = maximum_flow(capacity, source, sink)
    missing = problem.wanted - int(result.flow_value)
    if not missing:
        return []
    left = csr_array(capacity - result.flow)
    left.eliminate_zeros()
    reached = {int(node) for node in breadth_first_order(left, source, return_predecessors=False)}
    short = sorted({problem.units[node - people].uscc for node in reached if people <= node < source})
    able = sorted(problem.assessors[node].id for node in reached if node < people)
    return [
        fault(
            "draw_panels_short",
            file=ASSESSORS.name,
            place="load_max",
            count=len(short),
            uscc="、".join(short[:_NAMED]),
            missing=missing,
            able="、".join(able[:_NAMED]) or "—",
            full=len(able),
        )
    ]
