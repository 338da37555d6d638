"""What a lead should know before signing: proposals, differences, sheets and calls that are not done."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat

from ceping.core.finding import Finding, Level, fault
from ceping.stages.assessment.models import Assignment, Difference, Sheet
from ceping.stages.assessment.states import DifferenceState
from ceping.stages.results.models import Ruling
from ceping.stages.scheme.models import Season
from ceping.stages.verification.models import Survey
from ceping.stages.verification.states import SurveyState


def open_ends_of(season: Season) -> list[Finding]:
    """What is still open, in one query; none of it stops a signature that nothing else stops."""
    signed = Sheet.objects.filter(entry=OuterRef("entry"), assessor=OuterRef("assessor"), signed_at__isnull=False)
    pair = Concat(F("entry"), Value(" "), F("assessor"), output_field=TextField())
    told = (
        Season.objects.filter(pk=season.pk)
        .annotate(
            rulings=_count(Ruling.objects.filter(decided_at=None)),
            differences=_count(Difference.objects.filter(state=DifferenceState.DUE)),
            sheets=_count(Assignment.objects.filter(~Exists(signed), ended_at=None), Count(pair, distinct=True)),
            calling=Exists(Survey.objects.filter(season=OuterRef("pk")).exclude(state=SurveyState.CLOSED)),
        )
        .values("rulings", "differences", "sheets", "calling")
        .get()
    )
    found = [
        (told["rulings"], fault("results_left_rulings", level=Level.WARNING, count=told["rulings"])),
        (told["differences"], fault("results_left_differences", level=Level.WARNING, count=told["differences"])),
        (told["sheets"], fault("results_left_sheets", level=Level.WARNING, count=told["sheets"])),
        (told["calling"], fault("results_left_calls", level=Level.WARNING)),
    ]
    return [one for left, one in found if left]


def _count(rows: Any, count: Any = None) -> Coalesce:  # noqa: ANN401 -- rows of any of these models
    of = rows.filter(entry__season=OuterRef("pk")).order_by().values("entry__season")
    return Coalesce(Subquery(of.annotate(n=count or Count("pk")).values("n")), 0)
