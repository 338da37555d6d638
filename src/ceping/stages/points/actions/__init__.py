"""Changes of points: events recorded, facts noted, the ledger posted, held events decided; `flow.market` calls two.

`note_facts` when a shop opens or what the rules know of it changes, `record_event` for every act in it.
"""

from ceping.stages.points.actions.deciding import decide_held, note_signal, void_event
from ceping.stages.points.actions.facts import note_facts, take_facts
from ceping.stages.points.actions.posting import Cause, post_points, post_round
from ceping.stages.points.actions.recording import MOST_EVENTS, Recorded, Taken, record_event, take_events

__all__ = [
    "MOST_EVENTS",
    "Cause",
    "Recorded",
    "Taken",
    "decide_held",
    "note_facts",
    "note_signal",
    "post_points",
    "post_round",
    "record_event",
    "take_events",
    "take_facts",
    "void_event",
]
