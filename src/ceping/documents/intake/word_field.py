"""The fields of a Word file: which are open, what is an instruction, and what form fields of old Word were set to."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ceping.documents.intake.word_style import EMPTY, TICKED
from ceping.documents.intake.word_xml import W, on, value

PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF")


@dataclass(slots=True)
class Fields:
    """Which fields are open: `w:fldChar` begins, separates and ends them across runs and paragraphs."""

    open: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def silent(self) -> bool:
        """Whether what comes next is an instruction, or a page number nobody typed."""
        return any(not shown or name.startswith(PAGE_FIELDS) for name, shown in self.open)

    @property
    def contents(self) -> bool:
        """Whether a table of contents is open."""
        return any(name.startswith("TOC") for name, _ in self.open)

    def step(self, kind: str) -> None:
        """The mark of that kind is passed."""
        if kind == "begin":
            self.open.append(("", False))
        elif self.open and kind == "separate":
            self.open[-1] = (self.open[-1][0], True)
        elif self.open and kind == "end":
            self.open.pop()

    def instruct(self, text: str) -> None:
        """The innermost field's instruction goes on."""
        if self.open and not self.open[-1][1]:
            self.open[-1] = ((self.open[-1][0] + text).strip().upper(), False)


def answer_of(mark: Element) -> str:
    """What a form field that begins here holds itself: its box, or the chosen entry of its list; else nothing."""
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        return TICKED if on(box, "checked" if box.find(W + "checked") is not None else "default") else EMPTY
    choices = mark.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [one.get(W + "val", "") for one in choices.findall(W + "listEntry")]
    chosen = value(choices, "result") or value(choices, "default") or "0"
    return entries[int(chosen)] if chosen.isdigit() and int(chosen) < len(entries) else ""
