"""What is asked of an area: its entries, who was put forward in which order, quotas and what is left of them."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value

from ceping.ground.people.models import Area, Claim
from ceping.stages.recommendation.models import Putting, Quota, Remark, Return
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """How many of a category (all when `category` is empty) were put forward, and the most there may be, if bounded."""

    category: str
    title: str
    count: int
    most: int | None

    @property
    def full(self) -> bool:
        """Whether the next one would be too many."""
        return self.most is not None and self.count >= self.most


def entries_of(season: Season, area: Area) -> QuerySet[Entry]:
    """The area's entries with the submission in force and the decision at hand, by name."""
    current = Submission.objects.filter(entry=OuterRef("pk"), withdrawn_at=None).order_by("-number")
    decided = Putting.objects.filter(entry=OuterRef("pk"), undone_at=None)
    return (
        Entry.objects.filter(season=season, institution__area=area)
        .select_related("institution__area", "season__scheme")
        .annotate(
            receipt=Subquery(current.values("receipt")[:1]),
            submitted_at=Subquery(current.values("submitted_at")[:1]),
            submission_count=Subquery(current.values("number")[:1]),
            submission_pk=Subquery(current.values("pk")[:1]),
            submission_sha256=Subquery(current.values("report_sha256")[:1]),
            submission_category=Subquery(current.values("category")[:1]),
            claimed=Exists(Claim.objects.filter(institution=OuterRef("institution"), decided_at=None)),
            rank=Subquery(decided.values("rank")[:1]),
            forward=Subquery(decided.values("forward")[:1]),
        )
        .order_by("institution__name_key", "pk")
    )


def submitted_of(entry: Entry) -> Submission | None:
    """The submission in force of an entry of `entries_of`, without its report; None while it is the institution's."""
    pk = getattr(entry, "submission_pk", None)
    if pk is None or entry.state == EntryState.DRAFT:
        return None
    return Submission(
        pk=pk,
        entry=entry,
        number=entry.submission_count,  # type: ignore[attr-defined]
        receipt=entry.receipt,  # type: ignore[attr-defined]
        submitted_at=entry.submitted_at,  # type: ignore[attr-defined]
        report_sha256=entry.submission_sha256,  # type: ignore[attr-defined]
        category=entry.submission_category,  # type: ignore[attr-defined]
    )


def put_forward(season: Season, area: Area) -> QuerySet[Putting]:
    """What the area put forward, by rank."""
    return (
        Putting.objects.filter(entry__season=season, area=area, forward=True, undone_at=None)
        .select_related("entry__institution", "submission")
        .order_by("rank", "pk")
    )


def quota_for(season: Season, area: Area, category: str = "") -> int | None:
    """The most an area may put forward of a category, or of all; None where the season sets none."""
    row = Quota.objects.filter(season=season, area=area, category=category).order_by("-set_at", "-pk").first()
    return row.most if row is not None else None


def decision_on(entry: Entry) -> Putting | None:
    """The decision in force."""
    return Putting.objects.filter(entry=entry, undone_at=None).first()


def return_in_force(entry: Entry) -> Return | None:
    """The last return of the entry, with its remarks at hand."""
    returns = Return.objects.filter(submission__entry=entry).select_related("submission", "returned_by")
    return returns.prefetch_related("remarks").order_by("-submission__number").first()


def returns_of(entry: Entry) -> list[Return]:
    """Every return of the entry, the last first, with remarks at hand."""
    returns = Return.objects.filter(submission__entry=entry).select_related("submission", "returned_by")
    return list(returns.prefetch_related("remarks__settled_by").order_by("-submission__number"))


def unsettled(entry: Entry) -> QuerySet[Remark]:
    """Remarks of earlier readings about which nobody has said that they are settled."""
    return Remark.objects.filter(returned__submission__entry=entry, settled_at=None).order_by("returned", "number")


def quotas_of(season: Season, area: Area) -> list[QuotaLine]:
    """A line for all together where that is bounded, then one for each category that is bounded or has somebody."""
    quotas = Quota.objects.filter(season=season, area=area).values_list("category", "pk", "most", Value("quota"))
    standing = Putting.objects.filter(entry__season=season, area=area, forward=True, undone_at=None)
    both = quotas.union(standing.order_by().values_list("category", "pk", F("rank"), Value("putting")), all=True)
    rows = sorted(both, key=lambda row: row[1])
    # The latest row of a category counts.
    most = {category: bound for category, _, bound, kind in rows if kind == "quota"}
    counts = Counter(category for category, _, _, kind in rows if kind == "putting")
    lines = [QuotaLine("", "全部类别", counts.total(), most[""])] if most.get("") is not None else []
    for category in rules_of(season).header.categories:
        count, bound = counts[category.id], most.get(category.id)
        if count or bound is not None:
            lines.append(QuotaLine(category.id, category.title, count, bound))
    return lines
