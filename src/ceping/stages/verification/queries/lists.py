"""What is asked of a season's verification as a whole: its state, rules, frozen lists and draws."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ceping.core.scheme.verification import VerificationFile
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.verification.models import Attempt, Draw, Frame, Survey
from ceping.stages.verification.states import SurveyState


@dataclass(frozen=True, slots=True)
class Load:
    """How much one verifier has: institutions, clients of the samples, attempts made."""

    user: User
    frames: int
    clients: int
    attempts: int


def survey_of(season: Season) -> Survey | None:
    """The season's verification; None before its seed is recorded."""
    return Survey.objects.select_related("season__scheme").filter(season=season).first()


def table_of(season: Season) -> VerificationFile | None:
    """The verification rules of the season's scheme; None where the scheme has no calls."""
    return rules_of(season).verification


def entries_to_freeze(season: Season) -> QuerySet[Entry]:
    """The entries whose clients are to be asked: those put forward, in the order of their credit codes."""
    found = Entry.objects.filter(season=season, state=EntryState.PUT_FORWARD)
    return found.select_related("institution", "season__scheme").order_by("institution__uscc")


def frames_of(survey: Survey, *, handed_to: User | None = None) -> QuerySet[Frame]:
    """The frozen lists in the order of their institutions' names; those handed to one verifier, or all."""
    found = Frame.objects.filter(survey=survey).select_related(
        "entry__institution", "survey__season__scheme", "verifier"
    )
    if handed_to is not None:
        found = found.filter(verifier=handed_to)
    return found.order_by("entry__institution__name_key", "pk")


def surveys_for(verifier: User) -> QuerySet[Survey]:
    """Where this verifier has clients to call, the newest season first."""
    calling = Survey.objects.filter(state=SurveyState.CALLING, frames__verifier=verifier).distinct()
    return calling.select_related("season__scheme").order_by("-season__from_on", "-season__pk")


def draw_in_force(survey: Survey) -> Draw | None:
    """The draw that counts."""
    return survey.draws.filter(superseded_at=None).first()


def draws_of(survey: Survey) -> QuerySet[Draw]:
    """Every draw, the last first."""
    return survey.draws.select_related("drawn_by").defer("lines").order_by("-number")


def frame_anywhere(pk: int) -> Frame | None:
    """One frozen list of any season."""
    found = Frame.objects.select_related("entry__institution", "survey__season__scheme", "verifier")
    return found.filter(pk=pk).first()


def verifiers() -> list[User]:
    """Everybody who may be handed clients."""
    return [grant.user for grant in _verifying()]


def _verifying() -> QuerySet[Grant]:
    held = Grant.objects.filter(role=Role.VERIFIER, revoked_at=None, user__is_active=True)
    return held.select_related("user").order_by("user__login")


def loads_of(survey: Survey, rows: Mapping[int | None, tuple[int, int]]) -> list[Load]:
    """What each verifier was handed, as `frames_by_verifier` says, and did."""
    own = Attempt.objects.filter(by=OuterRef("user"), frame__survey=survey, voided_at=None)
    counted = own.order_by().values("by").annotate(count=Count("pk")).values("count")
    held = _verifying().annotate(attempts=Coalesce(Subquery(counted), 0))
    return [Load(one.user, *rows.get(one.user_id, (0, 0)), one.attempts) for one in held]


def frames_by_verifier(survey: Survey) -> dict[int | None, tuple[int, int]]:
    """How many lists and clients of the samples each has by the person's number; under None what nobody has."""
    sample = Q(clients__drawn__role="sample", clients__drawn__draw__superseded_at=None)
    found = Frame.objects.filter(survey=survey).order_by().values("verifier")
    counted = found.annotate(frames=Count("pk", distinct=True), sample=Count("clients__drawn", filter=sample))
    return {
        number: (frames, clients) for number, frames, clients in counted.values_list("verifier", "frames", "sample")
    }


def sizes_of(survey: Survey) -> dict[str, int]:
    """How many lists and clients there are, attempts that count, signals; one query."""
    frames = Frame.objects.filter(survey=OuterRef("pk")).order_by().values("survey")
    attempts = Attempt.objects.filter(frame__survey=OuterRef("pk"), voided_at=None).order_by().values("frame__survey")
    # Each a small question of its own: joined they would be asked once a list.
    found = Survey.objects.filter(pk=survey.pk).annotate(
        lists=Coalesce(Subquery(frames.annotate(found=Count("pk")).values("found")), 0),
        clients=Coalesce(Subquery(frames.annotate(found=Sum("count")).values("found")), 0),
        attempts=Coalesce(Subquery(attempts.annotate(found=Count("pk")).values("found")), 0),
        found=Coalesce(F("signals__count"), 0),
    )
    row = found.values("lists", "clients", "attempts", "found").get()
    return {"frames": row["lists"], "clients": row["clients"], "attempts": row["attempts"], "signals": row["found"]}
