"""What a Word form or an earlier report offers, beside what the draft holds: new, the same, or different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Max, Sum

from ceping.core.report import Report
from ceping.core.report.answers import missing
from ceping.core.report.comparing import Change, changes_between
from ceping.core.scheme.form import FormFile
from ceping.stages.report.models import Entry, Submission, Taking
from ceping.stages.report.queries.draft import report_data, report_in
from ceping.stages.scheme.queries import rules_of

State = Literal["new", "same", "differs"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One field or table that is offered. `key` is `field:id` or `table:id`, `seen` what the draft stands at.

    Of a table `current` and `offered` count rows and `changes` are the rows that differ.
    """

    key: str
    seen: str
    heading: str
    name: str
    state: State
    current: str
    offered: str
    changes: Sequence[Change] = ()


def offers(entry: Entry, data: Mapping[str, Any]) -> list[Offer]:
    """Every field and table that `data` (a report.json) fills, in the order of the form."""
    form = rules_of(entry.season).form
    now, new = report_in(report_data(entry)), report_in(fitting(form, data))
    revisions = {answer.field: answer.revision for answer in entry.answers.all()}
    changes = changes_between(now, new, form)
    return [*_fields(form, now, new, revisions), *_tables(entry, form, now, new, changes)]


def fitting(form: FormFile, data: Mapping[str, Any]) -> dict[str, Any]:
    """Of a report of this or an earlier form what this form still asks for."""
    answers = {key: value for key, value in data["answers"].items() if key in form.field_by_id}
    tables = {}
    for key, rows in data["tables"].items():
        table = form.table_by_id.get(key)
        if table is not None:
            known = {column.id for column in table.columns}
            kept = [{name: value for name, value in row.items() if name in known and value} for row in rows]
            tables[key] = [row for row in kept if row]
    return {
        "scheme": data["scheme"],
        "institution": dict(data["institution"]),
        "answers": answers,
        "tables": tables,
        "attachments": [],
    }


def earlier_submission(entry: Entry) -> Submission | None:
    """What the same institution last handed in, in a season before this one."""
    found = Submission.objects.filter(
        entry__institution=entry.institution,
        entry__season__from_on__lt=entry.season.from_on,
        withdrawn_at=None,
    )
    return found.select_related("entry__season").order_by("-entry__season__from_on", "-number").first()


def taken_places(taking: Taking) -> list[str]:
    """The places that were taken over, and that undoing it would change."""
    return [*(f"field:{key}" for key in taking.before["fields"]), *(f"table:{key}" for key in taking.before["tables"])]


def table_stamps(entry: Entry) -> dict[str, str]:
    """What no two states of a table share."""
    rows = entry.rows.filter(removed_at=None).order_by().values("table")
    told = rows.annotate(count=Count("pk"), revisions=Sum("revision"), last=Max("pk"), places=Sum("position"))
    return {one["table"]: f"{one['count']}-{one['revisions']}-{one['last']}-{one['places']}" for one in told}


def _fields(form: FormFile, now: Report, new: Report, revisions: Mapping[str, int]) -> list[Offer]:
    found = []
    for field in form.fields:
        before, after = now.answer(form, field.id), new.answer(form, field.id)
        if missing(after):
            continue
        labels = {option.id: option.label for option in field.options}
        state: State = "new" if missing(before) else "same" if before == after else "differs"
        seen = str(revisions.get(field.id, 0))
        heading = form.place_of.get(f"field:{field.id}", "")
        found.append(
            Offer(f"field:{field.id}", seen, heading, field.name, state, _said(labels, before), _said(labels, after))
        )
    return found


def _tables(entry: Entry, form: FormFile, now: Report, new: Report, changes: Sequence[Change]) -> list[Offer]:
    stamps, found = table_stamps(entry), []
    for table in form.tables:
        after, before = list(new.filled_rows(table)), list(now.filled_rows(table))
        if not after:
            continue
        differing = [one for one in changes if one.kind == "row" and one.key.startswith(f"{table.id}/")]
        state: State = "new" if not before else "differs" if differing else "same"
        heading = form.place_of.get(f"table:{table.id}", "")
        name, seen = table.title or heading, stamps.get(table.id, "")
        told = (f"{len(before)} 行" if before else "", f"{len(after)} 行")
        shown = differing if before else ()
        found.append(Offer(f"table:{table.id}", seen, heading, name, state, *told, changes=shown))
    return found


def _said(labels: Mapping[str, str], answer: str | tuple[str, ...]) -> str:
    given = answer if isinstance(answer, tuple) else (answer,)
    return "、".join(labels.get(one, one) for one in given if one)
