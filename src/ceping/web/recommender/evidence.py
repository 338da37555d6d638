"""The evidence of a submitted report: listed by checklist item, opened in the viewer that all desks share."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ceping.core.scheme.loading import Scheme
from ceping.ground.files.models import File
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.queries import Double
from ceping.stages.report.models import Attachment, Entry, Submission
from ceping.stages.report.queries import last_submission
from ceping.web.recommender.reach import entry_for, reader
from ceping.web.ui import viewer
from ceping.web.ui.door import door


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file as submitted; `token` is empty when its bytes are not kept here, `shared` says who else uses it."""

    name: str
    token: str
    valid_until: str
    indicators: tuple[str, ...]
    shared: Double | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the checklist, or what stands under none of them (`number` 0), with its files."""

    number: int
    text: str
    files: tuple[Evidence, ...]


def evidence_of(entry: Entry, submission: Submission, rules: Scheme, shared: Mapping[str, Double]) -> list[Item]:
    """Every item of the checklist with its files; those without any show as missing."""
    tokens = _tokens(entry)
    titles = {scored.key: scored.title for scored in rules.indicators.scored}
    files: dict[int, list[Evidence]] = {}
    for one in submission.report.get("attachments", ()):
        sha256 = one.get("sha256", "")
        shown = Evidence(
            name=str(one.get("file", "")).removeprefix("attachments/"),
            token=tokens.get(sha256, ""),
            valid_until=one.get("valid_until", ""),
            indicators=tuple(titles.get(key, key) for key in one.get("indicators", ())),
            shared=shared.get(sha256),
        )
        files.setdefault(one.get("item") or 0, []).append(shown)
    items = [Item(item.number, item.text, tuple(files.get(item.number, ()))) for item in rules.form.checklist.items]
    loose = files.get(0, ())
    return items + ([Item(0, "其他附件", tuple(loose))] if loose else [])


@require_safe
@door(Act.RECOMMEND, writes_on_get=True)
def look(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """A file of the report in the viewer; the look is recorded."""
    entry, file = _file(request, pk, token)
    names = _submitted_names(entry)
    shelf = viewer.Shelf(
        title=entry.institution.name,
        back=reverse("recommender:check", args=[pk]) + "#evidence",
        picture=lambda number, size: reverse("recommender:picture", args=[pk, token, number, size]),
        download=reverse("recommender:download", args=[pk, token]),
        others=tuple(
            (name, reverse("recommender:evidence", args=[pk, other]), other == token) for name, other in names
        ),
        context={"season": entry.season, "nav_now": "desk"},
    )
    return viewer.look(request, file, shelf)


@require_safe
@door(Act.RECOMMEND)
def picture(request: HttpRequest, pk: int, token: str, number: int, size: str) -> HttpResponseBase:
    """One page of the file as a picture with the reader's name across it."""
    _, file = _file(request, pk, token)
    return viewer.picture(request, file, number, size)


@require_safe
@door(Act.RECOMMEND, writes_on_get=True)
def download(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The file as it came; recorded."""
    _, file = _file(request, pk, token)
    return viewer.download(request, file)


def _file(request: HttpRequest, pk: int, token: str) -> tuple[Entry, File]:
    """The file, if it is part of what was submitted. Raises Http404 for any other, a later draft's among them."""
    entry = entry_for(reader(request), pk)
    submission = last_submission(entry)
    found = Attachment.objects.filter(entry=entry, file__token=token).select_related("file__blob").first()
    if submission is None or found is None:
        raise Http404
    if found.file.blob.sha256 not in {one.get("sha256") for one in submission.report.get("attachments", ())}:
        raise Http404
    return entry, found.file


def _submitted_names(entry: Entry) -> list[tuple[str, str]]:
    submission, tokens = last_submission(entry), _tokens(entry)
    given = submission.report.get("attachments", ()) if submission is not None else ()
    named = [
        (str(one.get("file", "")).removeprefix("attachments/"), tokens.get(one.get("sha256"), "")) for one in given
    ]
    return [(name, token) for name, token in named if token]


def _tokens(entry: Entry) -> dict[str, str]:
    """The file of each hash among all the entry ever had: one taken out of the new draft is still in the submission."""
    rows = Attachment.objects.filter(entry=entry).values_list("file__blob__sha256", "file__token").order_by("pk")
    return dict(rows)
