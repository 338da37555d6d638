"""What is wrong or odd with attachments: unreadable, unlisted, no JPG, in the wrong item, shared with others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path, PurePosixPath
from typing import Any

from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.layout import ChecklistItem
from ceping.core.scheme.loading import Scheme
from ceping.documents.evidence import facts_of
from ceping.documents.inspection import kind as inspection
from ceping.documents.kinds import PICTURES, SUFFIXES, Kind, suffix_of
from ceping.documents.likeness import Sign, groups_of, pairs_alike
from ceping.folder.attachments import Gathered, Holding, listing_faults
from ceping.folder.attachments_matching import LEAST, Suggestion, says_nothing, suggestion, suggestions
from ceping.folder.attachments_naming import is_official

MOST_VIDEO = 200_000_000
_MB = 1_000_000
_SHOWN = 5
# Less would suggest an item against the one that somebody chose.
_DOUBT = 70
_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Facts:
    """What was told of one file; `told` is as documents.evidence answers it."""

    held: Holding
    name: str
    told: Mapping[str, Any]

    @property
    def file(self) -> str:
        """The file as findings name it."""
        return f"{self.held.where}/{self.name}" if self.held.where else self.name

    @property
    def kind(self) -> Kind:
        """What it is by its bytes."""
        return Kind(self.told.get("kind", Kind.OTHER))

    @property
    def is_scan(self) -> bool:
        """Whether it is a picture, or a PDF that is nothing but pictures and carries no signature."""
        return self.kind in PICTURES or bool(self.told.get("scan"))

    @property
    def is_broken(self) -> bool:
        """Whether nobody can look into it."""
        return "refused" in self.told or any(level == Level.ERROR for *_, level in self.told.get("findings", ()))


def check(gathered: Gathered, *, step: Callable[[int], None] = lambda _: None, workers: int = 0) -> list[Finding]:
    """Every finding about the attachments gathered; each file is looked at in a child with limits.

    `step` hears of each institution done. What is alike between institutions is for a person to look at.
    """
    if gathered.scheme is None:
        return list(gathered.findings)
    found = list(gathered.findings)
    shared: list[Facts] = []
    for facts in looked_at(gathered.holdings, step=step, workers=workers):
        held = facts[0].held if facts else None
        found += [finding for one in facts for finding in faults_in_file(one, gathered.scheme)]
        if held is not None:
            found += twice_in(facts)
        shared += [one for one in facts if "sha256" in one.told and one.kind is not Kind.EMPTY]
    found += [finding for held in gathered.holdings for finding in listing_faults(held)]
    found += alike_between(shared)
    return found


def looked_at(
    holdings: Sequence[Holding], *, step: Callable[[int], None] = lambda _: None, workers: int = 0
) -> Iterator[list[Facts]]:
    """The facts of each holding, in order; as many children at once as there are cores."""

    def look(held: Holding) -> list[Facts]:
        told = facts_of(held.folder, held.names) if held.names else []
        return [Facts(held, name, one) for name, one in zip(held.names, told, strict=True)]

    # Threads only wait for their children; few are ahead of who reads, so memory stays flat.
    with ThreadPoolExecutor(workers or cpu_count() or 1) as pool:
        for start in range(0, len(holdings), _AT_ONCE):
            for facts in pool.map(look, holdings[start : start + _AT_ONCE]):
                step(1)
                yield facts


def faults_in_file(one: Facts, scheme: Scheme) -> Iterator[Finding]:
    """What there is to say of one file by itself."""
    listed = one.held.listed(one.name)
    yield from _faults_inside(one)
    for attachment in listed:
        if attachment.sha256 and one.told.get("sha256") not in (None, attachment.sha256.lower()):
            yield fault("attachment_changed", file=one.file, given=one.name[:80])
            break
    if one.is_scan and not one.is_broken and one.kind is not Kind.JPEG:
        kind = "PDF 扫描件" if one.kind is Kind.PDF else SUFFIXES[one.kind][0].upper()
        yield fault("attachment_to_convert", file=one.file, level=Level.WARNING, kind=kind)
    items = scheme.form.checklist.items
    if not listed:
        yield _unlisted(one, items)
        return
    yield from _doubts(one, [attachment.item for attachment in listed if attachment.item is not None], items)
    if says_nothing(PurePosixPath(one.name).name):
        yield fault("attachment_name_empty", file=one.file, level=Level.WARNING)
    elif not is_official(one.name):
        yield fault("attachment_name_unofficial", file=one.file, level=Level.WARNING)


def _faults_inside(one: Facts) -> Iterator[Finding]:
    suffix = suffix_of(one.name)
    if "refused" in one.told:
        yield Finding(one.told["refused"], one.file, "", tuple(one.told["values"].items()))
        return
    for code, place, values, level in one.told.get("findings", ()):
        yield Finding(code, one.file, place, tuple(map(tuple, values)), Level(level))
    if one.kind is Kind.EMPTY:
        yield fault("attachment_empty", file=one.file)
    elif one.kind is Kind.OTHER:
        yield _no_evidence(one, suffix)
    elif suffix not in SUFFIXES[one.kind]:
        level = Level.WARNING if one.is_scan else Level.ERROR
        found = SUFFIXES[one.kind][0].upper()
        yield fault("attachment_other_content", file=one.file, level=level, suffix=suffix or "—", kind=found)
    elif one.kind is Kind.VIDEO and one.told["size"] > MOST_VIDEO:
        yield fault("attachment_video_large", file=one.file, size=one.told["size"] // _MB, most=MOST_VIDEO // _MB)


def _no_evidence(one: Facts, suffix: str) -> Finding:
    """It is of no kind that evidence comes in; under the name of such a kind that is what has to be said."""
    if not any(suffix in suffixes for suffixes in SUFFIXES.values()):
        return fault("attachment_kind", file=one.file, suffix=suffix or "—")
    is_text = inspection.kind_of(one.held.folder / one.name) is inspection.Kind.CSV
    return fault("attachment_text" if is_text else "attachment_no_such_content", file=one.file, suffix=suffix)


def _unlisted(one: Facts, items: Sequence[ChecklistItem]) -> Finding:
    likely = suggestion(one.name, items, institution=one.held.name)
    if likely is not None:
        return fault("attachment_unlisted", file=one.file, level=Level.WARNING, **_as_values(likely))
    several = [other for other in suggestions(one.name, items, institution=one.held.name) if other.score >= LEAST]
    if not several:
        return fault("attachment_unplaced", file=one.file, level=Level.WARNING)
    known = "、".join(f"附件{other.item}" for other in several[:_SHOWN])
    return fault("attachment_undecided", file=one.file, level=Level.WARNING, items=known)


def _doubts(one: Facts, given: Sequence[int], items: Sequence[ChecklistItem]) -> Iterator[Finding]:
    """A file whose name speaks of another item than the one it was listed under."""
    likely = suggestions(one.name, items, institution=one.held.name)
    words = [told for told in likely if told.score >= _DOUBT]
    if given and words and not {told.item for told in words} & set(given):
        told = _as_values(words[0])
        yield fault("attachment_item_doubtful", file=one.file, level=Level.WARNING, given=given[0], **told)


def _as_values(one: Suggestion) -> dict[str, Any]:
    return {"item": one.item, "score": one.score, "reason": one.reason}


def twice_in(facts: Sequence[Facts]) -> Iterator[Finding]:
    """The same bytes twice within one institution."""
    first: dict[str, Facts] = {}
    for one in facts:
        if "sha256" in one.told and one.kind is not Kind.EMPTY:
            earlier = first.setdefault(one.told["sha256"], one)
            if earlier is not one:
                yield fault("attachment_twice", file=one.file, level=Level.WARNING, other=earlier.name[:80])


def alike_between(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Files of the same bytes, and pictures that look the same, in the hands of several institutions."""
    by_hash: dict[str, list[Facts]] = {}
    for one in facts:
        by_hash.setdefault(one.told["sha256"], []).append(one)
    for same in by_hash.values():
        if len({one.held.uscc for one in same}) > 1:
            yield fault("attachment_shared", file=same[0].file, level=Level.WARNING, **_others(same))
    # One of each bytes is enough: what is the same was told above.
    pictures = [one for same in by_hash.values() for one in _one_of_each(same) if "sign" in one.told]
    signs = [_sign(one) for one in pictures]
    pairs = list(pairs_alike(signs, [one.held.uscc for one in pictures]))
    pairs = [pair for pair in pairs if pictures[pair.one].told["sha256"] != pictures[pair.other].told["sha256"]]
    for group in groups_of(pairs):
        alike = [pictures[place] for place in group]
        yield fault("attachment_alike", file=alike[0].file, level=Level.WARNING, **_others(alike))


def _one_of_each(same: Sequence[Facts]) -> list[Facts]:
    return list({one.held.uscc: one for one in reversed(same)}.values())[::-1]


def _sign(one: Facts) -> Sign:
    sign = one.told["sign"]
    return Sign(bytes.fromhex(sign["short"]), bytes.fromhex(sign["long"]), plain=sign["plain"])


def _others(alike: Sequence[Facts]) -> dict[str, Any]:
    first = alike[0]
    others = [one for one in alike[1:] if one.held.uscc != first.held.uscc]
    named = [f"{one.held.name}（{one.held.uscc}）的 {Path(one.name).name[:60]}" for one in others[:_SHOWN]]
    more = len(others) - len(named)
    told = "、".join(named) + (f" 等共 {len(others)} 份" if more else "")
    return {"name": first.held.name or first.held.uscc, "others": told}
