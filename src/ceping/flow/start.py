"""A season begins from a list of institutions: they stand, take part and are invited, all of them or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ceping.core.finding import Finding, Level, fault
from ceping.documents.forms.slips import Slip
from ceping.documents.intake.institutions import Line
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.messages.actions import said_on
from ceping.ground.messages.invitations import invite_by_letter, own_address
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.institutions import add_institution
from ceping.ground.people.invitations import Contact, withdraw_invitation
from ceping.ground.people.models import Area, Grant, Institution, Invitation, User
from ceping.ground.people.roles import Role
from ceping.ground.people.standing import is_officer
from ceping.stages.report.actions.opening import open_entry
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState

BEGINNING = (SeasonState.DRAFT, SeasonState.FILING)


@dataclass(frozen=True, slots=True)
class Started:
    """How many institutions and entries are new, and letters written; the slips hold the one copy of their links.

    `standing` institutions have somebody with an account, `waiting` ones an invitation that was not accepted yet.
    """

    institutions: int
    entries: int
    letters: int
    slips: tuple[Slip, ...]
    standing: int
    waiting: int

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise than before."""
        return bool(self.institutions or self.entries or self.letters or self.slips)


def differences_from_known(lines: Sequence[Line]) -> list[Finding]:
    """Warnings for lines that name an institution or its area otherwise than it stands here; that is not changed."""
    known = {one.uscc: one for one in _known(lines)}
    return [finding for line in lines if (one := known.get(line.uscc)) for finding in _differing(line, one)]


@transaction.atomic
def start_season(
    *, season: Season, lines: Sequence[Line], by: User, at: datetime, again: bool = False, reason: str = ""
) -> Started:
    """Every institution of the list stands, takes part, and is invited when nobody of it has an account.

    The same list once more changes nothing; with `again` whoever has not accepted is invited anew and the links of
    before are dead. Raises NotAllowed for everybody but the security officer; Refused for a season past its filing.
    """
    if not is_officer(by):
        raise NotAllowed(fault("people_not_yours"))
    held = Season.objects.select_for_update().get(pk=season.pk)
    if held.state not in BEGINNING:
        raise Refused(fault("start_season_over", season=held.title, state=held.get_state_display()))
    areas = {one.name: one for one in Area.objects.all()}
    if gone := sorted({line.area for line in lines} - areas.keys()):
        raise Refused(fault("intake_area_unknown", given=gone[0], known="、".join(areas)[:200]))
    added = [add_institution(uscc=one.uscc, name=one.name, area=areas[one.area], by=by, at=at) for one in lines]
    entries = [open_entry(season=held, institution=one, by=by, at=at) for one, _ in added]
    whose = [one.pk for one, _ in added]
    spoken = set(Grant.objects.filter(institution__in=whose, revoked_at=None).values_list("institution", flat=True))
    live = _live(whose, at)
    letters, waiting, slips = 0, 0, list[Slip]()
    for line, (one, _) in zip(lines, added, strict=True):
        if one.pk in spoken:
            continue
        if one.pk in live and not again:
            waiting += 1
            continue
        slip = _invited(line, one, live.get(one.pk, ()), by, at)
        if line.email:
            letters += 1
        else:
            slips.append(slip)
    started = Started(
        institutions=sum(made for _, made in added),
        entries=sum(one is not None for one in entries),
        letters=letters,
        slips=tuple(slips),
        standing=len(spoken),
        waiting=waiting,
    )
    if started.changed:
        body = {"lines": len(lines), "institutions": started.institutions, "entries": started.entries}
        body |= {"letters": letters, "slips": len(slips)}
        chain = season_chain(held.pk)
        record("start_season", by=by, at=at, about=("season", held.pk), chain=chain, reason=reason, body=body)
    return started


def _invited(line: Line, one: Institution, former: Sequence[Invitation], by: User, at: datetime) -> Slip:
    """The institution's main contact invited; what went out before is withdrawn, to whomever it went."""
    for invitation in former:
        withdraw_invitation(invitation=invitation, by=by, at=at, reason="批量开户时重新发出")
    to = Contact(line.contact, line.email, line.phone)
    made = invite_by_letter(role=Role.INSTITUTION, to=to, institution=one, main=True, by=by, at=at)
    return Slip(
        institution=one.name,
        uscc=one.uscc,
        recommender=str(one.area or ""),
        contact=line.contact,
        link=own_address().replace("{token}", made.token),
        until=said_on(made.invitation.expires_at),
    )


def _live(whose: Sequence[int], at: datetime) -> dict[int, list[Invitation]]:
    found: dict[int, list[Invitation]] = {}
    rows = Invitation.objects.filter(institution__in=whose, role=Role.INSTITUTION, main=True, expires_at__gt=at)
    for one in rows.filter(accepted_at=None, withdrawn_at=None).order_by("pk"):
        found.setdefault(one.institution_id or 0, []).append(one)
    return found


def _known(lines: Sequence[Line]) -> list[Institution]:
    return list(Institution.objects.filter(uscc__in=[line.uscc for line in lines]).select_related("area"))


def _differing(line: Line, one: Institution) -> Iterator[Finding]:
    place = f"第 {line.number} 行"
    if one.name != line.name:
        yield fault("start_name_differs", place=place, level=Level.WARNING, given=line.name, known=one.name)
    if one.area is not None and one.area.name != line.area:
        yield fault("start_area_differs", place=place, level=Level.WARNING, given=line.area, known=one.area.name)
