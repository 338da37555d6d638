"""Changes of results: tables, rulings, computations, signatures, corrections; the last two through `flow.results`."""

from ceping.stages.results.actions.computing import POINTS, PURPOSE, Made, is_kept, keep_computation
from ceping.stages.results.actions.correcting import drop_correction, open_correction
from ceping.stages.results.actions.rulings import decide_ruling, propose_ruling
from ceping.stages.results.actions.signing import send_back, sign_first, sign_second
from ceping.stages.results.actions.supplied import supply_table

__all__ = [
    "POINTS",
    "PURPOSE",
    "Made",
    "decide_ruling",
    "drop_correction",
    "is_kept",
    "keep_computation",
    "open_correction",
    "propose_ruling",
    "send_back",
    "sign_first",
    "sign_second",
    "supply_table",
]
