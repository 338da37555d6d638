"""One institution's share of a published result, whole: its numbers, why each is what it is, the panel's reasons.

Made once when the result is published and kept as a file, so that its page reads kilobytes and not everybody's result.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ceping.core.scheme.loading import Scheme
from ceping.documents.forms.feedback import FEWEST
from ceping.documents.page_content import PageValues
from ceping.folder.explanation import lines_of
from ceping.stages.assessment.models import Mark
from ceping.stages.scheme.models import Season

Told = Mapping[str, Any]
# `lines_of` begins with whose result it is and by which scheme.
_HEAD = 2
_CODE = re.compile(r"专家 (\S+)")
_PLACE = re.compile(r"\s*\[[a-z_/]+\.csv[^\]]*\]")


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
                    "median": item.peers.median if item.peers is not None and item.peers.count >= FEWEST else "",
                    "clause": item.clause,
                    "lines": _nameless(
                        lines_of(results, traced[one.uscc], rules, indicator=item.key, rows=rows)[_HEAD:],
                        {mark["code"]: mark["who"] for mark in marks.get(one.uscc, ())},
                    ),
                    "marks": [
                        {name: mark[name] for name in ("who", "mark", "reason")}
                        for mark in marks.get(one.uscc, ())
                        if mark["item"] == item.key
                    ],
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
            {
                "item": one.item,
                "code": one.sheet.assessor.code,
                "who": f"专家{numbers[key]}",
                "mark": one.mark,
                "reason": one.reason,
            }
        )
    return told


def _nameless(lines: Sequence[str], who: Mapping[str, str]) -> list[str]:
    """The lines with each assessor under the name the institution knows, which differs from institution to institution.

    The places in the season's tables go with them: nobody else has those tables.
    """
    return [_PLACE.sub("", _CODE.sub(lambda found: who.get(found[1], "专家"), line)).rstrip() for line in lines]
