"""The packages of published results: with them the auditor computes on their own machine what was published."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.publication.models import Paper, Release
from ceping.stages.publication.queries import FULL, PUBLIC, packages_of
from ceping.web.ui import viewer
from ceping.web.ui.door import door


@require_safe
@door(Role.AUDITOR)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every result that was published, the newest first, with the hash its package must give."""
    found = Release.objects.filter(published_at__isnull=False).select_related("season", "notice__computation")
    # Of hundreds of papers the two packages.
    wanted = Paper.objects.filter(kind__in=(FULL, PUBLIC)).select_related("file__blob")
    releases = found.prefetch_related(Prefetch("papers", wanted, to_attr="packed")).order_by("-published_at")
    lines = [(one, {paper.kind: paper for paper in one.packed}) for one in releases]
    return render(request, "auditor/packages.html", {"lines": lines, "nav_now": "packages"})


@require_safe
@door(Role.AUDITOR, writes_on_get=True)
def package(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """One of them; who took it is kept."""
    release = Release.objects.filter(pk=pk, published_at__isnull=False).first()
    found = packages_of(release).get(kind) if release is not None else None
    if found is None:
        raise Http404
    return viewer.download(request, found.file)
