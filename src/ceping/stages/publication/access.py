"""Who may propose and publish, object and re-check, and when; answered with the reason."""

from datetime import datetime

from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import Institution, User
from ceping.ground.people.roles import Act, Reach, Role
from ceping.stages.publication.models import Certificate, Notice, Objection, Recheck, Release
from ceping.stages.publication.queries import Standing, closes_at, opens_at, release_out
from ceping.stages.publication.states import CertificateState, NoticeState, ObjectionState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState

_OUT = (SeasonState.SIGNED, SeasonState.NOTICE, SeasonState.PUBLISHED)


def why_not_publish(user: User) -> Finding | None:
    """Why this person publishes nothing: organisers do, two of them."""
    return None if hats_for(user, Act.PUBLISH) else fault("publish_not_yours")


def why_not_propose(user: User, standing: Standing) -> Finding | None:
    """Why this person cannot propose a notice of the frozen result now."""
    if why := why_not_publish(user):
        return why
    season, out = standing.season, standing.out
    if SeasonState(season.state) not in _OUT or standing.frozen is None:
        return fault("publish_season_state", state=SeasonState(season.state).label)
    if standing.proposed is not None:
        return fault("publish_one_waits")
    if out is not None and standing.is_newest(out.computation_id):
        return fault("publish_noticed_already")
    return fault("release_correction_open") if standing.correction is not None else None


def why_not_publish_notice(user: User, notice: Notice, standing: Standing, at: datetime) -> Finding | None:
    """Why this person cannot put the notice out now."""
    if why := why_not_publish(user):
        return why
    if notice.state != NoticeState.PROPOSED:
        return fault("publish_over", state=NoticeState(notice.state).label)
    if notice.proposed_by_id == user.pk:
        return fault("publish_second_person")
    if not standing.is_newest(notice.computation_id):
        return fault("publish_not_newest")
    if standing.correction is not None:
        return fault("release_correction_open")
    late = timezone.localtime(at).date() > notice.starts_on
    return fault("publish_begins_past", day=notice.starts_on) if late else None


def why_not_drop(user: User, proposed: Notice | Release) -> Finding | None:
    """Why this person cannot take back what waits for the second person."""
    if why := why_not_publish(user):
        return why
    waits = proposed.state == NoticeState.PROPOSED
    return None if waits else fault("publish_over", state=NoticeState(proposed.state).label)


def why_not_object(notice: Notice, at: datetime) -> Finding | None:
    """Why nobody can object to this notice now."""
    if notice.state != NoticeState.PUBLISHED:
        return fault("objection_notice_over")
    if at < opens_at(notice):
        return fault("objection_early", day=notice.starts_on)
    return fault("objection_late", day=notice.ends_on) if at >= closes_at(notice) else None


def why_not_object_for(user: User, institution: Institution) -> Finding | None:
    """Why this person cannot object in the name of the institution."""
    mine = any(hat.institution_id == institution.pk for hat in hats_for(user, Act.FILE_OBJECTION))
    return None if mine else fault("objection_not_yours")


def why_not_take(user: User, objection: Objection) -> Finding | None:
    """Why this person cannot take an objection up or turn it away: organisers do."""
    if why := _why_not_organiser(user):
        return why
    if objection.state == ObjectionState.FILED:
        return None
    return fault("objection_state", state=ObjectionState(objection.state).label)


def why_not_ask(user: User, objection: Objection) -> Finding | None:
    """Why this person cannot ask an assessor to look again: the lead of the agency does."""
    if not any(hat.reach(Act.DECIDE_OBJECTION) is Reach.PROPOSE for hat in hats_for(user, Act.DECIDE_OBJECTION)):
        return fault("objection_lead_asks")
    if objection.state in (ObjectionState.ACCEPTED, ObjectionState.RECHECKED):
        return None
    return fault("objection_state", state=ObjectionState(objection.state).label)


def why_not_recheck(user: User, recheck: Recheck) -> Finding | None:
    """Why this person cannot see the case and say what they would decide."""
    assessor = any(hat.role is Role.ASSESSOR for hat in hats_for(user, Act.MARK))
    if not assessor or recheck.assessor_id != user.pk or recheck.ended_at is not None:
        return fault("objection_not_asked")
    return None


def why_not_say(user: User, recheck: Recheck) -> Finding | None:
    """Why they cannot say it now."""
    if why := why_not_recheck(user, recheck):
        return why
    objection = recheck.objection
    if objection.state in (ObjectionState.ACCEPTED, ObjectionState.RECHECKED):
        return None
    return fault("objection_state", state=ObjectionState(objection.state).label)


def why_not_decide(user: User, objection: Objection) -> Finding | None:
    """Why this person cannot decide it: organisers do, after the re-check."""
    if why := _why_not_organiser(user):
        return why
    if objection.state == ObjectionState.RECHECKED:
        return None
    if objection.state == ObjectionState.ACCEPTED:
        return fault("objection_recheck_first")
    return fault("objection_state", state=ObjectionState(objection.state).label)


def why_not_release(user: User, standing: Standing, at: datetime) -> Finding | None:
    """Why the result cannot be published now: its notice is over, every objection answered, nothing newer frozen."""
    if why := why_not_publish(user):
        return why
    notice = standing.out
    if notice is None or SeasonState(standing.season.state) not in (SeasonState.NOTICE, SeasonState.PUBLISHED):
        return fault("release_no_notice")
    if at < closes_at(notice):
        return fault("release_notice_runs", day=notice.ends_on)
    if standing.objections_open:
        return fault("release_objections_open", count=standing.objections_open)
    if standing.releasing is not None:
        return fault("publish_one_waits")
    if standing.release is not None and standing.release.notice_id == notice.pk:
        return fault("release_already")
    return _why_corrected(standing, notice)


def why_not_publish_release(user: User, release: Release, standing: Standing) -> Finding | None:
    """Why this person cannot publish the proposed result."""
    if why := why_not_publish(user):
        return why
    if release.state != NoticeState.PROPOSED:
        return fault("publish_over", state=NoticeState(release.state).label)
    if release.proposed_by_id == user.pk:
        return fault("publish_second_person")
    if release.notice.state != NoticeState.PUBLISHED:
        return fault("release_corrected_since")
    if standing.objections_open:
        return fault("release_objections_open", count=standing.objections_open)
    return _why_corrected(standing, release.notice)


def _why_corrected(standing: Standing, notice: Notice) -> Finding | None:
    if standing.correction is not None:
        return fault("release_correction_open")
    return None if standing.is_newest(notice.computation_id) else fault("release_corrected_since")


def why_not_revoke(user: User, certificate: Certificate) -> Finding | None:
    """Why this person cannot take a certificate back."""
    if why := why_not_publish(user):
        return why
    valid = certificate.state == CertificateState.VALID
    return None if valid else fault("certificate_over", state=CertificateState(certificate.state).label)


def sees_own_result(user: User, institution: Institution, season: Season) -> bool:
    """Whether this person sees the score of the institution: once the season's result is published."""
    hats = hats_for(user, Act.SEE_OWN_SCORE)
    if any(hat.reach(Act.SEE_OWN_SCORE) is Reach.ALL for hat in hats):
        return True
    mine = any(hat.institution_id == institution.pk for hat in hats)
    return mine and release_out(season) is not None


def _why_not_organiser(user: User) -> Finding | None:
    organiser = any(hat.reach(Act.DECIDE_OBJECTION) is Reach.ALL for hat in hats_for(user, Act.DECIDE_OBJECTION))
    return None if organiser else fault("objection_organiser_decides")
