"""The list of a season's contacts: asked for, let go by another, made by a worker out of reports and accounts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from ceping.core.finding import fault
from ceping.documents.excel import Sheet, write_workbook
from ceping.ground.exports import actions
from ceping.ground.exports.models import Export
from ceping.ground.exports.moment import one_moment
from ceping.ground.exports.queries import second_people
from ceping.ground.journal.chain import season_chain
from ceping.ground.messages.actions import said_on, tell
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import Reader
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job
from ceping.ground.work.tasks import Made
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season

KIND = "contacts"
# By the id of the report's answer; what begins with `account_` is the platform's own.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "contact_name": "联系人",
        "contact_phone": "联系人手机",
        "contact_email": "联系人邮箱",
        "legal_name": "法定代表人",
        "legal_phone": "法定代表人手机",
        "legal_email": "法定代表人邮箱",
        "account_name": "平台主要联系人",
        "account_phone": "平台主要联系人手机",
        "account_email": "平台主要联系人邮箱",
    }
)
_ADDRESS = "/office/exports/"


@transaction.atomic
def propose(
    *,
    season: Season,
    entries: Sequence[int],
    columns: Sequence[str],
    filters: Mapping[str, str],
    reason: str,
    by: User,
    at: datetime,
) -> Export:
    """The contacts of exactly these entries wait for a second person, who is told. Raises NotAllowed and Refused."""
    chosen = [name for name in COLUMNS if name in columns]
    known = list(Entry.objects.filter(season=season, pk__in=entries).order_by("pk").values_list("pk", flat=True))
    given = {"season": season.pk, "entries": known, "columns": chosen, "filters": dict(filters)}
    made = actions.propose_export(
        kind=KIND, given=given, count=len(known), chain=season_chain(season.pk), reason=reason, by=by, at=at
    )
    tell(
        Event.EXPORT_ASKED,
        about=("export", made.pk),
        to=[Reader(user, role) for user, role in second_people(by)],
        at=at,
        values={"who": by.name, "season": season.title, "count": str(len(known)), "due": said_on(made.decided_until)},
        once="asked",
        link=_ADDRESS,
    )
    return made


@transaction.atomic
def decide(*, export: Export, accept: bool, reason: str, by: User, at: datetime) -> Export:
    """It is made, or not, and whoever asked is told. Raises what `exports.decide_export` raises."""
    held = actions.decide_export(export=export, accept=accept, reason=reason, begin=_begin, by=by, at=at)
    role = next((one for one in (Role.ORGANISER, Role.LEAD) if one in held.asked_by.roles), None)
    if role is not None:
        tell(
            Event.EXPORT_ACCEPTED if accept else Event.EXPORT_REFUSED,
            about=("export", held.pk),
            to=[Reader(held.asked_by, role)],
            at=at,
            values={"who": by.name, "reason": held.answer},
            once="decided",
            link=_ADDRESS,
        )
    return held


def made(job: Job, *, at: datetime) -> Made:
    """The work itself: the workbook, sealed where it lies. Raises Refused when the request is not there or over."""
    export = Export.objects.filter(job=job).first()
    if export is None or export.kind != KIND:
        raise Refused(fault("export_no_longer"))
    with one_moment():
        rows = _rows(export.given)
    heads = ("序号", "机构", "统一社会信用代码", "推荐单位", *(COLUMNS[name] for name in export.given["columns"]))
    title = Season.objects.get(pk=export.given["season"]).title
    notice = f"{title}　含个人信息，仅限：{export.reason}"
    with TemporaryDirectory(prefix="ceping-export-") as folder:
        path = Path(folder) / "contacts.xlsx"
        write_workbook(path, [Sheet("联系方式", heads, rows, notice=notice)], title=title)
        actions.keep_export(export=export, data=path.read_bytes(), rows=len(rows), at=at)
    return {"rows": len(rows)}, []


def _rows(given: Mapping[str, Any]) -> list[tuple[int | str, ...]]:
    entries = Entry.objects.filter(pk__in=given["entries"]).select_related("institution__area")
    answers = _answers(given["entries"]) if any(not one.startswith("account_") for one in given["columns"]) else {}
    accounts = _accounts(given["entries"])
    rows: list[tuple[int | str, ...]] = []
    for number, entry in enumerate(entries.order_by("institution__name_key", "pk"), start=1):
        one, said = entry.institution, answers.get(entry.pk, {}) | accounts.get(entry.institution_id, {})
        cells = [str(said.get(name, "")) for name in given["columns"]]
        rows.append((number, one.name, one.uscc, str(one.area or ""), *cells))
    return rows


def _answers(entries: Sequence[int]) -> dict[int, dict[str, object]]:
    """What was submitted last; a draft is nobody's but its institution's."""
    found = Submission.objects.filter(entry__in=entries, withdrawn_at=None).exclude(entry__state=EntryState.DRAFT)
    return {one.entry_id: one.report["answers"] for one in found.order_by("number").iterator(chunk_size=50)}


def _accounts(entries: Sequence[int]) -> dict[int | None, dict[str, str]]:
    grants = Grant.objects.filter(institution__entries__in=entries, main=True, revoked_at=None).select_related("user")
    return {
        grant.institution_id: {
            "account_name": grant.user.name,
            "account_phone": grant.user.phone,
            "account_email": grant.user.email,
        }
        for grant in grants
    }


def _begin(token: str) -> None:
    app.configure_task("flow.make_export").defer(token=token)
