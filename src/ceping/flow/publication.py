"""What moves a season with its publication: the notice goes out, the result is published; everybody is told."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from ceping.ground.messages.actions import said_on, tell
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import Reader, writers
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.publication import actions
from ceping.stages.publication.models import Notice, Objection, Recheck, Release
from ceping.stages.publication.queries import closes_at, opens_at
from ceping.stages.publication.states import ObjectionState
from ceping.stages.publication.tasks import ask_to_make
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.actions import move_with_results, set_phase
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import PhaseKind, SeasonState

_OWN, _OFFICE, _RECHECKS = "institution:result", "office:objection", "assessor:rechecks"


@transaction.atomic
def publish_notice(*, notice: Notice, by: User, at: datetime) -> Notice:
    """The notice is out: the calendar holds its days, the season stands in its notice, institutions are told."""
    held = actions.publish_notice(notice=notice, by=by, at=at)
    season = held.season
    reason = f"第{held.number}号公示" + ("（更正）" if held.corrects_id else "")
    set_phase(
        season=season,
        kind=PhaseKind.NOTICE,
        opens_at=opens_at(held),
        closes_at=closes_at(held),
        reason=reason,
        by=by,
        at=at,
    )
    if season.state == SeasonState.SIGNED:
        move_with_results(season=season, to=SeasonState.NOTICE, by=by, at=at)
    _tell_institutions(Event.NOTICE_OUT, season, about=("notice", held.pk), at=at, due=said_on(closes_at(held)))
    return held


@transaction.atomic
def publish_release(*, release: Release, by: User, at: datetime) -> Release:
    """The result is out: the season is published, its papers wait for a worker, institutions are told."""
    held = actions.publish_release(release=release, by=by, at=at)
    if held.season.state == SeasonState.NOTICE:
        move_with_results(season=held.season, to=SeasonState.PUBLISHED, by=by, at=at)
    held.job = ask_to_make(release=held, by=by, at=at)
    held.save(update_fields=["job"])
    _tell_institutions(Event.RESULT_OUT, held.season, about=("release", held.pk), at=at)
    return held


@transaction.atomic
def ask_recheck(*, objection: Objection, assessor: User, by: User, at: datetime) -> Recheck:
    """The assessor is asked and told."""
    made = actions.ask_recheck(objection=objection, assessor=assessor, by=by, at=at)
    tell(
        Event.RECHECK_ASKED,
        about=("recheck", made.pk),
        to=[Reader(assessor, Role.ASSESSOR)],
        at=at,
        values=_due(objection),
        once="asked",
        link=reverse(_RECHECKS),
    )
    return made


@transaction.atomic
def take_objection(*, objection: Objection, accept: bool, reason: str, by: User, at: datetime) -> Objection:
    """It is taken up or turned away; the leads are told of what they must have looked at again."""
    held = actions.take_objection(objection=objection, accept=accept, reason=reason, by=by, at=at)
    if accept:
        leads = Grant.objects.filter(role=Role.LEAD, revoked_at=None, user__is_active=True).select_related("user")
        readers = [Reader(one.user, Role.LEAD) for one in leads]
        about, link = ("objection", held.pk), reverse(_OFFICE, args=[held.pk])
        values = _due(held)
        tell(Event.OBJECTION_TAKEN, about=about, to=readers, at=at, values=values, once="taken", link=link)
    else:
        _tell_objector(held, at)
    return held


@transaction.atomic
def decide_objection(*, objection: Objection, verdict: str, answer: str, by: User, at: datetime) -> Objection:
    """It is decided, and an institution that objected is told."""
    held = actions.decide_objection(objection=objection, verdict=verdict, answer=answer, by=by, at=at)
    _tell_objector(held, at)
    return held


def _tell_objector(objection: Objection, at: datetime) -> None:
    """An institution has an inbox; who has none finds the answer behind the link of the receipt."""
    if objection.institution is None:
        return
    tell(
        Event.OBJECTION_ANSWERED,
        about=("objection", objection.pk),
        to=writers([objection.institution.pk])[objection.institution.pk],
        at=at,
        values={
            "institution": objection.institution.name,
            "receipt": objection.number,
            "reason": f"{objection.get_verdict_display() or ObjectionState(objection.state).label}。{objection.answer}",
        },
        once="answered",
        link=reverse(_OWN),
    )


def _due(objection: Objection) -> dict[str, str]:
    due = objection.due_on
    return {"receipt": objection.number, "due": f"{due.year}年{due.month}月{due.day}日"}


def _tell_institutions(event: Event, season: Season, *, about: tuple[str, object], at: datetime, due: str = "") -> None:
    """Everybody who writes for an institution of the result, in one go however many they are."""
    known = Entry.objects.filter(season=season, state=EntryState.PUT_FORWARD).values_list("institution", flat=True)
    readers = [one for found in writers(list(known)).values() for one in found]
    values = {"season": season.title, "due": due}
    tell(event, about=about, to=readers, at=at, values=values, once="out", link=reverse(_OWN))
