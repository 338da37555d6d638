"""What is asked of recommendation: an area's entries, quotas and what is left of them, the summary table's rows."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ceping.ground.people.models import Area
from ceping.stages.recommendation.models import Issue, Putting, Quota, Return
from ceping.stages.report.models import Entry, Submission
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


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
            rank=Subquery(decided.values("rank")[:1]),
            forward=Subquery(decided.values("forward")[:1]),
        )
        .order_by("institution__name_key", "pk")
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


def issue_in_force(season: Season, area: Area) -> Issue | None:
    """The issued summary table."""
    return Issue.objects.filter(season=season, area=area, revoked_at=None).first()


def summary_rows(season: Season, area: Area) -> list[dict[str, str]]:
    """The rows of the summary table by column id, in the order of printing; empty where the scheme prints none.

    Office phone and fax come from the institution's profile, contact data from the submitted report.
    """
    summary = rules_of(season).summary
    if summary is None:
        return []
    form = rules_of(season).form
    field = form.field_by_id.get("categories")
    labels = {option.id: option.label for option in field.options} if field is not None else {}
    rows = []
    for number, putting in enumerate(put_forward(season, area), start=1):
        institution = putting.entry.institution
        answers: dict[str, Any] = putting.submission.report["answers"]
        values = {
            ("order", ""): str(number),
            ("entry", "name"): institution.name,
            ("entry", "category"): labels.get(putting.category, putting.category),
            ("profile", "office_phone"): institution.office_phone,
            ("profile", "fax"): institution.fax,
        }
        row = {}
        for column in summary.columns:
            key = (column.kind, column.key) if column.kind != "order" else ("order", "")
            row[column.id] = str(answers.get(column.key, "")) if column.kind == "field" else values.get(key, "")
        rows.append(row)
    return rows
