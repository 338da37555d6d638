"""The institution's own files in the shared viewer: evidence, what was printed for it, Word forms it sent in."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ceping.ground.files.models import File
from ceping.ground.people.roles import Act
from ceping.stages.report.queries import own_entries
from ceping.stages.report.queries.evidence import attachment_readable, document_of
from ceping.stages.report.tasks import MADE, WORD
from ceping.web.institution.reach import reader
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.viewer import Shelf


@require_safe
@door(Act.EDIT_REPORT, writes_on_get=True)
def look(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file page by page."""
    file, title, back, others = _found(request, token)
    shelf = Shelf(
        title=title,
        back=back,
        picture=lambda number, size: reverse("institution:picture", args=[token, number, size]),
        download=reverse("institution:download", args=[token]),
        others=others,
        context={"nav_now": "report"},
    )
    return viewer.look(request, file, shelf)


@require_safe
@door(Act.EDIT_REPORT)
def picture(request: HttpRequest, token: str, number: int, size: str) -> HttpResponseBase:
    """One page of it as a picture."""
    return viewer.picture(request, _found(request, token)[0], number, size)


@require_safe
@door(Act.EDIT_REPORT, writes_on_get=True)
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file to be saved."""
    return viewer.download(request, _found(request, token)[0])


def _found(request: HttpRequest, token: str) -> tuple[File, str, str, tuple[tuple[str, str, bool], ...]]:
    """The reader's own file, with where it belongs. Raises Http404 for anybody else's."""
    who = reader(request)
    attachment = attachment_readable(who, token)
    if attachment is not None:
        entry = attachment.entry
        document = document_of(entry, attachment.pk)
        pages = document.pages if document is not None and len(document.pages) > 1 else []
        others = tuple(
            (page.name, reverse("institution:file", args=[page.file.token]), page.pk == attachment.pk) for page in pages
        )
        return attachment.file, "资料清单", reverse("institution:evidence", args=[entry.pk]), others
    file = File.objects.select_related("blob", "given_by").filter(token=token, purpose__in=(MADE, WORD)).first()
    if file is None or file.institution_id is None:
        raise Http404
    own = own_entries(who).filter(institution_id=file.institution_id).first()
    if own is None:
        raise Http404
    return file, "自评报告", reverse("institution:entry", args=[own.pk]), ()
