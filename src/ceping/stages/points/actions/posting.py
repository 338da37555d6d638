"""The ledger brought up to what the rules say: what core counts now, less what the balances hold, as new lines."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from ceping.core.points import Entry, Shop, Tally, Total, entries_of, quantities_of, total_of
from ceping.core.points.grammar import instant_at, local_day_of
from ceping.core.scheme.points import Flag, Number, PointsRule, YearsSince
from ceping.stages.points.actions.calling import call_hooks
from ceping.stages.points.actions.columns import run_with_columns
from ceping.stages.points.actions.folding import Folded, fold_news
from ceping.stages.points.models import Event, LedgerEntry, Progress, Standing
from ceping.stages.points.queries.counted import facts_on, shop_in, tallies_now
from ceping.stages.points.queries.rules import Rules, rules_in_force
from ceping.stages.points.states import Why

# An act of a clock that is a little fast counts at once, so the day is theirs.
AHEAD = timedelta(minutes=5)
# More than a person's click should wait for is left to the worker.
_AT_ONCE = 5_000
_A_ROUND = 10_000

_STAND = """
UPDATE points_standing s SET posted = d.posted, as_of = d.as_of, rules = d.rules, rules_sha256 = d.rules_sha256,
    points = d.points, level = d.level, level_rank = d.level_rank, balances = d.balances::jsonb,
    changed_at = coalesce(d.changed_at, s.changed_at)
FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::int[],
    %s::text[], %s::timestamptz[])
    AS d(id, posted, as_of, rules, rules_sha256, points, level, level_rank, balances, changed_at)
WHERE s.id = d.id
"""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why points are posted where it was no new event; `reason` is a person's."""

    why: Why = Why.EVENTS
    what: str = ""
    reason: str = ""


NEWS = Cause()


@transaction.atomic
def post_points(*, standings: Collection[int], at: datetime, cause: Cause = NEWS) -> list[LedgerEntry]:
    """These shops' points are what the rules say of all their events and facts now; answers the new lines.

    A shop with very many waiting events is left to the worker, who takes them in rounds.
    """
    newest = Event.objects.filter(standing__in=standings).aggregate(last=Max("pk"))["last"] or 0
    locked = _locked(standings)
    waiting = Event.objects.filter(standing__in=standings, pk__gt=min((one.posted for one in locked), default=0))
    if waiting[: _AT_ONCE + 1].count() > _AT_ONCE:
        return []
    return _post({one.pk: one for one in locked}, newest, at, cause)


@transaction.atomic
def post_round(*, at: datetime) -> int:
    """The next waiting events of the log are in the ledger; answers how many, 0 when none waits."""
    Progress.objects.get_or_create()
    progress = Progress.objects.select_for_update().get()
    news = list(Event.objects.filter(pk__gt=progress.sequence).order_by("pk").values_list("pk", "standing")[:_A_ROUND])
    if not news:
        return 0
    upto = news[-1][0]
    standings = {one.pk: one for one in _locked({standing for _, standing in news})}
    _post(standings, upto, at, NEWS)
    progress.sequence = upto
    progress.save(update_fields=["sequence"])
    return len(news)


def day_of(at: datetime) -> date:
    """The local day points are counted up to at that moment."""
    return local_day_of(instant_at(at + AHEAD))


def _locked(standings: Collection[int]) -> list[Standing]:
    # The key stays: new events, whose rows only point here, do not wait for a round to end.
    return list(Standing.objects.select_for_update(no_key=True).filter(pk__in=standings).order_by("pk"))


def _post(standings: Mapping[int, Standing], upto: int, at: datetime, cause: Cause) -> list[LedgerEntry]:
    rules, as_of = rules_in_force(), day_of(at)
    folded = fold_news(standings, upto)
    # A day once posted is never gone back behind, should a machine's clock be set back.
    as_of = max([as_of, *(one.as_of for one in standings.values() if one.as_of is not None)])
    facts = facts_on(standings, as_of)
    tallies = tallies_now(rules.points, list(standings), as_of)
    made: list[LedgerEntry] = []
    rows, calls = [], []
    for key, standing in standings.items():
        news = folded.get(key, Folded())
        sequence = max(standing.posted, news.upto)
        shop = shop_in(facts[key], standing.shop) if key in facts else None
        entries, total = _scored(rules, standing.shop, shop, tallies[key], as_of)
        lines = _lines(standing, rules, entries, news, cause)
        for line in lines:
            line.sequence, line.as_of, line.rules, line.posted_at = sequence, as_of, rules.label, at
        made += lines
        if (total.level, total.level_rank) != (standing.level, standing.level_rank):
            calls.append((standing, total))
        balances = json.dumps({entry.rule_id: [entry.quantity, entry.points] for entry in entries})
        level = (total.points, total.level, total.level_rank)
        rows.append((key, sequence, as_of, rules.label, rules.sha256, *level, balances, at if lines else None))
    LedgerEntry.objects.bulk_create(made)
    call_hooks(calls, rules=rules, as_of=as_of, at=at)
    run_with_columns(_STAND, rows, 10)
    return made


def _scored(rules: Rules, shop_id: str, shop: Shop | None, tally: Tally, as_of: date) -> tuple[list[Entry], Total]:
    """A shop that nothing is known of on that day has no points, as in a file."""
    counted = quantities_of(rules.points, shop, tally, as_of) if shop is not None else [0] * len(rules.points.rules)
    entries = entries_of(rules.points, shop_id, counted)
    return entries, total_of(rules.points, shop_id, entries)


def _lines(standing: Standing, rules: Rules, entries: Sequence[Entry], news: Folded, cause: Cause) -> list[LedgerEntry]:
    """A line for every rule whose quantity or points are not what the balances hold."""
    now = {entry.rule_id: (entry.quantity, entry.points) for entry in entries}
    known = {rule.rule_id: rule for rule in rules.points.rules}
    renewed = standing.rules not in ("", rules.label) or standing.rules_sha256 not in ("", rules.sha256)
    found = []
    for rule_id in [*known, *sorted(set(standing.balances) - set(known))]:
        quantity, points = now.get(rule_id, (0, 0))
        old_quantity, old_points = standing.balances.get(rule_id, (0, 0))
        if (quantity, points) == (old_quantity, old_points):
            continue
        why, what = _why(known.get(rule_id), news, cause, rules.label if renewed else "")
        line = LedgerEntry(
            standing=standing,
            rule_id=rule_id,
            quantity=quantity - old_quantity,
            points=points - old_points,
            why=why,
            cause=what,
            reason=cause.reason,
        )
        if quantity < old_quantity or points < old_points:
            line.corrects = _corrected(standing, rule_id, news.first_voided)
        found.append(line)
    return found


def _why(rule: PointsRule | None, news: Folded, cause: Cause, renewed: str) -> tuple[Why, str]:
    if renewed or rule is None:
        return Why.RULES, renewed
    if cause.why is Why.CHECK:
        return cause.why, cause.what
    if isinstance(rule.measure, YearsSince | Flag | Number):
        dated = isinstance(rule.measure, YearsSince) and cause.why is not Why.FACTS
        return (Why.DATE if dated else Why.FACTS), ""
    if cause.why is Why.VOID or (news.voided and not news.added):
        return Why.VOID, cause.what or news.void
    return Why.EVENTS, ""


def _corrected(standing: Standing, rule_id: str, voided: int) -> LedgerEntry | None:
    """The line that gave what is now taken back: that of the voided event, or the last that gave anything."""
    gave = LedgerEntry.objects.filter(standing=standing, rule_id=rule_id, quantity__gt=0)
    if voided and (first := gave.filter(sequence__gte=voided).order_by("pk").first()):
        return first
    return gave.order_by("-pk").first()
