"""Drafts of the demo as far as each institution got, with the faults people really make, and their submissions."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ceping.core.finding import errors_in
from ceping.core.scheme.loading import Scheme
from ceping.flow.demo_parts import State
from ceping.flow.demo_pictures import evidence_of
from ceping.folder.demo.cast import Member
from ceping.ground.files.models import Blob, File
from ceping.ground.files.store import keep_bytes
from ceping.ground.people.models import Institution, User
from ceping.stages.report.actions import ReportIncomplete, accept_commitment, submit_report
from ceping.stages.report.models import Answer, Attachment, Entry, Row, Submission
from ceping.stages.scheme.models import Season

_PURPOSE = "evidence"
_BEGUN_FIELDS = ("name", "uscc", "address", "founded_on", "contact_name", "contact_phone")
_HALF_TABLES = ("daily_services", "activities", "departments")
_HALF_CLIENTS = 23


def typed_so_far(data: Mapping[str, Any], state: State) -> dict[str, Any]:
    """Answers and tables of a whole report, as far as somebody in that state has typed them."""
    answers, tables = dict(data["answers"]), {key: [dict(row) for row in rows] for key, rows in data["tables"].items()}
    match state:
        case State.UNTOUCHED:
            return {"answers": {}, "tables": {}}
        case State.BEGUN:
            return {"answers": {key: answers[key] for key in _BEGUN_FIELDS}, "tables": {}}
        case State.HALF:
            kept = {
                key: value for key, value in answers.items() if not key.startswith(("plan_", "benefit_", "problem"))
            }
            half = {key: rows for key, rows in tables.items() if key in _HALF_TABLES}
            return {"answers": kept, "tables": half | {"clients": tables["clients"][:_HALF_CLIENTS]}}
        case State.FAULTY:
            return {"answers": answers | _slips(answers), "tables": _slipped(tables)}
        case _:
            return {"answers": answers, "tables": tables}


def fill_draft(entry: Entry, data: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """What was typed stands in the draft; in bulk, as no act of it is journalled."""
    Answer.objects.bulk_create(
        Answer(entry=entry, field=field, value=value, changed_by=by, changed_at=at)
        for field, value in data["answers"].items()
        if value not in ("", [])
    )
    Row.objects.bulk_create(
        Row(entry=entry, table=table, position=number, values=values, changed_by=by, changed_at=at)
        for table, rows in data["tables"].items()
        for number, values in enumerate(rows, start=1)
    )


def add_evidence(entry: Entry, member: Member, *, state: State, by: User, at: datetime) -> None:
    """The pictures the report names lie in the store and stand under their items."""
    if state in (State.UNTOUCHED, State.BEGUN):
        return
    pictures = evidence_of(member)
    if state in (State.HALF, State.FAULTY):
        pictures = dict(list(pictures.items())[::2])
    blobs = Blob.objects.bulk_create(
        Blob(sha256=keep_bytes(content), size=len(content), kind="image/jpeg", stored_at=at)
        for _, content in pictures.values()
    )
    files = File.objects.bulk_create(
        File(
            token=secrets.token_urlsafe(18),
            blob=blob,
            name=name,
            purpose=_PURPOSE,
            institution=entry.institution,
            given_by=by,
            given_at=at,
        )
        for name, blob in zip(pictures, blobs, strict=True)
    )
    Attachment.objects.bulk_create(
        Attachment(entry=entry, file=file, item=item, name=file.name, added_by=by, added_at=at)
        for file, (item, _) in zip(files, pictures.values(), strict=True)
    )


def open_entry(season: Season, institution: Institution, *, at: datetime) -> Entry:
    """The institution takes part."""
    return Entry.objects.create(season=season, institution=institution, created_at=at, changed_at=at)


def hand_in(entry: Entry, member: Member, scheme: Scheme, *, signer: str, by: User, at: datetime) -> Submission:
    """The commitment is accepted and the report submitted; what is only asked about is let stand."""
    accept_commitment(entry=entry, name=signer, by=by, at=at)
    key = uuid5(NAMESPACE_URL, f"{scheme.id} {member.uscc}")
    try:
        return submit_report(entry=entry, key=key, category=member.category, let_stand=[], by=by, at=at)
    except ReportIncomplete as incomplete:
        if errors_in(incomplete.findings):
            raise
        asked = [(one.code, one.place) for one in incomplete.findings]
        return submit_report(entry=entry, key=key, category=member.category, let_stand=asked, by=by, at=at)


def _slips(answers: Mapping[str, Any]) -> dict[str, Any]:
    """A digit too few, more full-time people than staff, a day that is none, a mail address without its sign."""
    return {
        "legal_phone": answers["legal_phone"][:-1],
        "fulltime_count": str(int(answers["headcount"]) + 3),
        "founded_on": "2022-02-30",
        "contact_email": answers["contact_email"].replace("@", "#"),
        "plan_far": "",
    }


def _slipped(tables: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """The same client twice under two spellings, a phone that is none, an honour of the year before."""
    clients = tables["clients"]
    again = dict(clients[4]) | {"name": clients[4]["name"].replace("有限公司", "有限责任公司")}
    clients[7] = clients[7] | {"phone": clients[7]["phone"] + "0"}
    tables["honours"][0] = tables["honours"][0] | {"obtained_on": "2020-11-02"}
    return tables | {"clients": [*clients, again]}
