"""What was published: the release that stands, its certificates and papers, an institution's own share of it."""

import json
from typing import Any

from ceping.ground.files.actions import bytes_of
from ceping.ground.people.models import Institution
from ceping.stages.publication.models import Certificate, Paper, Release
from ceping.stages.publication.states import NoticeState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season

PUBLIC, FULL, CERTIFICATE, FEEDBACK, OWN = "public", "full", "certificate", "feedback", "own"


def release_out(season: Season) -> Release | None:
    """The published result of the season that stands."""
    found = Release.objects.filter(season=season, state=NoticeState.PUBLISHED)
    return found.select_related("notice__computation", "season__scheme", "job", "published_by").first()


def certificate_by(code: str) -> Certificate | None:
    """The certificate of that check code, as people type it: small letters, spaces and missing dashes are no matter."""
    found = Certificate.objects.select_related("entry__institution", "release__season", "release__notice", "revoked_by")
    return found.filter(code=as_code(code)).first()


def as_code(typed: str) -> str:
    """A check code in groups of four, out of what somebody typed."""
    kept = "".join(one for one in typed.upper() if one.isascii() and one.isalnum())[:40]
    return "-".join(kept[at : at + 4] for at in range(0, len(kept), 4))


def certificates_of(release: Release) -> list[Certificate]:
    """All of a release, by the institution's name."""
    found = release.certificates.select_related("entry__institution")
    return sorted(found, key=lambda one: (one.entry.institution.uscc,))


def newest_certificate(season: Season, entry: Entry) -> Certificate | None:
    """The newest one of an entry."""
    return Certificate.objects.filter(release__season=season, entry=entry).order_by("-pk").first()


def paper_of(release: Release, kind: str, entry: Entry | None = None) -> Paper | None:
    """The file of that kind, of one entry or of all."""
    return release.papers.select_related("file__blob").filter(kind=kind, entry=entry).first()


def share_of(release: Release, entry: Entry) -> dict[str, Any] | None:
    """The institution's own share of the result as `own.shares_of` made it; None until it is made."""
    found = paper_of(release, OWN, entry)
    if found is None:
        return None
    told: dict[str, Any] = json.loads(bytes_of(found.file).read_bytes())
    return told


def packages_of(release: Release) -> dict[str, Paper]:
    """The packages there are, by their kind."""
    found = release.papers.select_related("file__blob").filter(kind__in=[PUBLIC, FULL])
    return {one.kind: one for one in found}


def entry_of(season: Season, institution: Institution) -> Entry | None:
    """What the institution filed in the season."""
    return Entry.objects.filter(season=season, institution=institution).select_related("institution__area").first()
