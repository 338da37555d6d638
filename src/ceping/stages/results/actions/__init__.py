"""Changes of results: tables supplied, rulings, computations, signatures; signing goes through `flow.results`."""

from ceping.stages.results.actions.computing import PURPOSE, is_kept, keep_computation
from ceping.stages.results.actions.rulings import decide_ruling, propose_ruling
from ceping.stages.results.actions.signing import send_back, sign_first, sign_second
from ceping.stages.results.actions.supplied import supply_table

__all__ = [
    "PURPOSE",
    "decide_ruling",
    "is_kept",
    "keep_computation",
    "propose_ruling",
    "send_back",
    "sign_first",
    "sign_second",
    "supply_table",
]
