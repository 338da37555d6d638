"""Changes of the draft: a field, a row, a whole table; each says which revision it saw, so that nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from ceping.core.finding import Finding, fault
from ceping.core.scheme.entry import FormTable
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.actions.opened import hold_open, opened
from ceping.stages.report.models import Answer, Entry, Row
from ceping.stages.report.queries import COMMITMENT
from ceping.stages.scheme.queries import rules_of

LONGEST_TEXT = 20_000
MOST_ROWS = 5_000
_CHOICES = ("multi_choice",)


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands now and its revision, to be sent back with the next change."""

    value: Any
    revision: int
    at: datetime


class Conflict(Refused):
    """Somebody else changed it meanwhile; `theirs` is what stands, `mine` what was to be saved. Nothing was changed."""

    def __init__(self, theirs: Any, mine: Any, revision: int, by: User | None, at: datetime) -> None:  # noqa: ANN401
        super().__init__(fault("draft_changed_meanwhile", by=by.name if by else ""))
        self.theirs, self.mine, self.revision, self.by, self.at = theirs, mine, revision, by, at


@transaction.atomic
def save_answer(*, entry: Entry, field: str, value: Any, revision: int, by: User, at: datetime) -> Saved:  # noqa: ANN401
    """The field holds the value. `revision` is the one the writer saw, 0 for a field nobody had filled.

    Raises NotAllowed, Refused for a field or value the form does not know, Conflict when it was changed meanwhile.
    """
    entry = opened(entry, by, at)
    known = rules_of(entry.season).form.field_by_id.get(field)
    if known is None:
        raise Refused(fault("draft_field_unknown", place=field[:60], given=field[:60]))
    hold_open(entry, f"field:{field}")
    if unfit := _unfit(value, known.type, known.name):
        raise Refused(unfit)
    row = Answer.objects.select_for_update().filter(entry=entry, field=field).first()
    if row is None:
        # Two first writers at once: the entry's lock lets one after the other here.
        row = Answer(entry=entry, field=field, value=value, changed_by=by, changed_at=at)
        row.save()
        return Saved(value, row.revision, at)
    if row.value == value:
        return Saved(value, row.revision, row.changed_at)
    if row.revision != revision:
        raise Conflict(row.value, value, row.revision, row.changed_by, row.changed_at)
    row.value, row.revision, row.changed_by, row.changed_at = value, row.revision + 1, by, at
    row.save(update_fields=["value", "revision", "changed_by", "changed_at"])
    return Saved(value, row.revision, at)


@transaction.atomic
def save_row(*, entry: Entry, row: int, values: Mapping[str, str], revision: int, by: User, at: datetime) -> Saved:
    """The row holds the values, whole. Raises as `save_answer`; Conflict too when the row was removed meanwhile."""
    entry = opened(entry, by, at)
    stored = _row(entry, row)
    fit = _fit_row(_table(entry, stored.table), values)
    if stored.values == fit and stored.removed_at is None:
        return Saved(fit, stored.revision, stored.changed_at)
    if stored.revision != revision or stored.removed_at is not None:
        raise Conflict(stored.values, fit, stored.revision, stored.changed_by, stored.changed_at)
    stored.values, stored.revision, stored.changed_by, stored.changed_at = fit, stored.revision + 1, by, at
    stored.save(update_fields=["values", "revision", "changed_by", "changed_at"])
    return Saved(fit, stored.revision, at)


@transaction.atomic
def add_rows(
    *,
    entry: Entry,
    table: str,
    rows: Sequence[Mapping[str, str]],
    by: User,
    at: datetime,
    after: int | None = None,
    instead: bool = False,
) -> list[Row]:
    """The rows stand in the table: after the row `after`, at its end, or `instead` of all that stood there.

    All or none. Rows that `instead` removes can be brought back. Raises NotAllowed and Refused.
    """
    entry = opened(entry, by, at)
    known = _table(entry, table)
    hold_open(entry, f"table:{table}")
    fit = [_fit_row(known, values) for values in rows]
    standing = entry.rows.filter(table=table, removed_at=None)
    if instead:
        standing.update(removed_at=at, revision=F("revision") + 1, changed_by=by, changed_at=at)
    count = 0 if instead else standing.count()
    if count + len(fit) > MOST_ROWS:
        raise Refused(fault("draft_too_many_rows", most=MOST_ROWS, given=count + len(fit)))
    place = None if instead or after is None else standing.filter(pk=after).values_list("position", flat=True).first()
    if place is None:
        place = standing.aggregate(last=Max("position"))["last"] or 0 if not instead else 0
    else:
        standing.filter(position__gt=place).update(position=F("position") + len(fit))
    made = [
        Row(entry=entry, table=table, position=place + number, values=values, changed_by=by, changed_at=at)
        for number, values in enumerate(fit, start=1)
    ]
    Row.objects.bulk_create(made)
    return made


@transaction.atomic
def remove_row(*, entry: Entry, row: int, by: User, at: datetime) -> Row:
    """The row is out of the table; `restore_row` brings it back. Raises NotAllowed and Refused."""
    return _set_removed(entry, row, by, at, removed=True)


@transaction.atomic
def restore_row(*, entry: Entry, row: int, by: User, at: datetime) -> Row:
    """The row stands where it stood. Raises NotAllowed and Refused."""
    return _set_removed(entry, row, by, at, removed=False)


@transaction.atomic
def accept_commitment(*, entry: Entry, name: str, by: User, at: datetime) -> Saved:
    """The truth commitment is accepted in that name, with the hash of the words that were shown.

    Raises NotAllowed, and Refused when the name is not the one the form says must sign.
    """
    entry = opened(entry, by, at)
    form = rules_of(entry.season).form
    signer = entry.answers.filter(field=form.commitment.signer).first()
    if signer is None or not name.strip() or signer.value != name.strip():
        wanted = signer.value if signer is not None else ""
        raise Refused(fault("draft_commitment_name", given=name[:40], wanted=wanted or "（未填）"))
    value = {
        "text_sha256": form.commitment.sha256,
        "accepted_by": name.strip(),
        "accepted_at": at.isoformat(timespec="seconds"),
    }
    stored, _ = Answer.objects.update_or_create(
        entry=entry, field=COMMITMENT, defaults={"value": value, "changed_by": by, "changed_at": at}
    )
    record(
        "accept_commitment",
        by=by,
        role=Role.INSTITUTION,
        at=at,
        about=("entry", entry.pk),
        chain=season_chain(entry.season_id),
        body={"text_sha256": form.commitment.sha256},
    )
    return Saved(value, stored.revision, at)


def _row(entry: Entry, row: int) -> Row:
    """The row, locked and open. Raises Refused for one that is not the entry's, NotAllowed for a closed one."""
    stored = Row.objects.select_for_update().filter(entry=entry, pk=row).first()
    if stored is None:
        raise Refused(fault("draft_row_unknown"))
    hold_open(entry, f"row:{stored.table}/{stored.pk}")
    return stored


def _table(entry: Entry, table: str) -> FormTable:
    known = rules_of(entry.season).form.table_by_id.get(table)
    if known is None:
        raise Refused(fault("draft_table_unknown", place=table[:60], given=table[:60]))
    return known


def _fit_row(table: FormTable, values: Mapping[str, str]) -> dict[str, str]:
    """The values by column of the form, empty ones left out. Raises Refused for a column or value it does not know."""
    fit: dict[str, str] = {}
    for key, value in values.items():
        column = table.column(key)
        if column is None:
            raise Refused(fault("draft_column_unknown", place=table.title, given=key[:60]))
        if unfit := _unfit(value, column.type, column.name):
            raise Refused(unfit)
        if value:
            fit[key] = value
    return fit


def _unfit(value: object, kind: str, name: str) -> Finding | None:
    if kind in _CHOICES:
        sound = isinstance(value, list) and all(_is_text(one) and len(one) <= 64 for one in value)
        return None if sound and len(value) <= 100 else fault("draft_value_unfit", place=name)  # type: ignore[arg-type]
    if not isinstance(value, str) or (len(value) <= LONGEST_TEXT and not _is_text(value)):
        return fault("draft_value_unfit", place=name)
    if len(value) > LONGEST_TEXT:
        return fault("draft_text_too_long", place=name, most=LONGEST_TEXT, given=len(value))
    return None


def _is_text(value: object) -> bool:
    """Whether it can be kept as what it is: no NUL, no half of a character that JSON lets through."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _set_removed(entry: Entry, row: int, by: User, at: datetime, *, removed: bool) -> Row:
    entry = opened(entry, by, at)
    stored = _row(entry, row)
    stored.removed_at = at if removed else None
    stored.revision, stored.changed_by, stored.changed_at = stored.revision + 1, by, at
    stored.save(update_fields=["removed_at", "revision", "changed_by", "changed_at"])
    return stored
