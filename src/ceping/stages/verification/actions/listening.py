"""What a supervisor found who listened to a call."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.verification.access import why_not_lead
from ceping.stages.verification.actions.shared import LONGEST_WORDS, record_in
from ceping.stages.verification.models import Attempt, Listening
from ceping.stages.verification.states import Grade, Mode


@transaction.atomic
def note_listening(*, attempt: Attempt, grade: str, text: str, by: User, at: datetime) -> Listening:
    """The note stands beside the call and the verifier reads it. Raises NotAllowed, Refused without words."""
    if why := why_not_lead(by):
        raise NotAllowed(why)
    said = text.strip()
    if not said or len(said) > LONGEST_WORDS or grade not in Grade.values or attempt.mode == Mode.ONLINE:
        raise Refused(fault("verify_listening_wanted", place="text", most=LONGEST_WORDS))
    made = Listening.objects.create(attempt=attempt, grade=grade, text=said, by=by, at=at)
    body = {"grade": grade, "n": attempt.number}
    season = attempt.frame.survey.season
    record_in(season, "note_listening", ("client", attempt.client_id), by, at, role=Role.LEAD, body=body)
    return made
