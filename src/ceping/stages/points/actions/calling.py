"""What other systems are told: a call to every hook for each shop whose level changed, and what came of each try."""

from collections.abc import Iterable
from datetime import date, datetime

from ceping.core.points import Total, level_name
from ceping.stages.points.models import Call, Hook, Standing
from ceping.stages.points.queries.rules import Rules


def call_hooks(changed: Iterable[tuple[Standing, Total]], *, rules: Rules, as_of: date, at: datetime) -> None:
    """A call to each hook waits for every shop that has another level; part of the posting's own transaction."""
    changed = list(changed)
    hooks = list(Hook.objects.filter(removed_at=None)) if changed else []
    Call.objects.bulk_create(
        Call(hook=hook, standing=standing, body=_body(standing, total, rules, as_of), made_at=at, due_at=at)
        for hook in hooks
        for standing, total in changed
    )


def _body(standing: Standing, total: Total, rules: Rules, as_of: date) -> dict[str, object]:
    points = rules.points
    return {
        "event": "level_changed",
        "shop_id": total.shop_id,
        "points": total.points,
        "level": total.level,
        "level_rank": total.level_rank,
        "level_name": level_name(points, total.level, total.level_rank),
        "level_before": standing.level,
        "level_rank_before": standing.level_rank,
        "rules": rules.label,
        "as_of": as_of.isoformat(),
    }
