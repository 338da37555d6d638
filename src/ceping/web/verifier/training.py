"""Practice on made-up clients: the desk as it is, a voice that is written out, and at once what the outcome does."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ceping.ground.people.roles import Act
from ceping.stages.scheme.queries import seasons_open
from ceping.stages.verification.queries import surveys_for, table_of
from ceping.stages.verification.queries.training import CASES, INSTITUTION, counts_as, marked
from ceping.web.ui.door import door
from ceping.web.verifier.shown import outcomes_of, questions_of, reader


@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.RECORD_CALL)
def page(request: HttpRequest) -> HttpResponseBase:
    """One made-up client; an outcome chosen is judged at once. Nothing is stored."""
    survey = surveys_for(reader(request)).first()
    season = survey.season if survey is not None else seasons_open(timezone.now()).first()
    table = table_of(season) if season is not None else None
    asked = request.POST if request.method == "POST" else request.GET
    given = asked.get("case", "")
    number = min(int(given), len(CASES)) if given.isdecimal() and len(given) < 4 and int(given) else 1
    case = CASES[number - 1]
    shown: dict[str, object] = {"season": season, "nav_now": "call_training"}
    if table is None:
        return render(request, "verifier/training.html", shown)
    chosen = request.POST.get("disposition", "")
    outcome = next((one for one in table.dispositions if one.code == chosen), None)
    right, wanted = marked(case, chosen, table)
    shown |= {
        "case": case,
        "number": number,
        "count": len(CASES),
        "institution": INSTITUTION,
        "questions": questions_of(table, request.POST),
        "outcomes": outcomes_of(table),
        "chosen": outcome,
        "right": right,
        "wanted": wanted,
        "effect": counts_as(wanted.verdict) if wanted is not None else "",
    }
    return render(request, "verifier/training.html", shown)
