"""The cheapest flow through a network of single arcs: proposed by a library's solver, proved in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

Integers = NDArray[np.int64]
Taken = NDArray[np.bool_]


class NotProved(ArithmeticError):
    """The solver's answer did not stand the proof in whole numbers, so there is no answer."""


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs of capacity one, by the nodes they leave and enter, and what stays in each node or is drawn from it."""

    tails: Integers
    heads: Integers
    stays: Integers

    def proof(self, taken: Taken, costs: Integers, *, through: int | None = None) -> "Proof":
        """What is proved of the solution that takes these arcs.

        It is cheapest unless its residual arcs hold a circle that costs less than nothing, and the only one unless they
        hold a circle that costs nothing; with `through`, only circles through that node count. The potentials are the
        cheapest ways to each node (Bellman-Ford), so they follow from the solution alone.
        """
        tails = np.where(taken, self.heads, self.tails)
        heads = np.where(taken, self.tails, self.heads)
        arcs = np.where(taken, -costs, costs)
        nodes = len(self.stays)
        potentials = np.zeros(nodes, dtype=np.int64)
        for _ in range(nodes + 1):
            shorter = potentials.copy()
            np.minimum.at(shorter, heads, potentials[tails] + arcs)
            if np.array_equal(shorter, potentials):
                break
            potentials = shorter
        else:
            raise NotProved
        free = potentials[tails] + arcs == potentials[heads]
        graph = csr_array((np.ones(int(free.sum())), (tails[free], heads[free])), shape=(nodes, nodes))
        count, label = connected_components(graph, directed=True, connection="strong")
        alone = count == nodes if through is None else np.count_nonzero(label == label[through]) == 1
        return Proof(potentials, alone=bool(alone))

    def cheapest(self, levels: Sequence[Integers]) -> Taken:
        """Which arcs the solution takes that is cheapest by the first costs, among those by the second, and so on.

        A later level only moves arcs that cost the earlier ones nothing: so numbers stay small and the solver exact.
        """
        columns = np.arange(len(self.tails))
        ends = (np.concatenate([self.heads, self.tails]), np.concatenate([columns, columns]))
        signs = np.concatenate([np.ones(len(columns)), -np.ones(len(columns))])
        matrix = coo_array((signs, ends), shape=(len(self.stays), len(columns))).tocsr()
        bounds = np.column_stack([np.zeros(len(columns)), np.ones(len(columns))])
        taken: Taken = np.zeros(len(columns), dtype=bool)
        for costs in levels:
            # Without presolve: on these networks it costs ten times what it saves.
            options = {"presolve": False}
            answer = linprog(costs, A_eq=matrix, b_eq=self.stays, bounds=bounds, method="highs-ds", options=options)
            if answer.x is None:
                raise NotProved
            taken = answer.x > 0.5
            if not np.array_equal(matrix @ taken.astype(np.int64), self.stays):
                raise NotProved
            free = bounds[:, 0] < bounds[:, 1]
            part = Network(self.tails[free], self.heads[free], self.stays)
            potentials = part.proof(taken[free], costs[free]).potentials
            settled = free & (potentials[self.tails] + costs != potentials[self.heads])
            bounds[settled] = taken[settled, None]
        return taken


@dataclass(frozen=True, slots=True)
class Proof:
    """A potential for each node: no arc left out costs less than the difference of its ends, none taken costs more.

    `alone` says that no other solution costs the same.
    """

    potentials: Integers
    alone: bool
