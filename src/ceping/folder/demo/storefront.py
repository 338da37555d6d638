"""Shops and their events of a demo season: livelier for stronger institutions, with follows, replies and voids."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ceping.folder.demo.cast import Member
from ceping.folder.demo.chance import Chance

EVENT_COLUMNS = ("event_id", "shop_id", "kind", "occurred_at", "actor_id", "actor_type", "rating", "voids")
_DAYS = 365
_KINDS = (("login", 34), ("order", 17), ("rating", 12), ("comment", 11), ("reply", 8), ("follow", 14), ("unfollow", 1))


def shop_rows(members: Sequence[Member], *, seed: int) -> list[dict[str, str]]:
    """The facts of every shop."""
    rows = []
    for member in members:
        chance = Chance(seed, "shop", member.number)
        if not member.shop_id:
            continue
        day = f"{chance.between(1, 12):02d}-{chance.between(1, 28):02d}"
        rows.append(
            {
                "shop_id": member.shop_id,
                "shop_name": f"{member.name}服务云店铺",
                "category": member.category,
                "registered_on": f"{chance.between(2012, 2020)}-{day}",
                "introduction": "为中小企业提供专业服务" if chance.happens(85) else "",
                "website": f"https://shop{member.number}.example.com" if chance.happens(70) else "",
                "certificate_count": str(chance.between(0, 1 + member.strength // 10)),
                "product_count": str(member.strength // 4 + chance.below(6)),
                "decorated": "true" if chance.happens(member.strength) else "false",
                "activity_count": str(member.strength // 8 + chance.below(5)),
            }
        )
    return rows


def event_rows(members: Sequence[Member], *, seed: int, count: int) -> Iterator[tuple[str, ...]]:
    """So many events over all shops, in proportion to strength."""
    shops = [member for member in members if member.shop_id]
    whole = sum(member.strength for member in shops)
    done = reached = 0
    for member in shops:
        reached += member.strength
        share = count * reached // whole - done
        done += share
        yield from _events_of(member, share, Chance(seed, "events", member.number))


def _events_of(member: Member, count: int, chance: Chance) -> Iterator[tuple[str, ...]]:
    first = date(2021, 1, 1)
    good = 55 + member.strength // 3
    taken_back = ""
    for number in range(1, count + 1):
        kind = chance.weighted(_KINDS)
        day = first + timedelta(days=chance.below(_DAYS))
        at = f"{day}T{chance.between(8, 20):02d}:{chance.below(60):02d}:{chance.below(60):02d}+08:00"
        actor, of = f"u{chance.below(400):03d}", chance.weighted([("enterprise", 6), ("personal", 4)])
        rating = ""
        if kind in ("login", "reply"):
            actor, of = f"seller-{member.number}", "seller"
        elif kind == "rating":
            rating = "good" if chance.happens(good) else chance.pick(("neutral", "bad"))
        identity = f"E{number:08d}"
        if taken_back:
            # An order or a rating that was taken back: its event stays, the void ends it.
            yield (identity, member.shop_id, "void", at, "", "", "", taken_back)
            taken_back = ""
            continue
        yield (identity, member.shop_id, kind, at, actor, of, rating, "")
        if kind in ("order", "rating") and chance.below(150) == 0:
            taken_back = identity
