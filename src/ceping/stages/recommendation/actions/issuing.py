"""The summary table: issued and frozen, its sealed scan, taken back with a reason; lists that leave the platform."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import errors_in, fault
from ceping.ground.files.models import File
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act, Role
from ceping.stages.recommendation.access import is_own_area, why_not_revoke, why_not_scan
from ceping.stages.recommendation.actions.shared import check_now, hold_area, record_area, record_issue
from ceping.stages.recommendation.models import Issue
from ceping.stages.recommendation.queries import summary_rows, table_findings
from ceping.stages.report.queries import content_sha256
from ceping.stages.scheme.models import Season


@transaction.atomic
def issue_table(*, season: Season, area: Area, filled_on: date, by: User, at: datetime) -> Issue:
    """The summary table is issued as it stands; nothing of the area's recommendation changes after that.

    Raises NotAllowed; Refused with all that stands against it.
    """
    hold_area(area)
    check_now(season, area, by, at)
    rows = summary_rows(season, area)
    if errors := errors_in(table_findings(season, area, rows)):
        raise Refused(*errors)
    number = (Issue.objects.filter(season=season, area=area).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Issue.objects.create(
        season=season,
        area=area,
        number=number,
        filled_on=filled_on,
        rows=rows,
        sha256=content_sha256({"area": area.code, "filled_on": filled_on.isoformat(), "rows": rows}),
        issued_by=by,
        issued_at=at,
    )
    record_issue("issue_table", made, by, at)
    return made


@transaction.atomic
def attach_scan(*, issue: Issue, scan: File, by: User, at: datetime) -> Issue:
    """The sealed scan of the issued table is kept with it; a later one takes the place of the former.

    Raises NotAllowed, for a table that was taken back too.
    """
    locked = Issue.objects.select_for_update(of=("self",)).select_related("area", "season").get(pk=issue.pk)
    if why := why_not_scan(by, locked):
        raise NotAllowed(why)
    locked.scan, locked.scanned_at = scan, at
    locked.save(update_fields=["scan", "scanned_at"])
    record_issue("attach_scan", locked, by, at, scan=scan.blob.sha256)
    return locked


@transaction.atomic
def revoke_issue(*, issue: Issue, reason: str, by: User, at: datetime) -> Issue:
    """The issued table no longer counts and the area may go on.

    Its own district may, with a reason, before recommendation closes; after that the organiser alone. Raises
    NotAllowed, and Refused without a reason.
    """
    hold_area(issue.area)
    locked = Issue.objects.select_for_update(of=("self",)).select_related("area", "season").get(pk=issue.pk)
    if why := why_not_revoke(by, locked, at):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))
    if locked.revoked_at is None:
        locked.revoked_by, locked.revoked_at, locked.revoke_reason = by, at, reason.strip()
        locked.save(update_fields=["revoked_by", "revoked_at", "revoke_reason"])
        role = Role.ORGANISER if hats_for(by, Act.CHANGE_CALENDAR) else Role.RECOMMENDER
        record_issue("revoke_issue", locked, by, at, role=role, reason=reason.strip())
    return locked


@transaction.atomic
def note_export(
    *, season: Season, area: Area, what: str, count: int, phones: bool, reason: str, by: User, at: datetime
) -> None:
    """A list of the area leaves the platform: what, how many lines, whether with whole telephone numbers, and why.

    Called before the file is written. Raises NotAllowed, and Refused without a reason.
    """
    if not is_own_area(by, area) or not any(hat.area_id == area.pk for hat in hats_for(by, Act.EXPORT_PERSONAL)):
        raise NotAllowed(fault("recommend_not_your_area"))
    if not reason.strip():
        raise Refused(fault("recommend_export_reason"))
    body = {"what": what, "rows": count, "phones": phones}
    record_area("export_list", season, area, by, at, reason=reason, body=body)
