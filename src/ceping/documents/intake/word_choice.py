"""Which options of a choice were ticked: by any sign in or beside a box, by a line under one, by what was left over."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ceping.core.scheme.entry import Option
from ceping.documents.intake.word_flow import Line
from ceping.documents.intake.word_label import folded, key

_BOXES = "□☐◻◽▢○◯❏❐❑❒⬜ロ口"
_TICKS = "■☑☒√✓✔🗸✅●◉◼◾🗹🗷★▣⊠"
# A cross outside of a box says no as often as yes.
_CROSSES = "×✕✖✗✘╳"
_MARKS = _BOXES + _TICKS + _CROSSES
_BRACKETED_TICK = re.compile(r"[(\[【（［]\s*([√✓✔■●vVxX×]?)\s*[)\]】）］]")
_QUIET = re.compile(r"[\s、，,;；/／|｜.。()（）\[\]【】:：_＿]+")


@dataclass(frozen=True, slots=True)
class Picked:
    """The ids of the options that were chosen and how that shows: `ticked`, `alone`, `underlined`, `struck`, `typed`.

    `unclear` says that something was marked which cannot be read one way; `rest` is what else stood there.
    """

    options: tuple[str, ...] = ()
    how: str = ""
    rest: str = ""
    unclear: bool = False


@dataclass(slots=True)
class _Found:
    option: Option
    start: int
    end: int
    marks: str = ""


def picked(lines: Sequence[Line], options: Sequence[Option], *, several: bool) -> Picked:
    """What the lines of a cell choose among the options; with `several` false at most one may be chosen."""
    text = _BRACKETED_TICK.sub(_as_box, "\n".join(line.text for line in lines))
    found = list(_labels(text, options))
    if not found:
        rest = _QUIET.sub("", "".join(char for char in text if char not in _MARKS))
        ticked = any(char in _TICKS for char in text)
        return Picked(rest=text.strip() if rest or ticked else "", unclear=bool(rest) or ticked)
    rest = _mark(text, found)
    answer = (
        _by_marks(found, rest) or _by_drawing(lines, found, rest) or _by_absence(text, found, options, rest, several)
    )
    if len(answer.options) > 1 and not several:
        return Picked(rest=text.strip(), unclear=True)
    return answer


def _as_box(match: re.Match[str]) -> str:
    # (√) and ( ) are boxes people type; what length they had keeps the places of the rest.
    mark = "■" if match[1] and match[1] not in "xX×" else "×" if match[1] else "□"
    return mark + " " * (len(match[0]) - 1)


def _labels(text: str, options: Sequence[Option]) -> Iterator[_Found]:
    """Where the labels stand, longest first, so that 是 is not seen inside a longer one; in reading order."""
    letters, places = folded(text)
    taken = [False] * len(letters)
    found: list[_Found] = []
    for option in sorted(options, key=lambda one: -len(one.label)):
        label = key(option.label)
        start = letters.find(label) if label else -1
        while start >= 0:
            end = start + len(label)
            if not any(taken[start:end]):
                taken[start:end] = [True] * len(label)
                found.append(_Found(option, places[start], places[end - 1] + 1))
            start = letters.find(label, end)
    yield from sorted(found, key=lambda one: one.start)


def _mark(text: str, found: list[_Found]) -> str:
    """Hands every mark to the label it belongs to; answers what else stands between them."""
    gaps = [text[: found[0].start]]
    gaps += [text[one.end : after.start] for one, after in pairwise(found)]
    gaps.append(text[found[-1].end :])
    leading = any(char in _MARKS for char in gaps[0])
    found[0].marks += _marks(gaps[0])
    for one, following, gap in zip(found, found[1:], gaps[1:-1], strict=False):
        behind, ahead = _shared(gap, leading=leading)
        one.marks += behind
        following.marks += ahead
    found[-1].marks += _marks(gaps[-1])
    return " ".join(_QUIET.sub(" ", "".join(" " if char in _MARKS else char for char in "\n".join(gaps))).split())


def _shared(gap: str, *, leading: bool) -> tuple[str, str]:
    """What of the marks between two labels belongs to the one before and to the one after."""
    marks = _marks(gap)
    if not leading:
        return marks, ""
    first = next((place for place, char in enumerate(gap) if char in _BOXES), None)
    if first is not None:
        return _marks(gap[:first]), _marks(gap[first:])
    # `是√ 否`: a tick right behind a word belongs to it.
    if gap[:1] in _MARKS and gap[:1] != "" and gap.rstrip() != gap and len(marks) == 1:
        return marks, ""
    return "", marks


def _marks(text: str) -> str:
    return "".join(char for char in text if char in _MARKS)


def _by_marks(found: list[_Found], rest: str) -> Picked | None:
    ticked = [one.option.id for one in found if any(char in _TICKS for char in one.marks)]
    if ticked:
        return Picked(tuple(dict.fromkeys(ticked)), "ticked", rest)
    if any(char in _CROSSES for one in found for char in one.marks):
        return Picked(rest=" ".join(f"{one.marks}{one.option.label}" for one in found), unclear=True)
    return None


def _by_drawing(lines: Sequence[Line], found: list[_Found], rest: str) -> Picked | None:
    """One word underlined or the others struck out; a line under everything, or a rule to write on, says nothing."""
    labels = {key(one.option.label): one.option.id for one in found}
    for how, wanted in (("underlined", True), ("struck", False)):
        drawn = "".join(
            span.text if (span.underlined if how == "underlined" else span.struck) else "\n"
            for line in lines
            for span in line.spans
        )
        marked = {one for label, one in labels.items() if any(label in key(part) for part in drawn.split("\n"))}
        chosen = [one for one in labels.values() if (one in marked) is wanted]
        if marked and len(marked) < len(labels):
            return Picked(tuple(chosen), how, rest)
    return None


def _by_absence(text: str, found: list[_Found], options: Sequence[Option], rest: str, several: bool) -> Picked:  # noqa: FBT001 -- as `picked`
    """A choice typed without any box; or the one option that was not deleted."""
    present = tuple(dict.fromkeys(one.option.id for one in found))
    boxed = any(one.marks for one in found)
    if len(present) == len(options) and (boxed or not several):
        return Picked(rest=text.strip() if rest else "", unclear=bool(rest))
    if boxed and (several or len(present) > 1):
        return Picked(rest=text.strip(), unclear=True)
    if rest and not _QUIET.sub("", text).startswith(tuple(one.label for one in options if len(one.label) > 1)):
        return Picked(rest=text.strip(), unclear=True)
    return Picked(present, "alone" if boxed else "typed", rest)
