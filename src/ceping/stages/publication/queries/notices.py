"""What a notice says: who is listed, in which columns, what changed against the one before it, how long it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from ceping.core.finding import Finding
from ceping.documents.forms.certificate import certified
from ceping.documents.forms.notice import COLUMNS, NoticeColumn, cells_of
from ceping.documents.page_content import Institution, PageValues
from ceping.documents.page_reading import page_values
from ceping.folder.calendar_days import after_working_days
from ceping.stages.publication.models import Notice
from ceping.stages.publication.states import NoticeState
from ceping.stages.report.models import Entry
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import RESULTS, ROBUSTNESS, VERIFICATION, said_in
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

NAME = "name"


@dataclass(frozen=True, slots=True)
class Row:
    """One institution of a notice: its entry if it is known, and its cells in the order of the columns."""

    uscc: str
    cells: tuple[str, ...]


def notices_out() -> list[Notice]:
    """The notices that stand, of every season, the newest first; and no other."""
    found = Notice.objects.filter(state=NoticeState.PUBLISHED).select_related("season__scheme", "release")
    return list(found.order_by("-starts_on", "-pk"))


def notice_out(season: Season) -> Notice | None:
    """The notice of the season that stands."""
    found = Notice.objects.filter(season=season, state=NoticeState.PUBLISHED)
    return found.select_related("computation", "published_by", "pdf__blob", "word__blob").first()


def rows_in(notice: Notice) -> list[Row]:
    """The institutions listed, in the notice's order."""
    return [Row(uscc, tuple(cells)) for uscc, *cells in notice.rows]


def heads_of(notice: Notice) -> list[str]:
    """The heads of its columns."""
    return [COLUMNS[name] for name in notice.columns]


def values_of(computation: Computation) -> PageValues:
    """The values of the result as its papers show them, without the points of shops, which no notice shows."""
    season = computation.season
    return page_values(
        said_in(computation, RESULTS),
        said_in(computation, VERIFICATION),
        rules_of(season),
        robustness=said_in(computation, ROBUSTNESS),
        shops={},
        title=season.title,
        period=(season.from_on.isoformat(), season.to_on.isoformat()),
        incomplete=not computation.complete,
    )


def listed_in(values: PageValues, grades: Sequence[str]) -> list[Institution]:
    """Who stands on a notice: the grades named, or every one but the lowest."""
    return certified(values, grades)


def rows_for(
    listed: Sequence[Institution], columns: Sequence[NoticeColumn], recommenders: Mapping[str, str]
) -> list[list[str]]:
    """The rows of a notice as they are kept."""
    return [[one.uscc, *cells_of(columns, number, one, recommenders)] for number, one in enumerate(listed, 1)]


def recommenders_of(season: Season) -> dict[str, str]:
    """By credit code the name of the recommender of each entry."""
    found = Entry.objects.filter(season=season, institution__area__isnull=False)
    return dict(found.values_list("institution__uscc", "institution__area__name"))


def changes_between(before: Notice, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> list[dict[str, object]]:
    """What a correction changes: for each institution its name and the cells before and after, but for the order.

    Only columns that both notices have are compared.
    """
    shared = [name for name in columns if name in before.columns and name not in {"order", NAME}]
    old, new = _told(before.rows, before.columns), _told(rows, columns)
    changes: list[dict[str, object]] = []
    for uscc in [*new, *(one for one in old if one not in new)]:
        was, now = old.get(uscc), new.get(uscc)
        left = [was[name] for name in shared] if was is not None else []
        right = [now[name] for name in shared] if now is not None else []
        if left != right:
            name = (now or was or {}).get(NAME, "")
            changes.append({"name": name, "columns": shared, "before": left, "after": right})
    return changes


def _told(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> dict[str, dict[str, str]]:
    return {uscc: dict(zip(columns, cells, strict=True)) for uscc, *cells in rows}


def period_of(starts_on: date, working_days: int) -> tuple[date, list[Finding]]:
    """The last day of a notice that begins on that day and runs so many working days, and what is not known of years.

    The first day counts when it is a working day.
    """
    return after_working_days(starts_on - timedelta(1), working_days)


def closes_at(notice: Notice) -> datetime:
    """The moment from which no objection is received: midnight after the last day."""
    return timezone.make_aware(datetime.combine(notice.ends_on + timedelta(1), time()))


def opens_at(notice: Notice) -> datetime:
    """The moment from which objections are received: when it was published, not before its first day."""
    begins = timezone.make_aware(datetime.combine(notice.starts_on, time()))
    return max(begins, notice.published_at) if notice.published_at is not None else begins
