"""The items of the checklist as the page shows them: what is asked, what lies there, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ceping.core.scheme.layout import ChecklistItem
from ceping.core.scheme.loading import Scheme
from ceping.stages.recommendation.models import Remark
from ceping.stages.report.queries import Gap, Standing
from ceping.stages.report.queries.evidence import Document
from ceping.stages.report.queries.opening import item_place
from ceping.web.institution.returned import Returned


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item with its documents and gaps; `indicators` are those whose evidence it is.

    `open` says whether its documents can be changed while a report is returned.
    """

    item: ChecklistItem
    documents: Sequence[Document]
    gaps: Sequence[Gap]
    indicators: Sequence[tuple[str, str]]
    open: bool
    remarks: Sequence[Remark]

    @property
    def errors(self) -> list[Gap]:
        """What keeps the report from being submitted."""
        return [gap for gap in self.gaps if gap.stops]

    @property
    def word(self) -> str:
        """Where it stands, in a word."""
        if self.errors:
            return "还缺"
        return f"已有 {len(self.documents)} 份" if self.documents else "现在不需要"

    @property
    def kind(self) -> str:
        """The colour that goes with the word."""
        return "seal" if self.errors else "ok" if self.documents else "line"


def items_shown(
    rules: Scheme, documents: Mapping[int | None, Sequence[Document]], standing: Standing, returned: Returned
) -> list[ItemShown]:
    """Every item of the form in its order."""
    gaps: dict[str, list[Gap]] = {}
    for gap in standing.gaps:
        if gap.spot.kind == "item":
            gaps.setdefault(gap.spot.key, []).append(gap)
    proved: dict[int, list[tuple[str, str]]] = {}
    for leaf in rules.indicators.leaves:
        for number in leaf.checklist:
            proved.setdefault(number, []).append((leaf.id, leaf.title))
    return [
        ItemShown(
            item,
            documents.get(item.number, ()),
            gaps.get(str(item.number), ()),
            proved.get(item.number, ()),
            returned.opening.has(item_place(item.number)),
            returned.at("attachment", str(item.number)),
        )
        for item in rules.form.checklist.items
    ]


def indicator_names(rules: Scheme) -> dict[str, str]:
    """The indicators a document may prove, by id, in the order of their table."""
    return {leaf.id: leaf.title for leaf in rules.indicators.leaves}
