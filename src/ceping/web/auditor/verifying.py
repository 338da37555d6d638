"""Whether the journal still says what was written: begun here, done by a worker, its result read here."""

from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.flow.audit import ABOUT, KIND, ask_to_verify
from ceping.ground.journal.queries import heads
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act
from ceping.ground.work.models import State
from ceping.ground.work.queries import jobs_about
from ceping.stages.scheme.models import Season
from ceping.web.auditor.acts import BROKEN
from ceping.web.ui.door import door


@require_safe
@door(Act.READ_JOURNAL)
def page(request: HttpRequest) -> HttpResponseBase:
    """The last verification: how far it is, or what it found; asked by the page itself while it goes on."""
    job = jobs_about(ABOUT, KIND).first()
    titles = {f"season-{one.pk}": one.title for one in Season.objects.all()} | {"platform": "平台"}
    found = []
    if job is not None and job.state == State.DONE:
        for chain in job.result["chains"]:
            breaks = [{"number": one["number"], "word": BROKEN[one["what"]]} for one in chain["breaks"]]
            found.append({**chain, "title": titles.get(chain["chain"], chain["chain"]), "breaks": breaks})
    shown = {
        "job": job,
        "found": found,
        "broken": sum(one["broken"] for one in found),
        "heads": [(titles.get(head.chain, head.chain), head) for head in heads()],
        "nav_now": "journal",
        "crumbs": [("操作日志", "/auditor/"), ("核验", "")],
    }
    part = "#result" if request.headers.get("HX-Request") else ""
    return render(request, f"auditor/verify.html{part}", shown)


@require_POST
@door(Act.READ_JOURNAL)
def begin(request: HttpRequest) -> HttpResponseBase:
    """A verification begins, unless one goes on."""
    ask_to_verify(by=cast("User", request.user), at=timezone.now())
    return redirect("auditor:verify")
