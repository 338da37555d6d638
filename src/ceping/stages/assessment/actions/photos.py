"""Photos of an on-site check: added by whoever verifies, each with its words; taken off, never lost."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.files.actions import Arrived, add_file
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.assessment.access import why_not_verify
from ceping.stages.assessment.actions.shared import hold_entry, note, role_of, words
from ceping.stages.assessment.models import EvidenceCheck, SitePhoto

PURPOSE = "site_photo"
MOST_PHOTOS = 20
_MOST_WORDS = 120


@transaction.atomic
def add_photo(*, check: EvidenceCheck, arrived: Arrived, taken: str, by: User, at: datetime) -> SitePhoto:
    """The photo stands with the verdict; the same picture sent again is the one that stands.

    Raises NotAllowed; Refused for a verdict that was not reached on site, without words, and for too many.
    """
    held = _open(check, by, at)
    said = words(taken, _MOST_WORDS)
    if not held.on_site:
        raise Refused(fault("assess_photo_on_site"))
    if not said:
        raise Refused(fault("assess_photo_words", place="taken"))
    standing = SitePhoto.objects.filter(check_of=held, removed_at=None)
    same = standing.filter(file__blob__sha256=arrived.sha256).first()
    if same is not None:
        return same
    if standing.count() >= MOST_PHOTOS:
        raise Refused(fault("assess_photo_many", most=MOST_PHOTOS))
    file = add_file(arrived=arrived, purpose=PURPOSE, institution=None, by=by, at=at)
    made = SitePhoto.objects.create(check_of=held, file=file, taken=said, added_by=by, added_at=at)
    body = {"file": held.sha256[:12], "sha256": arrived.sha256}
    note("add_photo", held.entry.season, ("entry", held.entry_id), by, at, role=role_of(by), body=body)
    return made


@transaction.atomic
def remove_photo(*, photo: SitePhoto, by: User, at: datetime) -> SitePhoto:
    """The photo is shown no more; only who added it takes it off. Raises NotAllowed."""
    check = _open(photo.check_of, by, at)
    held = SitePhoto.objects.select_for_update().get(pk=photo.pk)
    if held.added_by_id != by.pk:
        raise NotAllowed(fault("assess_photo_other"))
    if held.removed_at is None:
        held.removed_at = at
        held.save(update_fields=["removed_at"])
        body = {"file": check.sha256[:12]}
        note("remove_photo", check.entry.season, ("entry", check.entry_id), by, at, role=role_of(by), body=body)
    return held


def _open(check: EvidenceCheck, by: User, at: datetime) -> EvidenceCheck:
    entry = hold_entry(check.entry)
    if why := why_not_verify(by, entry, at):
        raise NotAllowed(why)
    held = EvidenceCheck.objects.select_for_update().get(pk=check.pk)
    held.entry = entry
    return held
