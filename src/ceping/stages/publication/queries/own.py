"""One institution's share of a published result, whole: its numbers, why each is what it is, the panel's reasons.

Made once when the result is published and kept as a file, so that its page reads kilobytes and not everybody's result.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ceping.core.scheme.loading import Scheme
from ceping.documents.page_content import PageValues
from ceping.folder.explanation import lines_of
from ceping.stages.assessment.models import Mark
from ceping.stages.scheme.models import Season

Told = Mapping[str, Any]
# `lines_of` begins with whose result it is and by which scheme.
_HEAD = 2


def shares_of(
    values: PageValues, results: Told, rows: dict[str, Any], rules: Scheme, marks: Mapping[str, Sequence[Told]]
) -> dict[str, dict[str, Any]]:
    """By credit code the share: what its papers show of the result, each item with the lines of its trace and marks.

    `results` is results.json, `rows` what run.json says of rows, `marks` as `marks_given` answers them.
    """
    traced = {one["uscc"]: one for one in results["institutions"]}
    return {
        one.uscc: {
            "total": one.total,
            "grade": one.grade,
            "label": one.label,
            "reason": one.reason,
            "rank": one.rank,
            "ranked": values.ranked,
            "rank_in_category": one.rank_in_category,
            "category": one.category_title,
            "category_count": one.category_count,
            "interval": list(one.interval) if one.interval is not None else None,
            "full": values.full,
            "conditions": [[each.title, each.read, each.verdict] for each in one.conditions if each.failed],
            "items": [
                {
                    "title": item.title,
                    "full": item.full,
                    "score": item.score,
                    "share": item.share,
                    "median": item.peers.median if item.peers is not None else "",
                    "clause": item.clause,
                    "lines": lines_of(results, traced[one.uscc], rules, indicator=item.key, rows=rows)[_HEAD:],
                    "marks": [mark for mark in marks.get(one.uscc, ()) if mark["item"] == item.key],
                }
                for item in one.items
            ],
        }
        for one in values.institutions
    }


def marks_given(season: Season) -> dict[str, list[dict[str, str]]]:
    """By credit code every open mark with its reason; the assessors as 专家1, 专家2 … within each institution."""
    found = Mark.objects.filter(sheet__entry__season=season, sheet__opened_at__isnull=False).select_related(
        "sheet__entry__institution", "sheet__assessor"
    )
    told: dict[str, list[dict[str, str]]] = {}
    numbers: dict[tuple[str, int], int] = {}
    for one in found.order_by("sheet__entry", "sheet__assessor__code", "item"):
        uscc = one.sheet.entry.institution.uscc
        key = (uscc, one.sheet.assessor_id)
        numbers.setdefault(key, 1 + sum(other == uscc for other, _ in numbers))
        told.setdefault(uscc, []).append(
            {"item": one.item, "who": f"专家{numbers[key]}", "mark": one.mark, "reason": one.reason}
        )
    return told
