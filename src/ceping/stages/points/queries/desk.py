"""What the operator's desk asks of points: what waits for a person, a shop's log, feeds and their health."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from ceping.stages.points.models import Adoption, Call, Delivery, Event, Held, Hook, Signal, Standing, Token, Voiding
from ceping.stages.points.states import CallState, HeldState

_DAY = timedelta(days=1)
# Of so many deliveries of a day the codes are added up; more say the same.
_MOST_ADDED = 2000


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many held events, signals and messages that could not be delivered wait for a person."""

    held: int
    signals: int
    calls: int


@dataclass(frozen=True, slots=True)
class Feed:
    """One source of events: when it was heard last, its newest event, and what became of the rows of the last day."""

    source: str
    heard_at: datetime
    newest_at: datetime | None
    deliveries: int
    given: int
    accepted: int
    repeated: int
    held: int
    refused: int
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Nothing of the last day was held or refused."""
        return not self.held and not self.refused


@dataclass(frozen=True, slots=True)
class Logged:
    """An event of a shop's log as a person looks at it: `voided` and its reason when it is out of force."""

    event: Event
    void: Event | None
    voiding: Voiding | None


def waiting_for_operator() -> Waiting:
    """What waits now."""
    return Waiting(
        Held.objects.filter(state=HeldState.OPEN).count(),
        Signal.objects.filter(looked_at=None).count(),
        Call.objects.filter(state=CallState.FAILED, hook__removed_at=None).count(),
    )


def standings_named(text: str) -> QuerySet[Standing]:
    """Shops whose id is the text or whose name or category holds it, most points first; of no text all of them."""
    words = text.strip()[:64]
    found = Standing.objects.defer("balances").order_by("-points", "shop")
    return found.filter(Q(shop=words) | Q(name__icontains=words)) if words else found


def standing_at(shop: str) -> Standing | None:
    """The shop of that id."""
    return Standing.objects.filter(shop=shop).first()


def events_logged(standing: Standing, *, kind: str = "", text: str = "", before: int | None = None) -> QuerySet[Event]:
    """The shop's log, the newest first: of a kind, of an id or a user, from before a sequence."""
    found = Event.objects.filter(standing=standing)
    if kind:
        found = found.filter(kind=kind)
    words = text.strip()
    if words:
        found = found.filter(Q(event_id=words) | Q(actor_id=words) | Q(voids=words))
    return (found.filter(pk__lt=before) if before is not None else found).order_by("-pk")


def logged(standing: Standing, events: Sequence[Event]) -> list[Logged]:
    """The events with the void that takes each out of force, in two questions for any number."""
    named = {one.event_id for one in events if one.kind != "void"}
    voids = Event.objects.filter(standing=standing, kind="void", voids__in=named).exclude(voids="").order_by("-pk")
    found = {one.voids: one for one in voids}
    why = {one.void_id: one for one in Voiding.objects.filter(void__in=found.values()).select_related("voided_by")}
    rows = []
    for one in events:
        void = found.get(one.event_id) if one.kind != "void" else None
        rows.append(Logged(one, void, why.get(void.pk) if void is not None else why.get(one.pk)))
    return rows


def event_at(standing: Standing, sequence: int) -> Event | None:
    """That event of the shop."""
    return Event.objects.filter(standing=standing, pk=sequence).select_related("standing").first()


def held_events(state: str = "", reason: str = "", shop: str = "") -> QuerySet[Held]:
    """Events that wait, or were decided; what waits longest first, what was decided last first."""
    found = Held.objects.filter(state=state) if state else Held.objects.all()
    if reason:
        found = found.filter(held_for=reason)
    if shop:
        found = found.filter(standing__shop=shop)
    rows = found.select_related("standing", "decided_by")
    return rows.order_by("pk") if state == HeldState.OPEN else rows.order_by("-decided_at", "-pk")


def held_counts() -> tuple[dict[str, int], dict[str, int]]:
    """Held events by state; those that wait by reason."""
    states = Held.objects.order_by().values_list("state").annotate(Count("pk"))
    reasons = Held.objects.filter(state=HeldState.OPEN).order_by().values_list("held_for").annotate(Count("pk"))
    return dict(states), dict(reasons)


def accepted_beside(held: Sequence[Held]) -> dict[int, Event]:
    """The accepted event under the same id, by held event; only conflicts have one."""
    asked = {(one.standing_id, one.event_id): one.pk for one in held}
    rows = Event.objects.filter(
        standing__in={standing for standing, _ in asked}, event_id__in={event for _, event in asked}
    )
    by_id = {(one.standing_id, one.event_id): one for one in rows}
    return {one.pk: by_id[key] for one in held if (key := (one.standing_id, one.event_id)) in by_id}


def signals_found(*, looked: bool, kind: str = "") -> QuerySet[Signal]:
    """Signals nobody looked at yet, or those somebody did, the newest day first."""
    found = Signal.objects.filter(looked_at__isnull=not looked)
    found = found.filter(kind=kind) if kind else found
    return found.select_related("standing", "looked_by").order_by("-day", "-pk")


def signal_counts() -> dict[str, int]:
    """Signals nobody looked at, by kind."""
    return dict(Signal.objects.filter(looked_at=None).order_by().values_list("kind").annotate(Count("pk")))


def feeds_heard(at: datetime) -> list[Feed]:
    """Every source that ever delivered, the last heard first; its counts are of the day up to `at`."""
    lately = Delivery.objects.filter(received_at__gt=at - _DAY)
    codes: dict[str, Counter[str]] = {}
    for source, told in lately.exclude(codes={}).order_by("-pk").values_list("source", "codes")[:_MOST_ADDED]:
        codes.setdefault(source, Counter()).update(told)
    sums = {
        one["source"]: one
        for one in lately.order_by()
        .values("source")
        .annotate(
            number=Count("pk"),
            rows=Sum("given"),
            in_log=Sum("accepted"),
            again=Sum("repeated"),
            waits=Sum("held"),
            bad=Sum("refused"),
        )
    }
    nothing = dict.fromkeys(("number", "rows", "in_log", "again", "waits", "bad"), 0)
    heard = Delivery.objects.order_by().values("source").annotate(heard=Max("received_at"), newest=Max("last_at"))
    found = []
    for one in heard:
        day = sums.get(one["source"], nothing)
        counts = (day["number"], day["rows"], day["in_log"], day["again"], day["waits"], day["bad"])
        told = dict(codes.get(one["source"], {}))
        found.append(Feed(one["source"], one["heard"], one["newest"], *counts, told))
    return sorted(found, key=lambda one: one.heard_at, reverse=True)


def deliveries_of(source: str = "") -> QuerySet[Delivery]:
    """What came in, the last first; of one source alone, if any."""
    found = Delivery.objects.filter(source=source) if source else Delivery.objects.all()
    return found.order_by("-received_at", "-pk")


def adoptions() -> QuerySet[Adoption]:
    """Versions of the rules put in force, the last first."""
    return Adoption.objects.select_related("version", "adopted_by").order_by("-pk")


def shops_behind(sha256: str) -> int:
    """How many shops still stand by other rules than those of that hash."""
    return Standing.objects.exclude(rules_sha256__in=("", sha256)).count()


def tokens_made() -> QuerySet[Token]:
    """Keys to the interface, those that hold first, then the last made."""
    return Token.objects.select_related("made_by", "revoked_by").order_by("revoked_at", "-pk")


def hooks_added() -> QuerySet[Hook]:
    """Addresses that are told, with how many messages reached them, wait and failed; the last added first."""
    return (
        Hook.objects.filter(removed_at=None)
        .select_related("added_by")
        .annotate(
            done=Count("calls", filter=Q(calls__state=CallState.DONE)),
            waiting=Count("calls", filter=Q(calls__state=CallState.WAITING)),
            failed=Count("calls", filter=Q(calls__state=CallState.FAILED)),
            first_due=Min("calls__due_at", filter=Q(calls__state=CallState.WAITING)),
        )
        .order_by("-pk")
    )


def calls_made(state: str = "") -> QuerySet[Call]:
    """Messages to other systems, the last first."""
    found = Call.objects.filter(state=state) if state else Call.objects.all()
    return found.select_related("hook", "standing").order_by("-pk")
