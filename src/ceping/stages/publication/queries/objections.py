"""Objections as the office, an assessor, an institution and whoever filed one see them."""

import hashlib

from django.db.models import Count, Q

from ceping.ground.people.models import Institution, User
from ceping.stages.assessment.models import Assessor, Assignment, Difference, EvidenceCheck, Mark, VerifiedValue
from ceping.stages.assessment.queries import conflict_of
from ceping.stages.publication.models import Objection, ObjectionFile, Recheck
from ceping.stages.publication.states import OVER
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season

_OVER = [state.value for state in OVER]


def hash_of(token: str) -> str:
    """Under which the link of an objection is found."""
    return hashlib.sha256(token.encode()).hexdigest()


def objection_by(token: str) -> Objection | None:
    """The objection of that link."""
    found = Objection.objects.filter(token_sha256=hash_of(token))
    return found.select_related("notice__season", "entry__institution").first()


def objections_of(season: Season) -> list[Objection]:
    """Every objection of the season, those that wait first, then by when they are due."""
    found = Objection.objects.filter(notice__season=season).select_related(
        "entry__institution", "institution", "notice", "decided_by"
    )
    counted = found.annotate(evidence=Count("files", distinct=True))
    return sorted(counted, key=lambda one: (one.state in OVER, one.due_on, one.pk))


def objections_by(institution: Institution) -> list[Objection]:
    """What the institution filed itself, the newest first."""
    found = Objection.objects.filter(institution=institution).select_related("notice__season", "entry__institution")
    return list(found.order_by("-pk"))


def objection_of(pk: int) -> Objection | None:
    """One objection with what its page shows."""
    found = Objection.objects.select_related(
        "notice__season__scheme", "notice__computation", "entry__institution__area", "institution", "decided_by"
    )
    return found.filter(pk=pk).first()


def rechecks_of(objection: Objection) -> list[Recheck]:
    """Those asked, in their order; one that was taken back is among them."""
    return list(objection.rechecks.select_related("assessor", "asked_by").order_by("pk"))


def rechecks_for(user: User) -> list[Recheck]:
    """What lies with this assessor, what is not done first."""
    found = Recheck.objects.filter(assessor=user, ended_at=None).select_related(
        "objection__entry__institution", "objection__notice__season"
    )
    return sorted(found, key=lambda one: (one.done_at is not None, one.objection.due_on, one.pk))


def evidence_of(objection: Objection) -> list[ObjectionFile]:
    """The files that came with it."""
    return list(objection.files.select_related("file__blob").order_by("pk"))


def involved_in(entry: Entry) -> set[int]:
    """Everybody who had a part in the result of this entry: marked, were assigned, decided, verified."""
    people: set[int] = set(
        Assignment.objects.filter(entry=entry).values_list("assessor__user", flat=True),
    )
    people.update(Mark.objects.filter(sheet__entry=entry).values_list("marked_by", flat=True))
    people.update(VerifiedValue.objects.filter(entry=entry).values_list("set_by", flat=True))
    people.update(EvidenceCheck.objects.filter(entry=entry).values_list("checked_by", flat=True))
    for decided, third in Difference.objects.filter(entry=entry).values_list("decided_by", "third__user"):
        people.update(one for one in (decided, third) if one is not None)
    return people


def may_recheck(objection: Objection) -> list[Assessor]:
    """Assessors of the season who had no part in it and no conflict, and were not asked yet; by their codes."""
    season, entry = objection.notice.season, objection.entry
    found = Assessor.objects.filter(season=season, left_at=None, user__is_active=True).select_related("user")
    asked = set(objection.rechecks.filter(ended_at=None).values_list("assessor", flat=True))
    apart = involved_in(entry) if entry is not None else set()
    return [
        one
        for one in found.order_by("code")
        if one.user_id not in asked | apart and (entry is None or conflict_of(one, entry) is None)
    ]


def counts_of(season: Season) -> dict[str, int]:
    """How many objections: all, waiting, upheld in whole or part."""
    found = Objection.objects.filter(notice__season=season)
    return found.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=~Q(state__in=_OVER)),
        upheld=Count("pk", filter=Q(verdict__in=["upheld", "partly"])),
    )
