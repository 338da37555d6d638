"""Answers taken over from a Word form or an earlier report: what was ticked, all or nothing, and undone again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.actions.draft import add_rows, save_answer
from ceping.stages.report.actions.opened import hold_open, opened
from ceping.stages.report.models import Entry, Taking
from ceping.stages.report.queries.offered import fitting, table_stamps, taken_places
from ceping.stages.scheme.queries import rules_of

_SHOWN = 5


@transaction.atomic
def take_offered(
    *,
    entry: Entry,
    source: str,
    name: str,
    data: Mapping[str, Any],
    chosen: Mapping[str, str],
    by: User,
    at: datetime,
) -> Taking:
    """The fields and tables chosen hold what `data` offers; `chosen` says by key what the chooser saw there.

    Raises NotAllowed; Refused when nothing is chosen, when one of them was changed since it was seen, or when a value
    is none the form takes. Nothing is changed then.
    """
    entry = opened(entry, by, at)
    form = rules_of(entry.season).form
    offered = fitting(form, data)
    fields = {key.removeprefix("field:"): seen for key, seen in chosen.items() if key.startswith("field:")}
    tables = {key.removeprefix("table:"): seen for key, seen in chosen.items() if key.startswith("table:")}
    fields = {key: seen for key, seen in fields.items() if key in offered["answers"]}
    tables = {key: seen for key, seen in tables.items() if offered["tables"].get(key)}
    if not fields and not tables:
        raise Refused(fault("intake_nothing_taken"))
    hold_open(entry, *(f"field:{key}" for key in fields), *(f"table:{key}" for key in tables))
    standing = {answer.field: answer for answer in entry.answers.select_for_update()}
    revisions = {key: standing[key].revision if key in standing else 0 for key in fields}
    stamps = table_stamps(entry)
    moved = [form.field_by_id[key].name for key, seen in fields.items() if str(revisions[key]) != seen]
    moved += [form.table_by_id[key].title or key for key, seen in tables.items() if stamps.get(key, "") != seen]
    if moved:
        places = "、".join(moved[:_SHOWN]) + ("…" if len(moved) > _SHOWN else "")
        raise Refused(fault("intake_changed_meanwhile", places=places))
    before: dict[str, Any] = {"fields": {}, "tables": {}}
    for key in fields:
        value, old = offered["answers"][key], standing[key].value if key in standing else None
        saved = save_answer(entry=entry, field=key, value=value, revision=revisions[key], by=by, at=at)
        before["fields"][key] = {"value": old, "revision": saved.revision}
    for key in tables:
        out = list(entry.rows.filter(table=key, removed_at=None).values_list("pk", flat=True))
        made = add_rows(entry=entry, table=key, rows=offered["tables"][key], instead=True, by=by, at=at)
        before["tables"][key] = {"out": out, "put_in": [row.pk for row in made]}
    taking = Taking.objects.create(entry=entry, source=source, name=name[:200], before=before, taken_by=by, taken_at=at)
    _record("take_offered", entry, taking, by, at, fields=sorted(fields), tables=sorted(tables))
    return taking


@transaction.atomic
def undo_taking(*, entry: Entry, taking: int, by: User, at: datetime) -> list[str]:
    """What stood before stands again, but where somebody has typed since: those places are answered and stay.

    Raises NotAllowed, also where one of the places was not returned, and Refused when it was undone before.
    """
    entry = opened(entry, by, at)
    one = Taking.objects.select_for_update(of=("self",)).filter(entry=entry, pk=taking, undone_at=None).first()
    if one is None:
        raise Refused(fault("intake_not_undone"))
    hold_open(entry, *taken_places(one))
    form = rules_of(entry.season).form
    stayed: list[str] = []
    standing = {answer.field: answer for answer in entry.answers.select_for_update()}
    for key, was in one.before["fields"].items():
        answer = standing.get(key)
        if answer is None or answer.revision != was["revision"]:
            stayed.append(form.field_by_id[key].name)
            continue
        empty: Any = [] if isinstance(answer.value, list) else ""
        value = was["value"] if was["value"] is not None else empty
        save_answer(entry=entry, field=key, value=value, revision=answer.revision, by=by, at=at)
    for key, was in one.before["tables"].items():
        put_in = entry.rows.select_for_update().filter(pk__in=was["put_in"], removed_at=None)
        for row in put_in:
            if row.revision == 1:
                row.removed_at, row.revision, row.changed_by, row.changed_at = at, 2, by, at
                row.save(update_fields=["removed_at", "revision", "changed_by", "changed_at"])
            else:
                stayed.append(form.table_by_id[key].title or key)
        for row in entry.rows.select_for_update().filter(pk__in=was["out"]).exclude(removed_at=None):
            row.removed_at, row.revision, row.changed_by, row.changed_at = None, row.revision + 1, by, at
            row.save(update_fields=["removed_at", "revision", "changed_by", "changed_at"])
    one.undone_at = at
    one.save(update_fields=["undone_at"])
    _record("undo_taking", entry, one, by, at, stayed=len(stayed))
    return list(dict.fromkeys(stayed))


def _record(act: str, entry: Entry, taking: Taking, by: User, at: datetime, **body: object) -> None:
    about, chain = ("entry", entry.pk), season_chain(entry.season_id)
    told = {"taking": taking.pk, "source": taking.source, **body}
    record(act, by=by, role=Role.INSTITUTION, at=at, about=about, chain=chain, body=told)
