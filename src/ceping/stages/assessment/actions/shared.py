"""What the changes of an assessment have in common: locks, what a stale change is told, history, the journal's line."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import is_lead, why_not_lead
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import last_submission
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import hold_state

LONGEST_REASON, LONGEST_WORDS = 500, 2_000


class Stale(Refused):
    """Somebody else changed it meanwhile; `theirs` is what stands, `mine` what was to be kept. Nothing was changed."""

    def __init__(
        self, theirs: Mapping[str, Any], mine: Mapping[str, Any], version: int, by: User, at: datetime
    ) -> None:
        super().__init__(fault("assess_changed_meanwhile", by=by.name))
        self.theirs, self.mine, self.version, self.by, self.at = theirs, mine, version, by, at


def hold_season(season: Season, by: User) -> Season:
    """The season, locked, for a lead. Raises NotAllowed."""
    held = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=season.pk)
    if why := why_not_lead(by, held):
        raise NotAllowed(why)
    return held


def hold_entry(entry: Entry) -> Entry:
    """The entry, locked, of a season that stays as it is: what joins several sheets comes one after the other."""
    hold_state(entry.season_id)
    held = Entry.objects.select_for_update(of=("self",)).select_related("season__scheme", "institution__area")
    return held.get(pk=entry.pk)


def hold_entries(entries: Collection[int]) -> None:
    """Several entries, locked in one order: always before an assessor's row, so that no two wait for each other."""
    list(Entry.objects.select_for_update().filter(pk__in=entries).order_by("pk").values_list("pk"))


def submission_of(entry: Entry) -> Submission:
    """The submission that is judged. Raises Refused where there is none."""
    found = last_submission(entry)
    if found is None:
        raise Refused(fault("assess_no_report"))
    return found


def wanted_reason(reason: str) -> str:
    """The reason without its edges. Raises Refused without one or for one too long."""
    if not (said := words(reason)):
        raise Refused(fault("assess_reason_wanted", place="reason"))
    return said


def words(text: str, most: int = LONGEST_REASON) -> str:
    """What was typed, without its edges. Raises Refused for what is too long or cannot be stored."""
    said = text.strip()
    if len(said) > most or "\x00" in said:
        raise Refused(fault("assess_words_long", place="reason", most=most, given=len(said)))
    return said


def role_of(by: User) -> Role:
    """As whom this person acts here: as a lead where they are one."""
    return Role.LEAD if is_lead(by) else Role.ASSESSOR


def note(
    act: str,
    season: Season,
    about: tuple[str, object],
    by: User,
    at: datetime,
    *,
    role: Role = Role.LEAD,
    reason: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """An act in the season's chain."""
    record(act, by=by, role=role, at=at, about=about, chain=season_chain(season.pk), reason=reason, body=body)
