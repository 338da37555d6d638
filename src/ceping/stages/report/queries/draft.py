"""What is asked of entries: the draft as values, as a report, what keeps it from being submitted, its receipts."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from ceping.core.finding import Finding
from ceping.core.report import Report, faults_in, read_report
from ceping.documents.forms.report_marks import sha256_of
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Reach
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.queries import period_of, rules_of

# The truth commitment's acceptance lies among the answers, under a name no field of a form can have.
COMMITMENT = "@commitment"


def entries_readable(user: User) -> QuerySet[Entry]:
    """The entries whose report this person may read: all, the own institution's, the own area's."""
    wanted = Q(pk__in=())
    for hat in hats_for(user, Act.READ_REPORT):
        match hat.reach(Act.READ_REPORT):
            case Reach.ALL:
                return _whole(Entry.objects.all())
            case Reach.OWN if hat.institution_id is not None:
                wanted |= Q(institution_id=hat.institution_id)
            case Reach.OWN if hat.area_id is not None:
                # A draft is nobody's but the institution's own: a district sees how far it is, not what it says.
                wanted |= Q(institution__area_id=hat.area_id) & ~Q(state=EntryState.DRAFT)
    return _whole(Entry.objects.filter(wanted))


def own_entries(user: User) -> QuerySet[Entry]:
    """The entries of the institutions this person writes for, newest season first."""
    mine = [hat.institution_id for hat in hats_for(user, Act.EDIT_REPORT) if hat.institution_id is not None]
    return _whole(Entry.objects.filter(institution_id__in=mine)).order_by("-season__from_on", "pk")


def report_data(entry: Entry) -> dict[str, Any]:
    """The draft in the form of report.json, tables in the order of the form's rows, empty answers left out."""
    answers = {answer.field: answer.value for answer in entry.answers.all()}
    accepted = answers.pop(COMMITMENT, None)
    tables: dict[str, list[Mapping[str, str]]] = {}
    for row in entry.rows.filter(removed_at=None).order_by("table", "position", "pk"):
        tables.setdefault(row.table, []).append(row.values)
    attachments = [
        {
            "item": attachment.item,
            "file": f"attachments/{attachment.name}",
            "sha256": attachment.file.blob.sha256,
            "indicators": attachment.indicators,
            **({"valid_until": attachment.valid_until.isoformat()} if attachment.valid_until else {}),
        }
        for attachment in entry.attachments.filter(removed_at=None).select_related("file__blob")
    ]
    scheme = entry.season.scheme
    data: dict[str, Any] = {
        "scheme": f"{scheme.scheme_id}@{scheme.version}",
        "institution": {"uscc": entry.institution.uscc, "name": entry.institution.name},
        "answers": {key: value for key, value in sorted(answers.items()) if value not in ("", [])},
        "tables": tables,
        "attachments": attachments,
    }
    return data | ({"commitment": accepted} if accepted else {})


def report_in(data: Mapping[str, Any]) -> Report:
    """The core's report of such data, which only `report_data` ever makes."""
    report, findings = read_report(data)
    if report is None:
        raise ValueError([finding.code for finding in findings])
    return report


def findings_for(entry: Entry, data: Mapping[str, Any] | None = None) -> list[Finding]:
    """Everything that keeps the draft from being submitted, and all that a person should look at."""
    report = report_in(data if data is not None else report_data(entry))
    return faults_in(report, rules_of(entry.season), period_of(entry.season), file="")


def report_sha256(data: Mapping[str, Any]) -> str:
    """The hash that stands on the receipt, on every printed page and in its QR code."""
    return sha256_of(report_in(data))


def content_sha256(data: Mapping[str, Any]) -> str:
    """SHA-256 of what is issued in canonical JSON: what paper, receipt and journal name it by."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def last_submission(entry: Entry) -> Submission | None:
    """The submission in force: the last that was not withdrawn."""
    return entry.submissions.filter(withdrawn_at=None).order_by("-number").first()


def _whole(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.select_related("season__scheme", "institution__area")
