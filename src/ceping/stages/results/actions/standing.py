"""Rows of a computation for its pages, made once from what the evaluation wrote: the files are too large to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ceping.documents.page import chart_of, chart_values
from ceping.documents.page_content import Firm, Institution, Left, PageValues
from ceping.folder.intake import Rows
from ceping.folder.year_on_year import level_in
from ceping.stages.results.models import Computation, Standing

_BATCH = 200


def overview_of(page: PageValues) -> dict[str, Any]:
    """What is shown of all institutions together: the charts' values, spreads by category, what was tried."""
    return {
        "charts": chart_values(page),
        "categories": [asdict(one) for one in page.categories],
        "bands": [asdict(one) for one in page.bands],
        "bins": [asdict(one) for one in page.bins],
        "full": page.full,
        "ranked": page.ranked,
        "compared": page.compared,
        "draws": page.draws,
        "spread_percent": page.spread_percent,
        "marked": sorted(page.marked),
    }


def keep_standings(
    computation: Computation,
    page: PageValues,
    results: Sequence[Mapping[str, Any]],
    *,
    recommenders: Mapping[str, str],
    rows: Rows,
) -> None:
    """The rows stand; `results` are the institutions of results.json, `rows` where values stood, by file and key."""
    told = {str(one["uscc"]): one for one in results}
    places = _by_institution(rows)
    Standing.objects.bulk_create(
        (
            _row(computation, one, told[one.uscc], recommenders.get(one.uscc, ""), places.get(one.uscc, {}))
            for one in page.institutions
        ),
        batch_size=_BATCH,
    )


def _row(
    computation: Computation, one: Institution, told: Mapping[str, Any], recommender: str, rows: Mapping[str, Any]
) -> Standing:
    low, high = one.interval or (None, None)
    detail = asdict(one)
    for name in ("uscc", "name", "category", "total", "grade", "rank", "rank_in_category", "interval"):
        del detail[name]
    return Standing(
        computation=computation,
        uscc=one.uscc,
        name=one.name,
        category=one.category,
        recommender=recommender,
        total=one.total or "",
        grade=one.grade or "",
        rank=one.rank,
        rank_in_category=one.rank_in_category,
        low=low,
        high=high,
        change=one.firm.change if one.firm is not None else "",
        told={
            "scores": told["scores"],
            "gates_unmet": [g["rule_id"] for g in told["gates"] if g["passed"] is False and not g["waived"]],
            "vetoes": [str(veto) for veto in told["vetoes"]],
            "level": level_in(told),
            **_left(one.firm),
        },
        chart=chart_of(one),
        detail={**detail, "rows": rows},
    )


def _left(firm: Firm | None) -> dict[str, list[int] | None]:
    def ends(left: Left | None) -> list[int] | None:
        return None if left is None else [left.best, left.worst]

    return {
        "without_item": ends(firm.items) if firm is not None else None,
        "without_assessor": ends(firm.assessors) if firm is not None else None,
    }


def _by_institution(rows: Rows) -> dict[str, dict[str, dict[str, tuple[int, str]]]]:
    """The same by credit code, with which every key begins."""
    found: dict[str, dict[str, dict[str, tuple[int, str]]]] = {}
    for file, keys in rows.items():
        for key, place in keys.items():
            found.setdefault(key.partition(" ")[0], {}).setdefault(file, {})[key] = place
    return found
