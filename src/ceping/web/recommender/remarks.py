"""What a remark can be about, in words; and the remarks that the program itself would make."""

from collections.abc import Iterable
from dataclasses import dataclass

from ceping.core.report.opening import places_opened
from ceping.core.report.spots import COVER, SUPPLEMENT, Spots
from ceping.core.scheme.loading import Scheme
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import findings_for
from ceping.web.ui.report_shown import hidden

WHOLE, EVERYTHING = "整体", "整份报告"
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
    """Something a remark is bound to: `value` is `kind:key` as a form sends it, `words` what people read.

    `opens` says what the institution will be able to change once the report is returned with it.
    """

    value: str
    words: str
    opens: str

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
        self._form, self._spots = form, Spots(form)
        headings = {COVER: "封面"} | {part.id: part.heading for part in form.parts}
        if form.supplement is not None:
            headings[SUPPLEMENT] = form.supplement.title
        self._names = {
            "commitment": form.commitment.title,
            **{f"field:{field.id}": field.label for field in form.fields},
            **{f"table:{table.id}": table.title or form.place_of[f"table:{table.id}"] for table in form.tables},
            **{f"item:{item.number}": f"附件 {item.number}" for item in form.checklist.items},
        }
        parts = [
            Place(f"part:{key}", f"{heading}（整个部分）", f"{heading}整个部分") for key, heading in headings.items()
        ]
        single = [
            (f"attachment:{key.removeprefix('item:')}" if key.startswith("item:") else key, words)
            for key, words in self._names.items()
            if key != "commitment"
        ]
        self.choices = [
            Place("whole:", WHOLE, EVERYTHING),
            *(Place(value, words, self._opened(value)) for value, words in single),
            *(part for part in parts if self._opened(part.value) != EVERYTHING),
        ]
        self._by_value = {place.value: place for place in self.choices}

    def place(self, value: str) -> Place:
        """The place of a form's value; words for a place the form does not have are about the whole."""
        kind, _, key = value.partition(":")
        table, _, row = key.partition("/")
        if kind == "row" and f"table:{table}" in self._by_value and row.isdigit():
            words = f"{self._by_value[f'table:{table}'].words} 第 {row} 行"
            return Place(value, words, words)
        return self._by_value.get(value, self._by_value["whole:"])

    def words(self, kind: str, key: str) -> str:
        """The place of a kept remark in words."""
        return key if kind == "attachment" and not key.isdigit() else self.place(f"{kind}:{key}").words

    def opened_by(self, values: Iterable[str]) -> list[str]:
        """What a return with remarks at these places opens, in words, each once; `EVERYTHING` alone where it is all."""
        words = list(dict.fromkeys(self.place(value).opens for value in values))
        return [EVERYTHING] if EVERYTHING in words else words

    def _opened(self, value: str) -> str:
        kind, _, key = value.partition(":")
        places = places_opened(self._form, [(kind, key)])
        return EVERYTHING if places is None else "、".join(self._names[place] for place in places)

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
