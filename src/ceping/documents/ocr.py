"""The licence (营业执照) read by OCR: its credit code and name held against the report's, and the lines that say so.

What is read is never a verdict. A code counts as read only when both its check characters are right, as it stands or
with O, I, S and Z read as digits; or when it is the report's own but for a few signs that look alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ceping.core import names, uscc
from ceping.core.finding import Finding, Level, fault
from ceping.documents.pictures import upright
from ceping.documents.refusal import Refused

SAME, OTHER, UNREAD = "一致", "不一致", "未读出"
# Letters that no code has, and what they were.
_STRAY = str.maketrans("OISZ", "0152")
# Signs a reader takes for one another though a code may hold both.
_ALIKE = frozenset(
    frozenset(pair) for pair in ("0D", "0Q", "DQ", "1T", "1L", "1J", "8B", "6G", "27", "7T", "UY", "PR", "EF")
)
_MOST_ALIKE = 3
_NAME_LABELS = ("名称", "企业名称", "机构名称", "单位名称")
_NAME_ENDS = ("公司", "中心", "协会", "学会", "商会", "研究院", "研究所", "事务所", "学校", "基金会", "合作社", "厂")
_MOST_LINES = 3
_NEAR = 0.6
_MOST_CROP = 1200


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read: the text, how sure the reader is (0 to 1), left, top, right and bottom in pixels."""

    text: str
    sure: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What one thing came to: SAME, OTHER or UNREAD, what was read, `mended` when look-alikes were exchanged, where."""

    result: str
    read: str = ""
    mended: bool = False
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All lines of a licence from top to bottom, with what its code and its name came to."""

    lines: tuple[Line, ...]
    code: Told
    name: Told


class Reader:
    """Reads pictures; loading its models takes a second, a picture one or two. `threads` of 0 takes every core."""

    def __init__(self, threads: int = 0) -> None:
        try:
            from rapidocr import RapidOCR  # noqa: PLC0415 -- an extra, and slow to load
        except ImportError as error:
            raise Refused("ocr_absent") from error
        settings: dict[str, Any] = {"Global.log_level": "critical"}
        settings["EngineConfig.onnxruntime.intra_op_num_threads"] = threads or -1
        self._engine: Any = RapidOCR(params=settings)

    def lines_in(self, picture: Image.Image) -> tuple[Line, ...]:
        """The lines of a picture from top to bottom."""
        found = self._engine(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        if found.txts is None or found.boxes is None or found.scores is None:
            return ()
        lines = [_line(*one) for one in zip(found.txts, found.scores, found.boxes, strict=True)]
        return tuple(sorted(lines, key=lambda line: (line.box[1], line.box[0])))

    def read_licence(self, path: Path, *, code: str, name: str) -> Reading:
        """What the licence says beside the code and name of the report; raises Refused for what is no picture.

        The file is one that was inspected before. A licence that lies on its side is turned until something is read.
        """
        with upright(path) as picture:
            best: Reading | None = None
            for turn in (0, 90, 270):
                lines = self.lines_in(picture.rotate(turn, expand=True) if turn else picture)
                reading = compared(lines, code=code, name=name)
                if best is None or _weight(reading) > _weight(best):
                    best = reading
                if best.code.result != UNREAD or best.name.result == SAME:
                    break
            assert best is not None  # noqa: S101 -- the loop has run
            return best


def can_read() -> bool:
    """Whether the extra is installed."""
    from importlib.util import find_spec  # noqa: PLC0415 -- asked once

    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def compared(lines: Sequence[Line], *, code: str, name: str) -> Reading:
    """What lines that were read come to beside the code and name of the report."""
    return Reading(tuple(lines), _code_of(lines, uscc.normalised(code)), _name_of(lines, name))


def faults_in_reading(reading: Reading, *, code: str, name: str, file: str = "") -> list[Finding]:
    """What a person should look at: what differs, what could not be read; nothing when both are the same."""
    found = []
    told = reading.code
    if told.result == OTHER:
        found.append(fault("ocr_code_other", file=file, level=Level.WARNING, read=told.read, wanted=code))
    elif told.result == UNREAD and not told.lines:
        found.append(fault("ocr_code_absent", file=file, level=Level.WARNING))
    elif told.result == UNREAD:
        found.append(fault("ocr_code_unread", file=file, level=Level.WARNING, seen=_seen(told.lines)))
    elif told.mended:
        found.append(fault("ocr_code_mended", file=file, level=Level.WARNING, wanted=code, seen=_seen(told.lines)))
    told = reading.name
    if told.result == OTHER:
        found.append(fault("ocr_name_other", file=file, level=Level.WARNING, read=told.read[:60], name=name[:60]))
    elif told.result == UNREAD:
        found.append(fault("ocr_name_unread", file=file, level=Level.WARNING, name=name[:60]))
    return found


def crop_of(picture: Image.Image, lines: Sequence[Line]) -> Image.Image:
    """The part of the picture that holds the lines, for the eyes of who decides; the whole when there are none."""
    if not lines:
        return picture
    edge = 12
    left, top = (min(line.box[side] for line in lines) - edge for side in (0, 1))
    right, bottom = (max(line.box[side] for line in lines) + edge for side in (2, 3))
    part = picture.crop((max(0, left), max(0, top), min(picture.width, right), min(picture.height, bottom)))
    part.thumbnail((_MOST_CROP, _MOST_CROP))
    return part


def codes_in(text: str) -> Iterator[tuple[str, bool]]:
    """Every credit code in a text whose check characters are right, and whether O, I, S or Z was read for a digit."""
    for window in _windows(text):
        if uscc.is_valid(window):
            yield window, False
        elif uscc.is_valid(mended := window.translate(_STRAY)):
            yield mended, True


def is_alike(read: str, code: str) -> bool:
    """Whether what was read is the code but for a few signs that look alike."""
    pairs = [frozenset(pair) for pair in zip(read.translate(_STRAY), code, strict=True) if pair[0] != pair[1]]
    return len(pairs) <= _MOST_ALIKE and _ALIKE.issuperset(pairs)


def _windows(text: str) -> list[str]:
    run = "".join(char for char in uscc.normalised(text) if char.isascii() and char.isalnum())
    return [run[start : start + uscc.LENGTH] for start in range(len(run) - uscc.LENGTH + 1)]


def _code_of(lines: Sequence[Line], code: str) -> Told:
    """The report's own code outweighs any other; one read only by look-alikes is never said to be another."""
    runs: list[tuple[Line, ...]] = [(line,) for line in lines]
    # Long codes are broken over two lines now and then.
    runs += pairwise(lines)
    found: dict[str, tuple[bool, tuple[Line, ...]]] = {}
    for at in runs:
        text = "".join(line.text for line in at)
        for candidate, mended in codes_in(text):
            found.setdefault(candidate, (mended, at))
        if len(code) == uscc.LENGTH and any(is_alike(window, code) for window in _windows(text)):
            found.setdefault(code, (True, at))
    if code in found:
        mended, at = found[code]
        return Told(SAME, code, mended, at)
    if found:
        other, (mended, at) = next(iter(found.items()))
        return Told(OTHER, other, mended, at)
    near = [(SequenceMatcher(None, uscc.normalised(line.text), code).ratio(), line) for line in lines]
    ratio, nearest = max(near, key=lambda one: one[0], default=(0.0, None))
    return Told(UNREAD, lines=(nearest,) if nearest is not None and ratio >= _NEAR else ())


def _name_of(lines: Sequence[Line], name: str) -> Told:
    wanted = names.skeleton(name)
    if not wanted:
        return Told(UNREAD)
    for count in range(1, _MOST_LINES + 1):
        for first in range(len(lines) - count + 1):
            at = tuple(lines[first : first + count])
            if wanted in names.skeleton("".join(line.text for line in at)):
                return Told(SAME, name, lines=at)
    candidates = list(_names_in(lines))
    if not candidates:
        return Told(UNREAD)
    ratio, read, line = max(
        ((SequenceMatcher(None, names.skeleton(read), wanted).ratio(), read, line) for read, line in candidates),
        key=lambda one: one[0],
    )
    return Told(OTHER if ratio >= _NEAR or _is_labelled(line) else UNREAD, read, lines=(line,))


def _is_labelled(line: Line) -> bool:
    return "".join(line.text.split()).startswith(_NAME_LABELS)


def _names_in(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """What may be the name of an institution: after its label, or by how it ends."""
    for place, line in enumerate(lines):
        text = "".join(line.text.split())
        label = next((label for label in _NAME_LABELS if text.startswith(label)), "")
        rest = text.removeprefix(label).lstrip(":： ") if label else ""
        if len(rest) >= 4:
            yield rest, line
        elif label and place + 1 < len(lines):
            yield lines[place + 1].text, line
        elif len(text) >= 6 and text.endswith(_NAME_ENDS):
            yield text, line


def _weight(reading: Reading) -> tuple[bool, bool, int]:
    return reading.code.result != UNREAD, reading.name.result == SAME, len(reading.lines)


def _line(text: str, sure: float, box: Any) -> Line:  # noqa: ANN401 -- four corners
    across, down = [round(float(point[0])) for point in box], [round(float(point[1])) for point in box]
    return Line(str(text), round(float(sure), 3), (min(across), min(down), max(across), max(down)))


def _seen(lines: Sequence[Line]) -> str:
    return "；".join(line.text[:40] for line in lines[:3])
