"""Who may read a report, who may write in it, and whether it can be handed in now; answered with the reason."""

from datetime import UTC, datetime

from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Reach
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.opening import widened
from ceping.stages.report.states import WRITABLE, EntryState
from ceping.stages.scheme.models import Phase
from ceping.stages.scheme.queries import lies_in, open_for, rules_of
from ceping.stages.scheme.states import PhaseKind

_FILING = "_filing_as_read"


def may_read(user: User, entry: Entry) -> bool:
    """Whether the report itself is open to this person here; an assessor's access is answered by assessment."""
    return any(
        hat.reach(Act.READ_REPORT) is Reach.ALL
        or (
            hat.reach(Act.READ_REPORT) is Reach.OWN
            and (
                hat.institution_id == entry.institution_id
                or (hat.area_id is not None and hat.area_id == entry.institution.area_id)
            )
        )
        for hat in hats_for(user, Act.READ_REPORT)
    )


def is_own(user: User, entry: Entry) -> bool:
    """Whether this person writes for the entry's institution."""
    return any(hat.institution_id == entry.institution_id for hat in hats_for(user, Act.EDIT_REPORT))


def closes_at(entry: Entry) -> datetime | None:
    """Until when the report can be written and handed in; None when the season has no filing phase."""
    if entry.state == EntryState.RETURNED and entry.due_at is not None:
        return entry.due_at
    phase, closes = _filing(entry)
    return closes if phase is not None else None


def why_not_write(user: User, entry: Entry, at: datetime) -> Finding | None:
    """Why this person cannot change the report now; None when nothing stands against it."""
    if not is_own(user, entry):
        return fault("draft_not_yours")
    if entry.state not in WRITABLE:
        return fault("draft_not_writable", state=EntryState(entry.state).label)
    if entry.state == EntryState.RETURNED and entry.due_at is not None:
        return None if at < entry.due_at else fault("draft_closed", closed=_told(entry.due_at))
    phase, closes = _filing(entry)
    if phase is None or at < phase.opens_at:
        return fault("draft_not_open")
    return None if lies_in(phase, closes, at) else fault("draft_closed", closed=_told(closes))


def why_not_change(user: User, entry: Entry, at: datetime, place: str) -> Finding | None:
    """Why this person cannot change that place now: as the report whole, and because it was not returned."""
    return why_not_write(user, entry, at) or why_closed(entry, place)


def why_closed(entry: Entry, place: str) -> Finding | None:
    """That this place was not returned, of a report that was."""
    return closed_finding(entry, place) if widened(entry, [place]) is None else None


def closed_finding(entry: Entry, place: str) -> Finding:
    """That this place was not returned, in the words of the form."""
    form, (kind, _, key) = rules_of(entry.season).form, place.partition(":")
    name = key
    if kind == "field" and key in form.field_by_id:
        name = form.field_by_id[key].name
    elif kind in ("table", "row"):
        table = key.partition("/")[0]
        name = form.table_by_id[table].title or form.place_of.get(f"table:{table}", table)
        return fault("draft_row_closed" if kind == "row" else "draft_table_closed", given=name)
    elif kind == "item":
        name = f"附件 {key}" if key else "未归入清单的材料"
    return fault("draft_place_closed", given=name)


def why_not_withdraw(user: User, entry: Entry, at: datetime) -> Finding | None:
    """Why what was submitted cannot be taken back now."""
    if not is_own(user, entry):
        return fault("draft_not_yours")
    if entry.state != EntryState.SUBMITTED:
        return fault("draft_nothing_to_withdraw", state=EntryState(entry.state).label)
    phase, closes = _filing(entry)
    return None if phase is not None and lies_in(phase, closes, at) else fault("draft_withdraw_closed")


def why_not_receive(user: User, entry: Entry) -> Finding | None:
    """Why this person does not check in the paper copy: its own district does, before and after the deadline."""
    area = entry.institution.area_id
    own = area is not None and any(hat.area_id == area for hat in hats_for(user, Act.RECOMMEND))
    return None if own else fault("paper_not_your_area")


def _filing(entry: Entry) -> tuple[Phase | None, datetime]:
    """The filing phase and when it closes for this institution; asked once of an entry as it was read."""
    found: tuple[Phase | None, datetime] | None = entry.__dict__.get(_FILING)
    if found is None:
        found = open_for(entry.season, PhaseKind.FILING, entry.institution) or (None, datetime.max.replace(tzinfo=UTC))
        entry.__dict__[_FILING] = found
    return found


def _told(moment: datetime) -> str:
    local = moment.astimezone(timezone.get_default_timezone())
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
