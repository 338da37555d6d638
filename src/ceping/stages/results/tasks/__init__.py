"""Work on results beside the pages: a season computed, tried under other terms, told on paper."""

from ceping.stages.results.tasks.computing import COMPUTE, about, ask_to_compute, compute
from ceping.stages.results.tasks.papers import MADE, PAPERS, Words, ask_for_papers, make_papers
from ceping.stages.results.tasks.trying import TRY, Trial, ask_to_try, try_results

__all__ = [
    "COMPUTE",
    "MADE",
    "PAPERS",
    "TRY",
    "Trial",
    "Words",
    "about",
    "ask_for_papers",
    "ask_to_compute",
    "ask_to_try",
    "compute",
    "make_papers",
    "try_results",
]
