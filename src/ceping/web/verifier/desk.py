"""The verifier's front page and the call desk: one client at a time, whoever is due first."""

from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Act
from ceping.stages.verification.models import Attempt
from ceping.stages.verification.queries import appointments_of, next_line
from ceping.stages.verification.states.hours import PARTS, part_at
from ceping.web.ui.door import door
from ceping.web.verifier.shown import boards_for, desk_page, opened, reader


@require_safe
@door(Act.RECORD_CALL)
def home(request: HttpRequest) -> HttpResponseBase:
    """What was handed out, how far it is, what was agreed on."""
    at, user = timezone.now(), reader(request)
    boards = boards_for(user, at)
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    made = Attempt.objects.filter(by=user, at__gte=today, voided_at=None).aggregate(count=Count("pk"))["count"]
    found = next_line(boards, at=at)
    left = sum(len(board.left) for board in boards)
    shown = {
        "season": boards[0].frame.survey.season if boards else None,
        "nav_now": "calls",
        "boards": [{"board": board, "wanted": len(board.draw.sample), "left": len(board.left)} for board in boards],
        "appointments": [(one, one.client.told("name")) for one in appointments_of(user)[:20]],
        "next": found,
        "left": left,
        "made": made,
        "part": part_at(timezone.localtime(at)),
        "parts": PARTS,
    }
    return render(request, "verifier/home.html", shown)


@never_cache
@require_safe
@door(Act.RECORD_CALL)
def following(request: HttpRequest) -> HttpResponseBase:
    """On to whoever is to be called now; back to the front page, which says why, when that is nobody."""
    at = timezone.now()
    found = next_line(boards_for(reader(request), at), at=at)
    return redirect("verifier:client", found[1].pk) if found is not None else redirect("verifier:home")


@never_cache
@require_safe
@door(Act.RECORD_CALL)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The desk on one client whose turn has come."""
    at = timezone.now()
    return desk_page(request, opened(reader(request), pk, at), at)
