"""A page per part of the form: its own words, fields and tables in its order, each with what is wrong there."""

from collections.abc import Iterator
from itertools import chain, groupby
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ceping.core.report.spots import SUPPLEMENT
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import (
    ChecklistBlock,
    CommitmentBlock,
    FieldsBlock,
    GridBlock,
    TableBlock,
    TextBlock,
)
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.models import Remark
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import COMMITMENT, Standing, standing_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.institution.board import board_of, by_key
from ceping.web.institution.doubles import pairs_shown
from ceping.web.institution.fields import Fields, field_ids, fields_shown, marks_of
from ceping.web.institution.parts import Page, pages_of, states_of
from ceping.web.institution.reach import own_entry, page_of, reader
from ceping.web.institution.returned import parts_open, returned_of, widened_lines
from ceping.web.institution.tables import Asked, TableShown, tables_shown
from ceping.web.ui.door import door

_LONGEST_SEARCH = 40


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def page(request: HttpRequest, pk: int, part: str) -> HttpResponseBase:
    """One part to fill in; to read only, with the reason, once it can no longer be changed."""
    entry = own_entry(request, pk)
    form = rules_of(entry.season).form
    pages = pages_of(form)
    place = next((number for number, one in enumerate(pages) if one.id == part), None)
    if place is None:
        raise Http404
    here, at = pages[place], timezone.now()
    standing = standing_of(entry)
    returned = returned_of(entry, standing)
    fields = fields_shown(entry, form, field_ids(form, here), standing, returned)
    keys = table_ids(form, here)
    tables = tables_shown(entry, form, keys, standing, asked_in(request), returned) if keys else {}
    gaps = standing.of_part(here.id)
    shown = page_of(request, entry, at, here.heading) | {
        "page": here,
        "before": pages[place - 1] if place else None,
        "after": pages[place + 1] if place + 1 < len(pages) else None,
        "states": states_of(form, standing),
        "board": board_of(entry, standing, here=here.id),
        "gaps": marks_of(gaps),
        "blocks": list(_blocks(form, here, fields, tables, standing)),
        "commitment": commitment_of(entry, form) if _holds(here, CommitmentBlock) else None,
        "doubles": [(key, *pairs_shown(entry, form.table_by_id[key], standing, returned.opening)) for key in keys],
        # Asked of the address table once, not three times a row.
        "rows_root": reverse("institution:row", args=[entry.pk, 0]).removesuffix("0/"),
        "noted": [one for one in returned.remarks if _is_of(one, here)],
        "opening": returned.opening,
        "widened": widened_lines(entry, returned.opening),
        "parts_open": parts_open(entry, returned.opening),
        "reader": reader(request),
    }
    return render(request, "institution/part.html", shown)


def asked_in(request: HttpRequest) -> Asked:
    """Which rows the address asks for; what cannot be read asks for the first page."""
    given = request.GET
    page = given.get("page", "1")
    return Asked(
        given.get("t", ""),
        0 if page == "last" else _number(page, 1),
        _number(given.get("row", ""), 0),
        given.get("q", "").strip()[:_LONGEST_SEARCH],
        given.get("only", ""),
    )


def table_ids(form: FormFile, here: Page) -> list[str]:
    """The tables of a part's page; a table that repeats under another comes right after that."""
    if here.part is None:
        return list(form.supplement.tables) if here.id == SUPPLEMENT and form.supplement else []
    found: list[str] = []
    for block in here.part.blocks:
        if isinstance(block, TableBlock):
            parent = form.table_by_id[block.table].repeated_by
            found += [parent, block.table] if parent else [block.table]
    return list(dict.fromkeys(found))


def commitment_of(entry: Entry, form: FormFile) -> dict[str, Any]:
    """The truth commitment whole, who has to accept it, and whether that was done."""
    stored = {one.field: one for one in entry.answers.filter(field__in=[COMMITMENT, form.commitment.signer])}
    accepted = stored[COMMITMENT].value if COMMITMENT in stored else None
    signer = stored[form.commitment.signer].value if form.commitment.signer in stored else ""
    current = accepted and accepted["text_sha256"] == form.commitment.sha256 and accepted["accepted_by"] == signer
    return {
        "title": form.commitment.title,
        "clauses": form.commitment.clauses,
        "signer": signer,
        "signer_name": form.field_by_id[form.commitment.signer].name,
        "accepted": accepted if current else None,
    }


def _blocks(
    form: FormFile, here: Page, fields: Fields, tables: dict[str, TableShown], standing: Standing
) -> Iterator[dict[str, Any]]:
    if here.part is None:
        yield {"kind": "fields", "fields": list(fields.values())}
        yield from ({"kind": "table", "shown": shown} for shown in tables.values())
        return
    for block in here.part.blocks:
        match block:
            case TextBlock():
                yield {"kind": "text", "role": block.role, "text": block.text}
            case GridBlock():
                rows = [[cell.field for cell in row if cell.field in fields] for row in block.rows]
                # Fields that share a line of the form share one here: lines of another number begin anew.
                for _, run in groupby(filter(None, rows), key=len):
                    yield {"kind": "fields", "fields": [fields[key] for key in chain.from_iterable(run)]}
            case FieldsBlock():
                yield {"kind": "fields", "fields": [fields[key] for key in block.fields if key in fields]}
            case TableBlock():
                parent = form.table_by_id[block.table].repeated_by
                for key in filter(None, (parent, block.table)):
                    yield {"kind": "table", "shown": tables[key]}
            case CommitmentBlock():
                yield {"kind": "commitment", "marks": marks_of(_commitment_gaps(standing))}
            case ChecklistBlock():
                gaps = by_key(standing.gaps, "item")
                items = [(item, marks_of(gaps.get(str(item.number), ()))) for item in form.checklist.items]
                yield {"kind": "checklist", "items": items, "loose": marks_of(gaps.get("", ()))}


def _commitment_gaps(standing: Standing) -> list[Any]:
    return [gap for gap in standing.gaps if gap.spot.kind == "commitment"]


def _holds(here: Page, kind: type) -> bool:
    return here.part is not None and any(isinstance(block, kind) for block in here.part.blocks)


def _is_of(remark: Remark, here: Page) -> bool:
    """Whether a remark stands at the head of this page: one on the whole, on this part, or on the evidence it asks."""
    if remark.kind == "attachment":
        return _holds(here, ChecklistBlock)
    return remark.kind == "whole" or (remark.kind == "part" and remark.key == here.id)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise
