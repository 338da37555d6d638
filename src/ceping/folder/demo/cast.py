"""Who is in a demo season: institutions with their strength and their part, each from its number alone."""

from dataclasses import dataclass

from ceping.core.scheme.loading import Scheme
from ceping.folder.demo import words
from ceping.folder.demo.chance import Chance

# What the first institutions show, beside the many ordinary ones.
PARTS = ("conflicted", "shopless", "few_clients", "waived", "dishonest", "vetoed", "disputed")
ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Member:
    """One institution; `strength` runs from 30 to 98, `clients` are numbers of client firms in list order."""

    number: int
    uscc: str
    name: str
    category: str
    part: str
    strength: int
    recommender: str
    rank: int
    clients: tuple[int, ...]

    @property
    def shop_id(self) -> str:
        """Its shop, empty for none."""
        return "" if self.part == "shopless" else f"shop-{self.number:04d}"


def members(scheme: Scheme, *, count: int, seed: int) -> list[Member]:
    """So many institutions, over all categories and recommenders in turn."""
    categories = [category.id for category in scheme.header.categories]
    recommenders = scheme.header.recommenders or ("",)
    found = []
    for number in range(1, count + 1):
        chance = Chance(seed, "member", number)
        category = categories[(number - 1) % len(categories)]
        part = PARTS[number - 2] if 2 <= number < len(PARTS) + 2 else ORDINARY
        found.append(
            Member(
                number=number,
                uscc=words.credit_code(number, category),
                name=words.institution_name(number, category),
                category=category,
                part=part,
                strength=chance.between(45, 98) if part == ORDINARY else chance.between(70, 90),
                recommender=recommenders[(number - 1) % len(recommenders)],
                rank=(number - 1) // len(recommenders) + 1,
                clients=_clients(number, part, chance),
            )
        )
    return found


def _clients(number: int, part: str, chance: Chance) -> tuple[int, ...]:
    count = {"few_clients": 43, "waived": 48}.get(part) or chance.between(52, 68)
    return tuple(number * 61 + place for place in range(count))
