"""A mark as it is typed, held against its rule, and as it is kept."""

from dataclasses import dataclass

from ceping.core.assessment import Mark as Given
from ceping.core.assessment import mark_faults
from ceping.core.exact import NotANumber, decimal_of, short_text_of
from ceping.core.finding import Finding, fault
from ceping.core.scheme.rules import Judge
from ceping.ground.people.access import Refused
from ceping.stages.assessment.actions.shared import words
from ceping.stages.assessment.models import Mark
from ceping.stages.assessment.queries import judge_of
from ceping.stages.report.models import Entry

_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """A mark as it was typed: number, coefficient where the rule has one, reason."""

    mark: str
    coefficient: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, str]:
        """As a change keeps it."""
        return {"mark": self.mark, "coefficient": self.coefficient, "reason": self.reason}


def checked(entry: Entry, item: str, typed: Typed) -> Typed:
    """What was typed as it is kept. Raises Refused with what the rule says against it, each at its field."""
    judge = judge_of(entry.season, item)
    if judge is None:
        raise Refused(fault("assess_item_not_yours"))
    return fit_for(judge, typed)


def fit_for(judge: Judge, typed: Typed) -> Typed:
    """As `checked`, by the rule itself."""
    numbers = {}
    for name, text in (("mark", typed.mark), ("coefficient", typed.coefficient)):
        plain = text.strip()
        try:
            numbers[name] = decimal_of(plain) if plain and len(plain) <= _LONGEST else None
        except NotANumber:
            raise Refused(fault("assess_not_a_mark", place=name, given=plain[:40])) from None
    mark, coefficient = numbers["mark"], numbers["coefficient"]
    if mark is None:
        raise Refused(fault("assess_not_a_mark", place="mark", given=typed.mark.strip()[:40] or "空"))
    reason = words(typed.reason)
    if found := mark_faults(judge, Given("", mark, coefficient, reason)):
        raise Refused(*(Finding(code, "", _PLACE.get(code, "mark"), tuple(values.items())) for code, values in found))
    return Typed(short_text_of(mark), "" if coefficient is None else short_text_of(coefficient), reason)


_PLACE = {
    "coefficient_unasked": "coefficient",
    "coefficient_missing": "coefficient",
    "coefficient_out_of_band": "coefficient",
    "reason_missing": "reason",
}


def as_typed(mark: Mark) -> Typed:
    """What stands."""
    return Typed(mark.mark, mark.coefficient, mark.reason)
