"""What is asked of a season's verification as a whole: its state, rules, frozen lists and draws."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from ceping.core.scheme.verification import VerificationFile
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.verification.models import Attempt, Client, Draw, Drawn, Frame, Survey
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


def frame_for(survey: Survey, pk: int) -> Frame | None:
    """One frozen list of it."""
    return frames_of(survey).filter(pk=pk).first()


def verifiers() -> list[User]:
    """Everybody who may be handed clients."""
    held = Grant.objects.filter(role=Role.VERIFIER, revoked_at=None, user__is_active=True)
    return [grant.user for grant in held.select_related("user").order_by("user__login")]


def loads_of(survey: Survey) -> list[Load]:
    """What each verifier was handed, and did."""
    frames = dict(
        Frame.objects.filter(survey=survey).exclude(verifier=None).order_by()
        .values_list("verifier").annotate(Count("pk"))
    )  # fmt: skip
    sample = Q(role="sample", draw__superseded_at=None, frame__survey=survey)
    drawn = Drawn.objects.filter(sample).exclude(frame__verifier=None).order_by()
    clients = dict(drawn.values_list("frame__verifier").annotate(Count("pk")))
    made = Attempt.objects.filter(frame__survey=survey, voided_at=None).exclude(by=None).order_by()
    attempts = dict(made.values_list("by").annotate(Count("pk")))
    return [
        Load(user, frames.get(user.pk, 0), clients.get(user.pk, 0), attempts.get(user.pk, 0)) for user in verifiers()
    ]


def sizes_of(survey: Survey) -> dict[str, int]:
    """How many lists, clients, drawn ones of sample and reserve, attempts."""
    roles = dict(
        Drawn.objects.filter(draw__survey=survey, draw__superseded_at=None).order_by()
        .values_list("role").annotate(Count("pk"))
    )  # fmt: skip
    return {
        "frames": survey.frames.count(),
        "clients": Client.objects.filter(frame__survey=survey).count(),
        "sample": roles.get("sample", 0),
        "reserve": roles.get("reserve", 0),
        "attempts": Attempt.objects.filter(frame__survey=survey, voided_at=None).count(),
    }
