"""What the list is asked for, all of it in the address: for the list itself, its export, and the next report."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from ceping.ground.people.models import Area
from ceping.stages.recommendation.models import Return
from ceping.stages.recommendation.queries import entries_of
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import phase_of
from ceping.stages.scheme.states import PhaseKind

ORDERS = {
    "name": ("按名称", "institution__name_key"),
    "submitted": ("先提交的在前", "submitted_at"),
    "-submitted": ("后提交的在前", "submitted_at"),
    "rank": ("按推荐顺序", "rank"),
}
# What a chip stands for: its word and which entries are behind it. `AGAIN` came back after a return.
CHIPS = {
    "": "全部",
    "submitted": "待审核",
    "again": "改好再交、待复看",
    "returned": "已退回",
    "put_forward": "已推荐",
    "not_put_forward": "不予推荐",
    "draft": "填写中",
    "late": "逾期未交",
}
_LONGEST = 60


class CountedPages(Paginator):  # type: ignore[type-arg]  # generic in its stubs alone
    """Pages of a list whose length is known already."""

    def __init__(self, entries: QuerySet[Entry], size: int, *, total: int) -> None:
        super().__init__(entries, size)
        self._total = total

    @cached_property
    def count(self) -> int:
        """The length."""
        return self._total


@dataclass(frozen=True, slots=True)
class Chosen:
    """The list as asked for; what the address says beyond that is left out."""

    area: str = ""
    state: str = ""
    category: str = ""
    text: str = ""
    order: str = "name"

    @classmethod
    def of(cls, asked: QueryDict) -> "Chosen":
        """What the address, or a form with the same names, says."""
        state, order = asked.get("state", ""), asked.get("order", "name")
        return cls(
            asked.get("area", ""),
            state if state in CHIPS else "",
            asked.get("category", ""),
            asked.get("q", "").strip()[:_LONGEST],
            order if order in ORDERS else "name",
        )

    def address(self, **other: str) -> str:
        """The query of the address, with some of it otherwise."""
        mine = {"area": self.area, "state": self.state, "category": self.category, "q": self.text, "order": self.order}
        mine |= other
        return urlencode({key: value for key, value in mine.items() if value and (key, value) != ("order", "name")})

    @property
    def wanted(self) -> Q:
        """What of the marked entries is asked for; empty for all."""
        found = behind(self.state)
        if self.category:
            found &= Q(category=self.category)
        if self.text:
            found &= Q(institution__name__icontains=self.text) | Q(institution__uscc__icontains=self.text)
        return found

    def entries(self, season: Season, area: Area, at: datetime) -> QuerySet[Entry]:
        """The entries asked for, in the order asked for."""
        entries = marked(entries_of(season, area), closes_in(season, area), at)
        if self.wanted:
            entries = entries.filter(self.wanted)
        key = F(ORDERS[self.order][1])
        by = key.desc(nulls_last=True) if self.order.startswith("-") else key.asc(nulls_last=True)
        return entries.order_by(by, "institution__name_key", "pk")


def marked(entries: QuerySet[Entry], closes: dict[int, datetime], at: datetime) -> QuerySet[Entry]:
    """With `again`, and `late` for what is not in though its time is over."""
    over = Q(state=EntryState.RETURNED, due_at__lte=at)
    if closes and closes[0] <= at:
        longer = [institution for institution, until in closes.items() if institution and until > at]
        over |= Q(state=EntryState.DRAFT) & ~Q(institution__in=longer)
    returned = Return.objects.filter(submission__entry=OuterRef("pk"))
    return entries.annotate(again=Exists(returned), late=Exists(Entry.objects.filter(over, pk=OuterRef("pk"))))


def behind(chip: str) -> Q:
    """Which marked entries a chip stands for."""
    if chip == "late":
        return Q(late=True)
    if chip in ("submitted", "again"):
        return Q(state=EntryState.SUBMITTED, again=chip == "again")
    return Q(state=chip) if chip else Q()


def counts_in(
    chosen: Chosen, season: Season, area: Area, closes: dict[int, datetime], at: datetime
) -> tuple[dict[str, int], int]:
    """How many entries are behind each chip, and how many are asked for."""
    entries = marked(Entry.objects.filter(season=season, institution__area=area), closes, at)
    # Other names than those of the marks, which they would stand before.
    found: dict[str, int] = entries.aggregate(
        **{f"of_{chip}": Count("pk", filter=behind(chip)) if chip else Count("pk") for chip in CHIPS},
        shown=Count("pk", filter=chosen.wanted) if chosen.wanted else Count("pk"),
    )
    return {chip: found[f"of_{chip}"] for chip in CHIPS}, found["shown"]


def closes_in(season: Season, area: Area) -> dict[int, datetime]:
    """Until when filing is open by institution; under 0 for all of the area without an extension of their own."""
    phase = phase_of(season, PhaseKind.FILING)
    if phase is None:
        return {}
    if phase.closed_at is not None:
        return {0: phase.closed_at}
    closes = {0: phase.closes_at}
    given = [one for one in phase.extensions.all() if one.area_id in (None, area.pk)]
    # The area's first, so that an institution's own is never earlier than its area's.
    for extension in sorted(given, key=lambda one: one.institution_id or 0):
        key = extension.institution_id or 0
        closes[key] = max(closes.get(key, closes[0]), extension.until)
    return closes
