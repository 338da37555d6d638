"""Changes of publication: notices, objections, published results; what moves the season goes through `flow`."""

from ceping.stages.publication.actions.notices import NoticeAsked, drop_notice, propose_notice, publish_notice
from ceping.stages.publication.actions.objections import (
    MOST_FILES,
    ObjectionGiven,
    ask_recheck,
    decide_objection,
    end_recheck,
    file_objection,
    reveal_objector,
    say_recheck,
    take_objection,
)
from ceping.stages.publication.actions.releases import (
    ReleaseAsked,
    drop_release,
    keep_paper,
    propose_release,
    publish_release,
    revoke_certificate,
)

__all__ = [
    "MOST_FILES",
    "NoticeAsked",
    "ObjectionGiven",
    "ReleaseAsked",
    "ask_recheck",
    "decide_objection",
    "drop_notice",
    "drop_release",
    "end_recheck",
    "file_objection",
    "keep_paper",
    "propose_notice",
    "propose_release",
    "publish_notice",
    "publish_release",
    "reveal_objector",
    "revoke_certificate",
    "say_recheck",
    "take_objection",
]
