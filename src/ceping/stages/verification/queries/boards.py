"""Where each drawn client of an institution stands: its attempts, what may be called now, who comes next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ceping.core.scheme.verification import Disposition, VerificationFile
from ceping.core.verification import Call, ClientDraw, callable_keys, completed
from ceping.ground.people.models import User
from ceping.stages.verification.models import Appointment, Attempt, Client, Drawn, Frame, Link
from ceping.stages.verification.queries.lists import table_of
from ceping.stages.verification.states import Mode, SurveyState
from ceping.stages.verification.states.hours import Standing, Tried, Wait, is_due, standing_of, wait_for

_WAITING = ("open", "online")


class Place(NamedTuple):
    """A client's place in the draw in force, as its row says."""

    frame: int
    client: int
    client__key: str
    client__revision: int
    position: int
    role: str
    stratum: str


@dataclass(frozen=True)
class Line:
    """One drawn client; its particulars stay sealed until they are read."""

    place: Place
    attempts: tuple[Attempt, ...]
    tried: tuple[Tried, ...]
    appointment: Appointment | None
    link: Link | None
    standing: Standing

    @cached_property
    def client(self) -> Client:
        """The client, made when it is asked for; what was not read is read when it is."""
        row = {"id": self.pk, "frame_id": self.place.frame, "key": self.key, "revision": self.place.client__revision}
        return Client.from_db("default", list(row), list(row.values()))

    @property
    def pk(self) -> int:
        """The client's number."""
        return self.place.client

    @property
    def key(self) -> str:
        """The client's key."""
        return self.place.client__key

    @property
    def position(self) -> int:
        """Its place, the sample before the reserves."""
        return self.place.position

    @property
    def role(self) -> str:
        """`sample` or `reserve`."""
        return self.place.role

    @property
    def stratum(self) -> str:
        """Its stratum, empty where none is asked for."""
        return self.place.stratum

    def wait(self, at: datetime) -> Wait:
        """What stands against calling it at this moment, apart from whose turn it is."""
        by_phone = [
            tried
            for tried, attempt in zip(self.tried, self.attempts, strict=True)
            if attempt.mode == Mode.PHONE
        ]  # fmt: skip
        found = wait_for(by_phone, self.agreed, timezone.localtime(at))
        # The demo rings nobody up: it can be tried in the evening too.
        return "" if found == "quiet" and settings.DEMO else found

    @property
    def agreed(self) -> datetime | None:
        """The local moment of its appointment."""
        return timezone.localtime(self.appointment.on) if self.appointment is not None else None


@dataclass(frozen=True, slots=True)
class Board:
    """One institution's drawn clients in the order of the draw; `allowed` are the keys whose turn has come."""

    frame: Frame
    table: VerificationFile
    draw: ClientDraw
    lines: tuple[Line, ...]
    allowed: frozenset[str]

    @property
    def calls(self) -> Mapping[str, Sequence[Call]]:
        """The attempts that count, numbered from 1 for each client."""
        made = {line.key: calls_of(line.attempts, line.key) for line in self.lines if line.attempts}
        return counted(self.draw, made, self.table)

    @property
    def done(self) -> int:
        """How many completed."""
        return sum(line.standing == "done" for line in self.lines)

    @property
    def left(self) -> list[Line]:
        """Those whose turn has come and who may still be reached."""
        return [line for line in self.lines if line.key in self.allowed and line.standing in _WAITING]

    def line(self, client: int) -> Line | None:
        """The line of that client."""
        return next((line for line in self.lines if line.pk == client), None)


def calls_of(attempts: Iterable[Attempt], key: str) -> list[Call]:
    """The attempts as the rules read them; voided ones were left out before, so that numbers run from 1."""
    return [
        Call(key, number, one.disposition, answers_of(one), one.mode, timezone.localtime(one.at).isoformat())
        for number, one in enumerate(attempts, start=1)
    ]


def answers_of(attempt: Attempt) -> dict[str, str]:
    """The coded answers; what was said in free words is not counted by any rule."""
    return dict(attempt.answers)


def counted(
    draw: ClientDraw, calls: Mapping[str, Sequence[Call]], table: VerificationFile
) -> dict[str, Sequence[Call]]:
    """The calls to those whom the draw allows: after a redraw the calls to others are kept and no longer count."""
    allowed = callable_keys(draw, {key: completed(made, table) for key, made in calls.items()})
    return {key: calls[key] for key in allowed if calls.get(key)}


def boards_of(frames: Sequence[Frame], *, at: datetime) -> dict[int, Board]:
    """The board of each of these lists of one season by its number, in four queries however many they are."""
    if not frames:
        return {}
    table = table_of(frames[0].survey.season)
    if table is None:
        return {}
    known = {one.code: one for one in table.dispositions}
    numbers = [frame.pk for frame in frames]
    drawn: dict[int, list[Place]] = defaultdict(list)
    places = Drawn.objects.filter(frame__in=numbers, draw__superseded_at=None).order_by("frame", "position")
    # Thousands of them on a page: plain rows cost a third of objects.
    for place in places.values_list(*Place._fields):
        drawn[place[0]].append(Place(*place))
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in standing_attempts().filter(frame__in=numbers):
        attempts[attempt.client_id].append(attempt)
    agreed = {one.client_id: one for one in Appointment.objects.filter(frame__in=numbers, ended_at=None).defer("note")}
    live = Link.objects.filter(frame__in=numbers, used_at=None, withdrawn_at=None, expires_at__gt=at)
    links = {one.client_id: one for one in live}
    found = {}
    for frame in frames:
        lines = tuple(
            _line(place, attempts[place.client], agreed.get(place.client), links.get(place.client), table, known)
            for place in drawn[frame.pk]
        )
        draw = client_draw_of((line.key, line.role, line.stratum) for line in lines)
        closed = {line.key: line.standing == "done" for line in lines if line.standing not in _WAITING}
        found[frame.pk] = Board(frame, table, draw, lines, frozenset(callable_keys(draw, closed)))
    return found


def client_draw_of(places: Iterable[tuple[str, str, str]]) -> ClientDraw:
    """The draw of one list as the rules read it, from key, role and stratum in the order of the draw."""
    known = list(places)
    return ClientDraw(
        tuple(key for key, role, _ in known if role == "sample"),
        tuple(key for key, role, _ in known if role == "reserve"),
        {key: stratum for key, _, stratum in known} if any(stratum for _, _, stratum in known) else {},
    )


def standing_attempts() -> QuerySet[Attempt]:
    """Attempts that were not voided, in order, without the words that were said."""
    return Attempt.objects.filter(voided_at=None).defer("said").order_by("client", "number")


def attempts_by(verifier: User) -> QuerySet[Attempt]:
    """What this person recorded, voided or not, the last first, with what a supervisor noted."""
    made = Attempt.objects.filter(by=verifier).select_related(
        "client", "frame__survey__season__scheme", "frame__entry__institution"
    )
    found = made.prefetch_related("listenings__by").defer("said")
    return found.order_by("-at", "-pk")


def board_of(frame: Frame, *, at: datetime) -> Board | None:
    """The board of one list; None where the scheme has no calls."""
    return boards_of([frame], at=at).get(frame.pk)


def client_for(verifier: User, client: int) -> Client | None:
    """A client of a list handed to this verifier while calls are made; None for everybody else's."""
    found = Client.objects.select_related("frame__survey__season__scheme", "frame__entry__institution")
    mine = {"frame__verifier": verifier, "frame__survey__state": SurveyState.CALLING}
    return found.filter(pk=client, **mine).first()


def next_line(boards: Iterable[Board], *, at: datetime) -> tuple[Board, Line] | None:
    """Whom to call now: who made an appointment for now, then by institution and place in the draw; None for nobody."""
    ready = [
        (not is_due(line.agreed, timezone.localtime(at)), number, bool(line.attempts), line.position, board, line)
        for number, board in enumerate(boards)
        for line in board.left
        if line.standing == "open" and not line.wait(at)
    ]
    if not ready:
        return None
    best = min(ready, key=lambda one: one[:4])
    return best[4], best[5]


def appointments_of(verifier: User) -> QuerySet[Appointment]:
    """What was agreed with the clients of this verifier, the next first."""
    mine = {"frame__verifier": verifier, "frame__survey__state": SurveyState.CALLING}
    found = Appointment.objects.filter(ended_at=None, **mine).order_by("on", "pk")
    return found.select_related("client", "frame__entry__institution")


def _line(
    place: Place,
    attempts: Sequence[Attempt],
    appointment: Appointment | None,
    link: Link | None,
    table: VerificationFile,
    known: Mapping[str, Disposition],
) -> Line:
    tried = tuple(Tried(timezone.localtime(one.at), known[one.disposition]) for one in attempts)
    standing = standing_of(
        tried,
        retry_after_unsure=table.retry_after_unsure,
        link=link is not None,
        appointed=appointment is not None,
    )
    return Line(place, tuple(attempts), tried, appointment, link, standing)
