"""What the facts of each shop count by the rules, as a file every engine reads: core counts it once."""

from collections.abc import Mapping
from pathlib import Path

from ceping.bulk.request import Request
from ceping.core.points import Shop
from ceping.core.points.measure import fact_quantity
from ceping.core.scheme.points import Flag, Number, YearsSince


def write_facts(request: Request, shops: Mapping[str, Shop], path: Path) -> list[int]:
    """A CSV file without header: shop_id, the shop's number in the order given, a column for each rule on facts.

    Answers the places of those rules in the scheme.
    """
    measures = {n: rule.measure for n, rule in enumerate(request.points.rules)}
    facts = {n: one for n, one in measures.items() if isinstance(one, YearsSince | Flag | Number)}
    with path.open("w", encoding="ascii") as stream:
        for number, shop in enumerate(shops.values()):
            counted = [str(fact_quantity(measure, shop, request.window.end)) for measure in facts.values()]
            stream.write(",".join([shop.shop_id, str(number), *counted]) + "\n")
    return list(facts)
