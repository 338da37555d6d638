"""Who is drawn, and what the calls say: the replayable order of clients, a verdict for each, the rates they make."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ceping.core.exact import CONTEXT, product, quotient, rounded
from ceping.core.scheme.verification import Disposition, VerificationFile

# A client's calls are judged by the last attempt of the furthest class reached, first here is furthest.
CLASS_ORDER = ("completed", "unsure", "refused", "number_problem", "linked", "non_contact")
REACHED = ("completed", "unsure", "refused")
COUNTED = ("confirmed", "denied", "dead", "linked")


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt to reach one client; `answers` are by question id, empty ones left out."""

    client_key: str
    attempt: int
    disposition: str
    answers: Mapping[str, str]
    mode: str = "phone"
    at: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClientDraw:
    """Who is drawn of one institution: the keys of the sample, then those of the reserves, in the order of the draw.

    `strata` names the stratum of each key of a draw by strata; a reserve then stands in for its own stratum alone.
    """

    sample: tuple[str, ...] = ()
    reserves: tuple[str, ...] = ()
    strata: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """All drawn keys, the sample first; a key's position counts from 1 in it."""
        return (*self.sample, *self.reserves)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one drawn client's calls came to; `verdict` is `pending` while an unsure client may be asked again."""

    client_key: str
    position: int
    verdict: str
    disposition: str
    attempts: int
    satisfied: bool | None
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its parts and its Wilson interval; `value` is None when nothing was counted."""

    part: int
    whole: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The calls of one institution: verdicts in the order of the draw, and the rates.

    `response` is AAPOR RR1, `response_estimated` RR3; the latter has no interval, being no share of a count.
    `eligibility` is the share of the unreached that RR3 takes to be able to answer, None where nothing tells it.
    """

    verdicts: tuple[Verdict, ...]
    counts: Mapping[str, int]
    verification: Rate
    satisfaction: Rate
    contact: Rate
    response: Rate
    response_estimated: Decimal | None
    eligibility: Decimal | None = None


def draw_order(*, seed: str, uscc: str, keys: Iterable[str]) -> list[str]:
    """The client keys in the order of their draw: by SHA-256 of `seed:uscc:key`, so that anyone can draw them again."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{uscc}:{key}".encode()).hexdigest())


def plain_draw(order: Sequence[str], *, size: int, reserves: int | None) -> ClientDraw:
    """The first `size` keys of the order as the sample, the rest, or `reserves` of them, standing by."""
    end = None if reserves is None else size + reserves
    return ClientDraw(tuple(order[:size]), tuple(order[size:end]))


def callable_keys(draw: ClientDraw, closed: Mapping[str, bool]) -> list[str]:
    """The keys that may be called so far: the sample, then a reserve in order for each that did not complete.

    `closed` says of each called key whether it completed. Of a draw by strata each reserve stands in for its own.
    """
    allowed = list(draw.sample)
    lost: dict[str, int] = {}
    for key in draw.sample:
        stratum = draw.strata.get(key, "")
        lost[stratum] = lost.get(stratum, 0) + (closed.get(key) is False)
    for key in draw.reserves:
        stratum = draw.strata.get(key, "")
        if lost.get(stratum, 0) > 0:
            allowed.append(key)
            lost[stratum] -= closed.get(key) is not False
    return allowed


def verdict_of(calls: Sequence[Call], *, position: int, table: VerificationFile) -> Verdict:
    """What the calls to one client say; `calls` are that client's, at least one."""
    known = {disposition.code: disposition for disposition in table.dispositions}
    ordered = sorted(calls, key=lambda call: call.attempt)
    best = min(CLASS_ORDER.index(known[call.disposition].outcome_class) for call in ordered)
    last = [call for call in ordered if CLASS_ORDER.index(known[call.disposition].outcome_class) == best][-1]
    disposition = known[last.disposition]
    verdict: str = disposition.verdict
    if verdict == "unsure" and _contacts(ordered, known) < table.retry_after_unsure:
        verdict = "pending"
    answered = last.answers.get(table.satisfaction.question, "") if verdict == "confirmed" else ""
    satisfied = answered in table.satisfaction.satisfied if answered else None
    return Verdict(last.client_key, position, verdict, last.disposition, len(ordered), satisfied, last.source)


def _contacts(calls: Sequence[Call], known: Mapping[str, Disposition]) -> int:
    return sum(1 for call in calls if known[call.disposition].outcome_class in REACHED)


def completed(calls: Sequence[Call], table: VerificationFile) -> bool:
    """Whether any of a client's calls ended in a completed answer."""
    done = {disposition.code for disposition in table.dispositions if disposition.outcome_class == "completed"}
    return any(call.disposition in done for call in calls)


def verified(
    calls: Mapping[str, Sequence[Call]],
    order: Sequence[str],
    table: VerificationFile,
    *,
    eligibility: Decimal | None = None,
) -> Verification:
    """The verdicts and rates of one institution; `calls` by client key, `order` the draw.

    Verification is confirmed / (confirmed + denied + dead or wrong number + linked); satisfaction is of those confirmed
    who answered; contact is reached / called; response is answered in full / all but those whose number is dead, wrong
    or not the client's, who cannot answer (AAPOR RR1), and RR3 counts of those never reached the share that could: the
    declared `eligibility`, or as many as could among those of whom it is known.
    """
    verdicts = tuple(
        verdict_of(calls[key], position=position, table=table)
        for position, key in enumerate(order, 1)
        if calls.get(key)
    )
    counts: dict[str, int] = {}
    for verdict in verdicts:
        counts[verdict.verdict] = counts.get(verdict.verdict, 0) + 1
    known = {disposition.code: disposition for disposition in table.dispositions}
    ends = [known[verdict.disposition] for verdict in verdicts]
    rated = [verdict.satisfied for verdict in verdicts if verdict.satisfied is not None]
    reached = sum(1 for end in ends if end.outcome_class in REACHED)
    unreached = sum(1 for end in ends if end.outcome_class == "non_contact")
    finished = sum(1 for end in ends if end.outcome_class == "completed" and not end.partial)
    z = table.interval.z
    if eligibility is None and reached:
        eligibility = quotient(Decimal(reached), Decimal(len(ends) - unreached))
    return Verification(
        verdicts,
        counts,
        verification=rate(counts.get("confirmed", 0), sum(counts.get(name, 0) for name in COUNTED), z),
        satisfaction=rate(sum(rated), len(rated), z),
        contact=rate(reached, len(ends), z),
        response=rate(finished, reached + unreached, z),
        response_estimated=_estimated(finished, reached, unreached, eligibility),
        eligibility=eligibility,
    )


def _estimated(finished: int, reached: int, unreached: int, eligibility: Decimal | None) -> Decimal | None:
    """AAPOR RR3: the answers in full / those reached and of the unreached the share that could have answered."""
    if not reached:
        return Decimal(0) if unreached else None
    able = product(eligibility or Decimal(0), Decimal(unreached))
    return quotient(Decimal(finished), CONTEXT.add(Decimal(reached), able))


def rate(part: int, whole: int, z: Decimal) -> Rate:
    """The share part / whole exactly, and its Wilson score interval at the normal quantile z to four places."""
    if not whole:
        return Rate(part, whole, None, None, None)
    n, share, square = Decimal(whole), quotient(Decimal(part), Decimal(whole)), product(z, z)
    spread = CONTEXT.sqrt(
        CONTEXT.add(
            quotient(product(share, CONTEXT.subtract(Decimal(1), share)), n),
            quotient(square, product(Decimal(4), product(n, n))),
        )
    )
    centre = CONTEXT.add(share, quotient(square, product(Decimal(2), n)))
    width = CONTEXT.add(Decimal(1), quotient(square, n))
    low = quotient(CONTEXT.subtract(centre, product(z, spread)), width)
    high = quotient(CONTEXT.add(centre, product(z, spread)), width)
    # At 0 of n and n of n the formula gives 0 and 1 but for the last digit.
    return Rate(part, whole, share, rounded(max(low, Decimal(0)), 4), rounded(min(high, Decimal(1)), 4))
