"""Client lists and calls of a demo season: drawn as the rules draw, called until the sample is complete."""

from collections.abc import Iterator, Mapping, Sequence

from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import draw_order
from ceping.folder.demo.cast import Member
from ceping.folder.demo.chance import Chance

_MOST_ATTEMPTS = 3


def client_rows(member: Member, listed: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The frozen client list: the report's clients numbered in their order."""
    return [
        {
            "uscc": member.uscc,
            "client_key": f"C{place:04d}",
            **{name: row.get(name, "") for name in ("name", "contact", "phone", "service")},
        }
        for place, row in enumerate(listed, 1)
    ]


def call_rows(member: Member, table: VerificationFile, *, draw_seed: str, seed: int) -> Iterator[dict[str, str]]:
    """Every attempt: the sample, then a reserve for each client that did not complete."""
    keys = [f"C{place:04d}" for place in range(1, len(member.clients) + 1)]
    order = draw_order(seed=draw_seed, uscc=member.uscc, keys=keys)
    most = len(order) if table.sample.reserves is None else table.sample.size + table.sample.reserves
    lost = 0
    for place, key in enumerate(order[:most]):
        if place - lost >= table.sample.size:
            return
        chance = Chance(seed, "call", member.number, key)
        outcomes = _outcomes(member, chance)
        lost += 0 if outcomes[-1] in ("10", "11", "12", "42") else 1
        for attempt, code in enumerate(outcomes, 1):
            month, day = divmod(place // 6 + attempt * 2, 20)
            row = {
                "uscc": member.uscc,
                "client_key": key,
                "attempt": str(attempt),
                "at": f"2022-{2 + month:02d}-{7 + day:02d}T{9 + place % 8:02d}:{place % 60:02d}:00+08:00",
                "mode": "phone",
                "disposition": code,
            }
            yield row | _answers(member, code, chance)


def _outcomes(member: Member, chance: Chance) -> list[str]:
    """The dispositions of the attempts at one client, the last one settling it."""
    wrong = 22 if member.part == "dishonest" else max(2, (100 - member.strength) // 8)
    final = chance.weighted(
        [
            ("10", 70),
            ("11", 6),
            ("42", 3),
            ("12", wrong),
            ("40", wrong // 2 + 1),
            ("41", 1),
            ("20", 4),
            ("13", 3),
            ("30", 5),
        ]
    )
    if final == "30":
        return ["30", "32", "30"][:_MOST_ATTEMPTS]
    if final == "13":
        return ["13", "13"]
    return ["30", final] if chance.happens(20) else [final]


def _answers(member: Member, code: str, chance: Chance) -> dict[str, str]:
    if code == "12":
        return {"q_served": "no"}
    if code not in ("10", "11", "42"):
        return {}
    answers = {"q_served": "yes", "q_service": chance.weighted([("same", 8), ("partly", 1)])}
    if code == "10":
        low = max(1, (100 - member.strength) // 6)
        answers["q_satisfaction"] = chance.weighted([("5", 60), ("4", 30), ("3", low * 2), ("2", low), ("1", 1)])
    return answers
