"""A notice: proposed by one organiser with every word it says, put out by another; a correction takes its place."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ceping.core.finding import Finding, errors_in, fault
from ceping.documents.check_code import check_code
from ceping.documents.fonts.faces import faces_from
from ceping.documents.forms.notice import COLUMNS, NoticeColumn, NoticeTexts, notice_document, persons_in
from ceping.documents.page_content import Institution, PageValues
from ceping.documents.pdf import to_pdf
from ceping.documents.sheet import Document
from ceping.documents.word import to_word
from ceping.ground.files.actions import add_made
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.publication.access import why_not_drop, why_not_propose, why_not_publish_notice
from ceping.stages.publication.models import Notice
from ceping.stages.publication.queries import (
    changes_between,
    listed_in,
    period_of,
    recommenders_of,
    rows_for,
    standing_of,
    values_of,
)
from ceping.stages.publication.states import NoticeState
from ceping.stages.scheme.models import Season

PURPOSE = "notice"
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class NoticeAsked:
    """What an organiser says of a notice; `url` is what its check code is put behind, `reason` why it corrects."""

    issuer: str
    channel: str
    starts_on: date
    working_days: int
    answer_days: int
    columns: tuple[str, ...]
    grades: tuple[str, ...] = ()
    document_number: str = ""
    reason: str = ""
    url: str = ""


@transaction.atomic
def propose_notice(*, season: Season, asked: NoticeAsked, by: User, at: datetime) -> Notice:
    """The notice of the season's frozen result waits for the second person, drawn as it will go out.

    Raises NotAllowed; Refused with everything that is wrong in it, a person's number above all.
    """
    locked = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=season.pk)
    standing = standing_of(locked)
    held, before = standing.frozen, standing.out
    if (why := why_not_propose(by, standing)) or held is None:
        raise NotAllowed(why or fault("publish_not_newest"))
    columns = _columns(asked, at=at, corrects=before is not None)
    values = values_of(held)
    listed = listed_in(values, asked.grades)
    if not listed:
        raise Refused(fault("notice_nobody"))
    ends_on, unknown = period_of(asked.starts_on, asked.working_days)
    if errors := errors_in([one for one in unknown if one.code == "span_too_long"]):
        raise Refused(*errors)
    recommenders = recommenders_of(locked)
    document = _drawn(values, listed, asked, columns, ends_on, recommenders, held.results_sha256)
    faces, _ = faces_from(os.environ)
    name = f"{locked.title}公示"
    rows = rows_for(listed, columns, recommenders)
    made = Notice.objects.create(
        season=locked,
        number=(locked.notices.aggregate(most=Max("number"))["most"] or 0) + 1,
        computation=held,
        issuer=asked.issuer.strip(),
        document_number=asked.document_number.strip(),
        channel=asked.channel.strip(),
        columns=list(columns),
        grades=list(asked.grades),
        rows=rows,
        starts_on=asked.starts_on,
        ends_on=ends_on,
        working_days=asked.working_days,
        answer_days=asked.answer_days,
        check_code=check_code(locked.title, "", held.results_sha256),
        warnings=[one.as_json() for one in unknown],
        pdf=_kept(to_pdf(document, faces), "pdf", name, by, at),
        word=_kept(to_word(document), "docx", name, by, at),
        corrects=before,
        reason=asked.reason.strip() if before is not None else "",
        changes=changes_between(before, rows, columns) if before is not None else [],
        proposed_by=by,
        proposed_at=at,
    )
    _record("propose_notice", made, by, at, reason=made.reason)
    return made


@transaction.atomic
def drop_notice(*, notice: Notice, by: User, at: datetime) -> Notice:
    """It does not go out. What it would have corrected stands and may be corrected by another."""
    held = _locked(notice)
    if why := why_not_drop(by, held):
        raise NotAllowed(why)
    held.state, held.corrects = NoticeState.DROPPED, None
    held.save(update_fields=["state", "corrects"])
    _record("drop_notice", held, by, at)
    return held


@transaction.atomic
def publish_notice(*, notice: Notice, by: User, at: datetime) -> Notice:
    """It is out, and the one before it is not any more. Through `flow.publication`, which moves the season."""
    season = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=notice.season_id)
    held = _locked(notice)
    if why := why_not_publish_notice(by, held, standing_of(season), at):
        raise NotAllowed(why)
    Notice.objects.filter(season=held.season_id, state=NoticeState.PUBLISHED).update(state=NoticeState.REPLACED)
    held.state, held.published_by, held.published_at = NoticeState.PUBLISHED, by, at
    held.save(update_fields=["state", "published_by", "published_at"])
    _record("publish_notice", held, by, at, reason=held.reason)
    return held


def _drawn(
    values: PageValues,
    listed: Sequence[Institution],
    asked: NoticeAsked,
    columns: Sequence[NoticeColumn],
    ends_on: date,
    recommenders: Mapping[str, str],
    sha256: str,
) -> Document:
    """The paper of the notice. Raises Refused with every place where it holds what may be a person's."""
    texts = NoticeTexts(
        asked.issuer.strip(),
        asked.starts_on,
        asked.starts_on,
        ends_on,
        asked.channel.strip(),
        number=asked.document_number.strip(),
        url=asked.url,
        columns=columns,
        grades=asked.grades,
        working_days=asked.working_days,
    )
    document = notice_document(values, listed, texts, recommenders=dict(recommenders), sha256=sha256)
    if persons := persons_in(document, texts.channel):
        raise Refused(*persons)
    return document


def _columns(asked: NoticeAsked, *, at: datetime, corrects: bool) -> Sequence[NoticeColumn]:
    """The columns asked for, in the order of the closed list. Raises Refused with everything wrong in the request."""
    columns, known = [name for name in COLUMNS if name in asked.columns], "、".join(COLUMNS.values())
    strange = [given for given in asked.columns if given not in COLUMNS]
    found: list[Finding] = [fault("notice_column_unknown", given=given[:40], known=known) for given in strange]
    if "name" not in columns:
        found.append(fault("notice_name_wanted"))
    for place, text in (("issuer", asked.issuer), ("channel", asked.channel)):
        if not text.strip():
            found.append(fault("notice_text_wanted", place=place))
    if not 1 <= asked.working_days <= MOST_DAYS or not 1 <= asked.answer_days <= MOST_DAYS:
        found.append(fault("notice_days_wrong", most=MOST_DAYS))
    if asked.starts_on < timezone.localtime(at).date():
        found.append(fault("publish_begins_past", place="starts_on", day=asked.starts_on))
    if corrects and not asked.reason.strip():
        found.append(fault("notice_reason_wanted", place="reason"))
    if found:
        raise Refused(*found)
    return columns


def _kept(data: bytes, kind: str, name: str, by: User, at: datetime) -> File:
    return add_made(data=data, kind=kind, name=f"{name}.{kind}", purpose=PURPOSE, institution=None, by=by, at=at)


def _locked(notice: Notice) -> Notice:
    rows = Notice.objects.select_for_update(of=("self",)).select_related("season__scheme", "computation")
    return rows.get(pk=notice.pk)


def _record(act: str, notice: Notice, by: User, at: datetime, *, reason: str = "") -> None:
    body = {
        "number": notice.number,
        "results_sha256": notice.computation.results_sha256,
        "starts_on": notice.starts_on.isoformat(),
        "ends_on": notice.ends_on.isoformat(),
        "listed": len(notice.rows),
        "changed": len(notice.changes),
    }
    about, chain = ("notice", notice.pk), season_chain(notice.season_id)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, chain=chain, reason=reason, body=body)
