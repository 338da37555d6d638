"""What a remark can be about, in words; and the remarks that the program itself would make."""

from dataclasses import dataclass

from ceping.core.report.spots import Spots
from ceping.core.scheme.loading import Scheme
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import findings_for
from ceping.web.ui.report_shown import hidden

WHOLE = "整体"
# What districts write most; each is a beginning that a person finishes.
USUAL = (
    "与附件材料不一致，请核对后改为一致。",
    "附件不清楚，请重新扫描后上传。",
    "没有证明材料，请补传附件并注明对应的项目。",
    "填写过于简单，请写明具体内容、时间和数量。",
)
_MOST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Something a remark is bound to: `value` is `kind:key` as a form sends it, `words` what people read."""

    value: str
    words: str

    @property
    def anchor(self) -> str:
        """The name of the place on the page."""
        return "at-" + self.value.replace(":", "-").replace("/", "-")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A remark ready to be taken over."""

    place: Place
    text: str


class Places:
    """The places of one form."""

    def __init__(self, rules: Scheme) -> None:
        form = rules.form
        self._spots = Spots(form)
        self.choices = [
            Place("whole:", WHOLE),
            *(Place(f"field:{field.id}", field.label) for field in form.fields),
            *(Place(f"table:{table.id}", table.title) for table in form.tables),
            *(Place(f"attachment:{item.number}", f"附件 {item.number}") for item in form.checklist.items),
        ]
        self._by_value = {place.value: place for place in self.choices}

    def place(self, value: str) -> Place:
        """The place of a form's value; words for a place the form does not have are about the whole."""
        kind, _, key = value.partition(":")
        table, _, row = key.partition("/")
        if kind == "row" and f"table:{table}" in self._by_value and row.isdigit():
            return Place(value, f"{self._by_value[f'table:{table}'].words} 第 {row} 行")
        return self._by_value.get(value, self._by_value["whole:"])

    def words(self, kind: str, key: str) -> str:
        """The place of a kept remark in words."""
        return key if kind == "attachment" and not key.isdigit() else self.place(f"{kind}:{key}").words

    def of_finding(self, place: str) -> Place:
        """Where on the form a finding belongs."""
        spot = self._spots.spot(place)
        match spot.kind:
            case "field" | "table":
                return self.place(f"{spot.kind}:{spot.key}")
            case "row":
                return self.place(f"row:{spot.key}/{spot.row}")
            case "item":
                return self.place(f"attachment:{spot.key}")
            case _:
                return self.place("whole:")


def suggestions_for(submission: Submission, entry: Entry, places: Places) -> list[Suggestion]:
    """What the program still asks about in the report as submitted, worded as remarks."""
    found = findings_for(entry, submission.report)
    return [
        Suggestion(places.of_finding(one.place), hidden(f"{one.message()}。{one.remedy()}。")) for one in found[:_MOST]
    ]
