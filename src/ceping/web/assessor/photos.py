"""Photos of an on-site check: the page of one verdict with its pictures, a new one, one taken off."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.documents.inspection.kind import Kind
from ceping.ground.files.actions import Arrived, take_in
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_verify
from ceping.stages.assessment.actions import add_photo, remove_photo
from ceping.stages.assessment.models import EvidenceCheck, SitePhoto
from ceping.web.assessor.reach import all_told, opened, reader, told
from ceping.web.ui import viewer
from ceping.web.ui.door import door


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ASSESSOR, files=True)
def page(request: HttpRequest, pk: int, check: int) -> HttpResponseBase:
    """The verdict's photos; a picture sent stands with them, 409 with why it does not."""
    found = _check(request, pk, check)
    if request.method != "POST":
        return _page(request, found)
    try:
        taken = request.POST.get("taken", "")
        add_photo(check=found, arrived=_arrived(request), taken=taken, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, found, refused.findings)
    messages.success(request, "照片已收下")
    return redirect("assessor:photos", pk, check)


@require_POST
@door(Role.ASSESSOR)
def remove(request: HttpRequest, pk: int, check: int, photo: int) -> HttpResponseBase:
    """The photo is shown no more."""
    found = _check(request, pk, check)
    try:
        remove_photo(photo=_photo(found, photo), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, found, refused.findings)
    return redirect("assessor:photos", pk, check)


@require_safe
@door(Role.ASSESSOR)
def picture(request: HttpRequest, pk: int, check: int, photo: int, size: str) -> HttpResponseBase:
    """The photo with the reader's name across it."""
    return viewer.picture(request, _photo(_check(request, pk, check), photo).file, 1, size)


def _arrived(request: HttpRequest) -> Arrived:
    file = request.FILES.get("photo")
    if file is None:
        raise Refused(fault("assess_photo_wanted", place="photo"))
    return take_in(file.chunks(), name=file.name or "", wanted={Kind.JPEG, Kind.PNG})


def _check(request: HttpRequest, pk: int, check: int) -> EvidenceCheck:
    entry = opened(request, pk, timezone.now()).entry
    found = EvidenceCheck.objects.filter(pk=check, entry=entry).first()
    if found is None:
        raise Http404
    found.entry = entry
    return found


def _photo(check: EvidenceCheck, photo: int) -> SitePhoto:
    found = SitePhoto.objects.filter(pk=photo, check_of=check, removed_at=None).select_related("file__blob").first()
    if found is None:
        raise Http404
    found.check_of = check
    return found


def _page(request: HttpRequest, check: EvidenceCheck, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    entry = check.entry
    photos = check.photos.filter(removed_at=None).select_related("added_by")
    shown = {
        "season": entry.season,
        "nav_now": "marking",
        "entry": entry,
        "check": check,
        "photos": photos,
        "me": reader(request).pk,
        "typed": request.POST,
        "refused": all_told(refused),
        "why": told(why_not_verify(reader(request), entry, timezone.now())),
        "crumbs": [("核定", reverse("assessor:verify", args=[entry.pk])), ("现场照片", "")],
    }
    return render(request, "assessor/photos.html", shown, status=409 if refused else 200)
