"""The result published: proposed by one organiser when its notice is over, put out by another, with certificates."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import fault
from ceping.documents.check_code import check_code
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.publication.access import (
    why_not_drop,
    why_not_publish_release,
    why_not_release,
    why_not_revoke,
)
from ceping.stages.publication.models import Certificate, Paper, Release
from ceping.stages.publication.queries import listed_in, standing_of, values_of
from ceping.stages.publication.states import CertificateState, NoticeState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season

MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class ReleaseAsked:
    """Who issues the certificates and when, until when they hold if they end, and where their codes are answered."""

    issuer: str
    issued_on: date
    check_url: str
    valid_until: date | None = None


@transaction.atomic
def propose_release(*, season: Season, asked: ReleaseAsked, by: User, at: datetime) -> Release:
    """The published result waits for the second person. Raises NotAllowed, and Refused for what is missing."""
    held = Season.objects.select_for_update().get(pk=season.pk)
    standing = standing_of(held)
    notice = standing.out
    if (why := why_not_release(by, standing, at)) or notice is None:
        raise NotAllowed(why or fault("release_no_notice"))
    if not asked.issuer.strip() or len(asked.issuer) > MOST_NAME:
        raise Refused(fault("notice_text_wanted", place="issuer"))
    if asked.valid_until is not None and asked.valid_until <= asked.issued_on:
        raise Refused(fault("release_until_early", place="valid_until"))
    made = Release.objects.create(
        season=held,
        number=(held.releases.aggregate(most=Max("number"))["most"] or 0) + 1,
        notice=notice,
        issuer=asked.issuer.strip(),
        issued_on=asked.issued_on,
        valid_until=asked.valid_until,
        check_url=asked.check_url,
        proposed_by=by,
        proposed_at=at,
    )
    _record("propose_release", made, by, at)
    return made


@transaction.atomic
def drop_release(*, release: Release, by: User, at: datetime) -> None:
    """It is not published; nothing of it was seen by anybody else, so the row goes."""
    held = _locked(release)
    if why := why_not_drop(by, held):
        raise NotAllowed(why)
    _record("drop_release", held, by, at)
    held.delete()


@transaction.atomic
def publish_release(*, release: Release, by: User, at: datetime) -> Release:
    """The result is out with its certificates; those before it are replaced. Through `flow.publication`."""
    season = Season.objects.select_for_update().get(pk=release.season_id)
    held, standing = _locked(release), standing_of(season)
    if why := why_not_publish_release(by, held, standing):
        raise NotAllowed(why)
    before = standing.release
    if before is not None:
        before.certificates.filter(state=CertificateState.VALID).update(state=CertificateState.REPLACED)
        Release.objects.filter(pk=before.pk).update(state=NoticeState.REPLACED)
    held.state, held.published_by, held.published_at = NoticeState.PUBLISHED, by, at
    held.save(update_fields=["state", "published_by", "published_at"])
    made = _certificates(held)
    _record("publish_release", held, by, at, certificates=len(made))
    return held


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: User, at: datetime) -> Certificate:
    """It does not hold any more, and whoever asks by its code is told so."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("release__notice__computation")
    held = rows.get(pk=certificate.pk)
    if why := why_not_revoke(by, held):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("certificate_reason_wanted", place="reason"))
    held.state, held.revoked_by, held.revoked_at = CertificateState.REVOKED, by, at
    held.reason = reason.strip()
    held.save(update_fields=["state", "revoked_by", "revoked_at", "reason"])
    about, chain = ("certificate", held.pk), season_chain(held.release.season_id)
    body = {"code": held.code, "entry": held.entry_id}
    record("revoke_certificate", by=by, role=Role.ORGANISER, at=at, about=about, chain=chain, reason=reason, body=body)
    return held


@transaction.atomic
def keep_paper(*, release: Release, kind: str, entry: Entry | None, file: File) -> Paper:
    """What was made for the release; made again it takes the place of the former file, whose bytes are the same."""
    return Paper.objects.update_or_create(release=release, kind=kind, entry=entry, defaults={"file": file})[0]


def _certificates(release: Release) -> list[Certificate]:
    """One for each institution listed; no two results share a code, as it is made of the result's hash."""
    notice = release.notice
    listed = listed_in(values_of(notice.computation), notice.grades)
    grades = {one.uscc: f"{one.grade}（{one.label}）" if one.label else one.grade for one in listed}
    entries = Entry.objects.filter(season=release.season, institution__uscc__in=grades).select_related("institution")
    title, sha256 = release.season.title, notice.computation.results_sha256
    made = [
        Certificate(
            release=release,
            entry=entry,
            code=check_code(title, entry.institution.uscc, sha256),
            grade=grades[entry.institution.uscc],
        )
        for entry in entries
    ]
    return Certificate.objects.bulk_create(made)


def _locked(release: Release) -> Release:
    rows = Release.objects.select_for_update(of=("self",)).select_related(
        "season__scheme", "notice__computation__season__scheme"
    )
    return rows.get(pk=release.pk)


def _record(act: str, release: Release, by: User, at: datetime, *, certificates: int = 0) -> None:
    body = {
        "number": release.number,
        "results_sha256": release.notice.computation.results_sha256,
        "certificates": certificates,
    }
    about, chain = ("release", release.pk), season_chain(release.season_id)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, chain=chain, body=body)
