"""What became of marks, verified values and verdicts of one entry: every change with who, when and why."""

from collections import defaultdict
from dataclasses import dataclass

from ceping.core.scheme.loading import Scheme
from ceping.stages.assessment.models import Change, Mark
from ceping.stages.assessment.queries.marking import marks_on
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Entry


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark as a lead sees it: sealed ones show that they are there and no more."""

    mark: Mark
    title: str
    sealed: bool
    changes: list[Change]


def marks_told(entry: Entry, rules: Scheme) -> list[Marked]:
    """Every mark of those who are assigned, by item and assessor, in two questions."""
    marks = marks_on(entry)
    changes = defaultdict(list)
    for one in Change.objects.filter(mark__in=marks, version__gt=1).select_related("changed_by"):
        changes[one.mark_id].append(one)
    found = []
    for mark in marks:
        scored, sealed = rules.item(mark.item), mark.state == MarkState.SEALED
        title = scored.title if scored is not None else mark.item
        found.append(Marked(mark, title, sealed, [] if sealed else changes[mark.pk]))
    return found


def changes_told(entry: Entry) -> list[Change]:
    """Changes of the entry's verified values and verdicts, the newest first."""
    found = Change.objects.filter(value__entry=entry) | Change.objects.filter(check_of__entry=entry)
    return list(found.filter(version__gt=1).select_related("changed_by", "value", "check_of").order_by("-pk")[:100])
