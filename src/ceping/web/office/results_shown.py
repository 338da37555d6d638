"""What the pages of results have in common: the computation, its lines, shares in words, what charts draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import DecimalField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, NullIf
from django.http import Http404, QueryDict
from django.urls import reverse

from ceping.core.exact import text_of
from ceping.stages.results.models import Computation, Standing
from ceping.stages.results.queries import Line, current_of
from ceping.stages.scheme.models import Season

# Text decimals as numbers, widest and likeliest first; what has none comes last.
_CHANGE = Cast(NullIf("change", Value("")), DecimalField(max_digits=9, decimal_places=6))
_ORDERS: Mapping[str, Sequence[Any]] = {
    "name": ("name", "uscc"),
    "change": (_CHANGE.desc(nulls_last=True), "rank", "uscc"),
    "width": ((F("high") - F("low")).desc(nulls_last=True), "rank", "uscc"),
}
SORTS: Mapping[str, str] = {"rank": "名次", "change": "等次变动率", "width": "名次区间宽度", "name": "机构名称"}


_OWN = ("scores", "shares")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters and the order, as the address says; what cannot be meant counts as not said."""

    category: str = ""
    grade: str = ""
    text: str = ""
    sort: str = "rank"

    @classmethod
    def of(cls, asked: QueryDict) -> "Wanted":
        """As the address says."""
        sort = asked.get("sort", "")
        return cls(
            asked.get("category", "")[:64],
            asked.get("grade", "")[:64],
            asked.get("q", "").strip()[:60],
            sort if sort in SORTS else "rank",
        )

    def address(self, season: Season, **other: str) -> str:
        """The query of the address, with some of it otherwise."""
        said = {"category": self.category, "grade": self.grade, "q": self.text, "sort": self.sort} | other
        return urlencode(
            {"season": season.pk, **{name: value for name, value in said.items() if value and value != "rank"}}
        )

    @property
    def narrows(self) -> bool:
        """Whether any line is left out."""
        return bool(self.category or self.grade or self.text)

    def among(self, rows: QuerySet[Standing]) -> QuerySet[Standing]:
        """The rows that pass, in the order asked for."""
        if self.category:
            rows = rows.filter(category=self.category)
        if self.grade:
            rows = rows.filter(grade=self.grade)
        if self.text:
            rows = rows.filter(Q(name__contains=self.text) | Q(uscc__contains=self.text.upper()))
        return rows.order_by(*_ORDERS[self.sort]) if self.sort in _ORDERS else rows


def percent(share: str) -> str:
    """A share of one in per cent, every digit kept."""
    return f"{text_of(Decimal(share).scaleb(2))}%" if share else "—"


def span(ends: Sequence[int] | None) -> str:
    """From the best rank to the worst, one number where they are the same."""
    return "—" if not ends else str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}—{ends[1]}"


def why_unranked(line: Line) -> str:
    """Why it has no rank; empty for who has one."""
    if line.rank is not None:
        return ""
    return "一票否决" if line.vetoes else "参评条件未满足" if line.gates_unmet else "数据不全"


def computation_meant(season: Season) -> Computation:
    """The computation that stands. Raises Http404 before the first that has rows for pages."""
    found = current_of(season)
    if found is None or not found.overview:
        raise Http404
    found.season = season
    return found


def charts_of(computation: Computation, rows: Sequence[Standing]) -> dict[str, Any]:
    """What the charts draw, of these institutions."""
    return {**computation.overview["charts"], "institutions": [one.chart for one in rows]}


def drawn_together(computation: Computation, rows: Sequence[Standing]) -> dict[str, Any]:
    """The same without what only an institution's own page draws: its scores item by item."""
    slim = [{key: value for key, value in one.chart.items() if key not in _OWN} for one in rows]
    return {**computation.overview["charts"], "peers": {}, "institutions": slim}


def address_of(season: Season, name: str = "results") -> str:
    """Where that page of the season lies."""
    return f"{reverse(f'office:{name}')}?season={season.pk}"
