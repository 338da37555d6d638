"""Changes of verification: seed, lists, draws, hand-out, calls, online answers, listening, the switch of comparing."""

from ceping.stages.verification.actions.calls import (
    Conflict,
    Heard,
    make_appointment,
    record_attempt,
    reveal_phone,
    void_attempt,
)
from ceping.stages.verification.actions.draws import draw_clients, redraw_clients
from ceping.stages.verification.actions.handing import close_calls, hand_out, hand_over
from ceping.stages.verification.actions.listening import note_listening
from ceping.stages.verification.actions.lists import (
    authorise_comparison,
    freeze_frame,
    record_seed,
    withdraw_authorisation,
)
from ceping.stages.verification.actions.online import Sent, answer_online, outcome_of, send_link, withdraw_link

__all__ = [
    "Conflict",
    "Heard",
    "Sent",
    "answer_online",
    "authorise_comparison",
    "close_calls",
    "draw_clients",
    "freeze_frame",
    "hand_out",
    "hand_over",
    "make_appointment",
    "note_listening",
    "outcome_of",
    "record_attempt",
    "record_seed",
    "redraw_clients",
    "reveal_phone",
    "send_link",
    "void_attempt",
    "withdraw_authorisation",
    "withdraw_link",
]
