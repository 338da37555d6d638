"""Changes of schemes and seasons: versions published by two persons, calendars, states, extensions with a reason."""

from ceping.stages.scheme.actions.reopening import close_reopened, reopen_institutions
from ceping.stages.scheme.actions.seasons import (
    advance_season,
    close_phase,
    extend_phase,
    move_with_results,
    open_season,
    set_phase,
    settle_parameters,
)
from ceping.stages.scheme.actions.versions import (
    copy_version,
    draft_from_copy,
    draft_version,
    drop_copy,
    edit_copy,
    propose_version,
    publish_version,
)

__all__ = [
    "advance_season",
    "close_phase",
    "close_reopened",
    "copy_version",
    "draft_from_copy",
    "draft_version",
    "drop_copy",
    "edit_copy",
    "extend_phase",
    "move_with_results",
    "open_season",
    "propose_version",
    "publish_version",
    "reopen_institutions",
    "set_phase",
    "settle_parameters",
]
