"""The summary table: its rows, what stands against issuing it, what changed since the last one that was issued."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from ceping.core.finding import Finding, Level, fault
from ceping.ground.people.models import Area
from ceping.stages.recommendation.models import Issue
from ceping.stages.recommendation.queries.areas import put_forward, quotas_of
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

SummaryRow = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowChange:
    """An institution that came, went, or stands otherwise than before; `cells` are label, old and new."""

    name: str
    happened: str
    cells: tuple[tuple[str, str, str], ...] = ()


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


def table_findings(season: Season, area: Area, rows: Sequence[SummaryRow]) -> list[Finding]:
    """Errors keep the table from being issued; questions are for a person, who may issue it all the same."""
    return list(_findings(season, area, rows))


def _findings(season: Season, area: Area, rows: Sequence[SummaryRow]) -> Iterator[Finding]:
    summary = rules_of(season).summary
    if summary is None:
        yield fault("recommend_no_table")
        return
    if not rows:
        yield fault("recommend_nothing_to_issue")
    for line in quotas_of(season, area):
        if line.most is not None and line.count > line.most:
            yield fault("recommend_over_quota", name=line.title, count=line.count, most=line.most)
    for column in summary.columns:
        empty = [row["name"] for row in rows if not row.get(column.id)] if column.kind != "profile" else []
        if empty:
            names = "、".join(empty[:5])
            yield fault("recommend_cell_empty", place=column.label, label=column.label, count=len(empty), names=names)
    states = Entry.objects.filter(season=season, institution__area=area).values_list("state")
    counts = dict(states.annotate(count=Count("pk")).order_by())
    waiting, away = counts.get(EntryState.SUBMITTED, 0), counts.get(EntryState.RETURNED, 0)
    if waiting:
        yield fault("recommend_left_undecided", level=Level.WARNING, count=waiting)
    if away:
        yield fault("recommend_left_returned", level=Level.WARNING, count=away)


def issue_in_force(season: Season, area: Area) -> Issue | None:
    """The issued summary table."""
    return (
        Issue.objects.filter(season=season, area=area, revoked_at=None)
        .select_related("season__scheme", "area", "issued_by", "scan__blob")
        .first()
    )


def issues_of(season: Season, area: Area) -> list[Issue]:
    """Every table ever issued, the newest first, those that were taken back among them."""
    issues = Issue.objects.filter(season=season, area=area).select_related(
        "season__scheme", "area", "issued_by", "revoked_by", "scan__blob"
    )
    return list(issues.order_by("-number"))


def changes_since(old: Sequence[SummaryRow], new: Sequence[SummaryRow], labels: Mapping[str, str]) -> list[RowChange]:
    """What is otherwise in the new table, institution by institution in its order; then those that went."""
    before, after = ({row.get("name", ""): row for row in rows} for rows in (old, new))
    found = []
    for name, row in after.items():
        if name not in before:
            found.append(RowChange(name, "新增"))
            continue
        cells = tuple(
            (label, before[name].get(key, ""), row.get(key, ""))
            for key, label in labels.items()
            if before[name].get(key, "") != row.get(key, "")
        )
        if cells:
            found.append(RowChange(name, "改动", cells))
    return found + [RowChange(name, "移出") for name in before if name not in after]
