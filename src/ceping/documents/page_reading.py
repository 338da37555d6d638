"""The page's values out of what an evaluation wrote: results.json, verification.json, the points, and the scheme."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ceping.core.exact import CONTEXT, product, short_text_of
from ceping.core.points import Entry, Total
from ceping.core.scheme.outcome import Band as SchemeBand
from ceping.core.scheme.outcome import OutcomeFile
from ceping.core.scheme.verification import VerificationFile
from ceping.core.scheme.whole import Scheme
from ceping.documents.page_content import (
    BANDS,
    CALLS,
    GATES,
    RANKS,
    SCORES,
    Band,
    Category,
    Heading,
    Item,
    PageValues,
    PointsRule,
    Reading,
    Shop,
    Spread,
)
from ceping.documents.page_firmness import firm_of
from ceping.documents.page_institution import (
    SHARE_PLACES,
    Around,
    Beside,
    Scored,
    calls_of,
    comparable,
    complete,
    institution_of,
    rule_title,
    scored_in,
    shop_of,
)
from ceping.documents.page_spread import bins_of, mean_of, spread_of
from ceping.documents.page_words import STATUS, Node, Words, covers, rule_words

_TOTAL_PLACES = 2


def page_values(  # noqa: PLR0913 -- one for each thing that was written, and what no file of them says
    results: Node,
    verification: Node,
    scheme: Scheme,
    *,
    robustness: Node | None = None,
    shops: Mapping[str, str],
    totals: Iterable[Total] = (),
    ledger: Iterable[Entry] = (),
    title: str = "",
    period: tuple[str, str] | None = None,
    incomplete: bool = False,
) -> PageValues:
    """The page of these results, which were made with this very scheme.

    `results`, `verification` and `robustness` are the JSON files of these names as read; `shops` gives the shop of each
    uscc that has one, `totals` and `ledger` what those shops came to. `incomplete` says that gaps were allowed, which
    the results alone need not show.
    """
    found: Sequence[Node] = results["institutions"]
    scored = {one["uscc"]: tuple(scored_in(one, scheme)) for one in found}
    compared = [one for one in found if comparable(one)]
    categories = _categories(scheme, found, compared)
    around = Around(
        {category.id: category.title for category in categories},
        {category.id: category.ranked for category in categories},
        _peers(compared, scored),
    )
    counted = _shops(scheme, shops, totals, ledger)
    words = Words(scheme)
    calls = {one["uscc"]: calls_of(one) for one in verification.get("institutions", ())}
    firm = {one["uscc"]: firm_of(one, words.items) for one in (robustness or {}).get("institutions", ())}
    beside = {
        uscc: Beside(calls.get(uscc), counted.get(shops.get(uscc, "")), firm.get(uscc))
        for uscc in (str(one["uscc"]) for one in found)
    }
    institutions = [institution_of(one, scheme, words, around, beside[one["uscc"]]) for one in found]
    trial, table = scheme.outcome.robustness, scheme.verification
    values = [Decimal(one["total"]) for one in compared if one["total"] is not None]
    return PageValues(
        heading=_heading(results, scheme, title, period),
        marked=frozenset(_marked(scheme)) if results["parameters"] == "illustrative" else frozenset(),
        incomplete=incomplete or not all(complete(one) for one in found),
        full=short_text_of(scheme.indicators.total),
        ranked=sum(1 for one in found if one["rank"] is not None),
        compared=len(compared),
        draws=trial.draws,
        spread_percent=short_text_of(product(trial.spread, Decimal(100))),
        confidence_percent=short_text_of(product(table.interval.confidence, Decimal(100))) if table else "",
        sample_size=_sample_size(table, verification) if table else "",
        bands=tuple(_bands(scheme.outcome, [str(one["grade"]) for one in found])),
        categories=categories,
        bins=bins_of(values, full=scheme.indicators.total),
        items=tuple(_items(scheme, compared, scored, words)),
        rules=tuple(_rules(scheme, counted)),
        institutions=tuple(sorted(institutions, key=lambda one: (one.rank is None, one.rank or 0, one.uscc))),
        readings=tuple(_readings(scheme)),
    )


def _sample_size(table: VerificationFile, verification: Node) -> str:
    """How many are in a sample: the drawn numbers from the least to the most, or the scheme's where nobody is drawn."""
    drawn = {len(one["draw"]["sample"]) for one in verification.get("institutions", ())} or {table.sample.size}
    least, most = min(drawn), max(drawn)
    return str(most) if least == most else f"{least} 至 {most}"


def _heading(results: Node, scheme: Scheme, title: str, period: tuple[str, str] | None) -> Heading:
    header, told = scheme.header, results["scheme"]
    start, end = period or (header.period.start.isoformat(), header.period.end.isoformat())
    return Heading(
        title=title or header.title,
        period=f"{start} 至 {end}",
        authority=header.authority,
        scheme_title=header.title,
        scheme_label=f"{told['id']}@{told['version']}",
        sha256=str(told["sha256"]),
        parameters=STATUS.get(results["parameters"], str(results["parameters"])),
        source=header.source,
        excerpt=header.excerpt,
    )


def _marked(scheme: Scheme) -> Iterator[str]:
    """The parts in which the official text leaves a number open."""
    outcome, table = scheme.outcome, scheme.verification
    bonus = outcome.bonus.items if outcome.bonus is not None else ()
    lifts = [*(one.origin for one in outcome.any_of), *(one.origin for one in outcome.ceilings)]
    limits = [*(one.origin for one in outcome.history), *(one.origin for one in outcome.quotas)]
    bars = [*(one.origin for one in outcome.vetoes), *(one.origin for one in outcome.floors)]
    origins = {
        SCORES: [*(item.item.origin for item in scheme.scored), *(item.origin for item in bonus)],
        GATES: [*(one.origin for one in outcome.gates), *bars],
        BANDS: [outcome.bands_origin, *lifts, *limits],
        CALLS: [table.sample.origin, table.satisfaction.origin] if table is not None else [],
        RANKS: [outcome.robustness.origin],
    }
    yield from (part for part, found in origins.items() if "illustrative" in found)


def _categories(scheme: Scheme, found: Sequence[Node], compared: Sequence[Node]) -> tuple[Category, ...]:
    titles = {category.id: category.title for category in scheme.header.categories}
    present = {str(one["category"]) for one in found}
    known = [name for name in titles if name in present]
    return tuple(
        Category(
            name,
            titles.get(name, name),
            sum(1 for one in found if one["category"] == name),
            sum(1 for one in found if one["category"] == name and one["rank"] is not None),
            spread_of([Decimal(total) for total in _totals(compared, name)], places=_TOTAL_PLACES),
        )
        for name in (*known, *sorted(present - set(known)))
    )


def _totals(compared: Sequence[Node], category: str) -> Iterator[str]:
    yield from (one["total"] for one in compared if one["category"] == category and one["total"] is not None)


def _peers(compared: Sequence[Node], scored: Mapping[str, tuple[Scored, ...]]) -> dict[str, dict[str, Spread | None]]:
    shares: dict[str, dict[str, list[Decimal]]] = {}
    for one in compared:
        for item in scored[one["uscc"]]:
            if item.share is not None:
                shares.setdefault(str(one["category"]), {}).setdefault(item.key, []).append(item.share)
    return {
        category: {key: spread_of(values, places=SHARE_PLACES) for key, values in items.items()}
        for category, items in shares.items()
    }


def _items(
    scheme: Scheme, compared: Sequence[Node], scored: Mapping[str, tuple[Scored, ...]], words: Words
) -> Iterator[Item]:
    by_key: dict[str, list[Scored]] = {}
    for one in compared:
        for item in scored[one["uscc"]]:
            by_key.setdefault(item.key, []).append(item)
    every = {item.key: item for items in scored.values() for item in items}
    bonus = scheme.outcome.bonus.items if scheme.outcome.bonus is not None else ()
    told = [(s.key, s.branch.title, s.item.rule, s.leaf.clause, s.item.origin) for s in scheme.scored]
    told += [(item.id, "加分", item.rule, item.clause, item.origin) for item in bonus]
    for key, branch, rule, clause, origin in told:
        known = [(item, item.score) for item in by_key.get(key, ()) if item.score is not None]
        yield Item(
            key=key,
            title=words.items[key],
            branch=branch,
            full=short_text_of(every[key].full) if key in every else "—",
            rule=rule_words(rule, words.titles, words.labels),
            clause=clause,
            illustrative=origin == "illustrative",
            shares=spread_of([item.share for item, _ in known if item.share is not None], places=SHARE_PLACES),
            mean_lost=mean_of([CONTEXT.subtract(item.full, score) for item, score in known], places=2),
            full_count=sum(1 for item, score in known if score >= item.full),
            nothing_count=sum(1 for _, score in known if not score),
        )


def _bands(outcome: OutcomeFile, grades: list[str]) -> Iterator[Band]:
    named = [band.grade for band in outcome.bands]
    for band in outcome.bands:
        yield Band(band.grade, covers(band), grades.count(band.grade), _begin(band))
    for grade in dict.fromkeys(grades):
        if grade not in named:
            yield Band(grade, "", grades.count(grade), "")


def _begin(band: SchemeBand) -> str:
    edge = band.at_least if band.at_least is not None else band.above
    return "" if edge is None else short_text_of(edge)


def _shops(
    scheme: Scheme, shops: Mapping[str, str], totals: Iterable[Total], ledger: Iterable[Entry]
) -> dict[str, Shop]:
    if scheme.points is None:
        return {}
    lines: dict[str, list[Entry]] = {}
    for line in ledger:
        lines.setdefault(line.shop_id, []).append(line)
    wanted = set(shops.values())
    return {
        total.shop_id: shop_of(scheme.points, total, lines.get(total.shop_id, []))
        for total in totals
        if total.shop_id in wanted
    }


def _rules(scheme: Scheme, counted: Mapping[str, Shop]) -> Iterator[PointsRule]:
    points_file = scheme.points
    if points_file is None:
        return
    lines = [line for shop in counted.values() for line in shop.lines]
    for rule in points_file.rules:
        own = [line for line in lines if line.rule_id == rule.rule_id]
        quantity, points = sum(line.quantity for line in own), sum(line.points for line in own)
        told = (rule.rule_id, rule_title(points_file, rule), rule.unit, rule.points, rule.cap)
        yield PointsRule(*told, len(own), quantity, points, rule.clause)


def _readings(scheme: Scheme) -> Iterator[Reading]:
    points = scheme.points.readings if scheme.points is not None else ()
    for one in (*scheme.header.readings, *scheme.form.readings, *points):
        yield Reading(one.question, one.reading, one.clause)
