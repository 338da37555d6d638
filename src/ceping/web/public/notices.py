"""Notices and published results as anybody reads them: the list, the paper, its files, the package to compute again."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.documents.forms.notice import COLUMNS
from ceping.folder.calendar_days import working_days
from ceping.stages.publication.access import why_not_object
from ceping.stages.publication.models import Notice, Release
from ceping.stages.publication.queries import (
    PUBLIC,
    closes_at,
    heads_of,
    notices_out,
    packages_of,
    rows_in,
)
from ceping.web.public.reading import given_out, notice_at, release_at
from ceping.web.ui.door import door

_PDF, _ZIP = "application/pdf", "application/zip"


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows a reader asked for out of a notice, each cell with its head, and what can be chosen."""

    heads: list[str]
    rows: list[list[tuple[str, str]]]
    grades: list[tuple[str, int]]
    text: str
    grade: str
    total: int


@require_safe
@door(public=True)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every notice that stands, with its result when that is published."""
    now = timezone.now()
    lines = [(one, now < closes_at(one), _release(one)) for one in notices_out()]
    return render(request, "public/notices.html", {"lines": lines, "nav_now": "notices"})


@require_safe
@door(public=True)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The notice as it went out, with the days left to object and what it corrected."""
    notice, now = notice_at(pk), timezone.now()
    why_not = why_not_object(notice, now)
    left = 0
    if why_not is None:
        left = len(working_days(timezone.localtime(now).date(), notice.ends_on)[0])
    shown = {
        "notice": notice,
        "season": notice.season,
        "shown": _chosen(request, notice),
        "closes_at": closes_at(notice),
        "left": left,
        "why_not": why_not,
        "newer": getattr(notice, "corrected_by", None) if notice.state == "replaced" else None,
        "release": _release(notice),
        "changes": _changes(notice),
        "illustrative": notice.season.parameters == "illustrative",
        "nav_now": "notices",
    }
    return render(request, "public/notice.html", shown)


@require_safe
@door(public=True)
def pdf(_request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper of the notice."""
    return given_out(notice_at(pk).pdf, _PDF)


@require_safe
@door(public=True)
def result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The published result: who has which grade, and the package from which anybody computes the same."""
    release = release_at(pk)
    package = packages_of(release).get(PUBLIC)
    shown = {
        "release": release,
        "notice": release.notice,
        "season": release.season,
        "computation": release.notice.computation,
        "shown": _chosen(request, release.notice),
        "package": package,
        "changes": _changes(release.notice),
        "illustrative": release.season.parameters == "illustrative",
        "nav_now": "notices",
    }
    return render(request, "public/result.html", shown)


@require_safe
@door(public=True)
def package(_request: HttpRequest, pk: int) -> HttpResponseBase:
    """The public package."""
    found = packages_of(release_at(pk)).get(PUBLIC)
    if found is None:
        raise Http404
    return given_out(found.file, _ZIP)


def _chosen(request: HttpRequest, notice: Notice) -> Shown:
    """The rows whose name holds the text and whose grade is the one chosen; both stand in the address."""
    text, grade = request.GET.get("q", "").strip()[:60], request.GET.get("grade", "")
    rows, columns = [one.cells for one in rows_in(notice)], notice.columns
    named, graded = columns.index("name"), columns.index("grade") if "grade" in columns else None
    counts: dict[str, int] = {}
    if graded is not None:
        for cells in rows:
            counts[cells[graded]] = counts.get(cells[graded], 0) + 1
    found = [
        cells
        for cells in rows
        if (not text or text in cells[named]) and (not grade or (graded is not None and cells[graded] == grade))
    ]
    heads = heads_of(notice)
    shown = [list(zip(heads, cells, strict=True)) for cells in found]
    return Shown(heads, shown, list(counts.items()), text, grade, len(rows))


def _changes(notice: Notice) -> list[dict[str, object]]:
    """What a correction changed, each cell under its head."""
    heads = {str(name): word for name, word in COLUMNS.items()}
    return [
        {
            "name": one["name"],
            "cells": [
                (heads.get(name, name), before, after)
                for name, before, after in zip(
                    one["columns"],
                    one["before"] or [""] * len(one["columns"]),
                    one["after"] or [""] * len(one["columns"]),
                    strict=True,
                )
                if before != after
            ],
            "gone": not one["after"],
            "new": not one["before"],
        }
        for one in notice.changes
    ]


def _release(notice: Notice) -> Release | None:
    """The result of that notice once it is published; what is only proposed is nobody's to see."""
    found: Release | None = getattr(notice, "release", None)
    return found if found is not None and found.published_at is not None else None
