"""Radar charts: one drawing by the typesetter, in the PDF as lines and text, elsewhere as a picture."""

from decimal import Decimal, InvalidOperation
from typing import Any

from ceping.documents.fonts.faces import Faces, shipped
from ceping.documents.pdf_press import pressed_png
from ceping.documents.pdf_text import lines_of, points
from ceping.documents.sheet import Radar

# Millimetres beside the rings for the names of the axes, and above and below.
_ROOM, _ABOVE = 30, 12
_LABEL_SIZE = 9.0
_LEAST = 60


class UnevenRadar(ValueError):
    """A series has not one share from 0 to 100 an axis, or something else than a number."""


def radar_shape(radar: Radar, faces: Faces, width: int) -> dict[str, Any]:
    """The chart as its template takes it, at most `width` millimetres wide. A share of "" is not known: no point."""
    across = max(min(radar.width, width), _LEAST)
    reach = across / 2 - _ROOM
    text = faces.printable(radar.text)
    return {
        "width": across,
        "height": 2 * (reach + _ABOVE),
        "reach": reach,
        "room": _ROOM - 3,
        "axes": [lines_of(faces.printable(axis), points(_ROOM - 3), _LABEL_SIZE) for axis in radar.axes],
        "series": [
            {
                "name": lines_of(faces.printable(name), points(width), _LABEL_SIZE),
                "shares": _shares(name, shares, len(radar.axes)),
            }
            for name, shares in radar.series
        ],
        "alt": text,
        "lines": lines_of(text, points(width), _LABEL_SIZE),
    }


def radar_png(radar: Radar, faces: Faces | None = None, *, dots: int = 220) -> bytes:
    """The chart with its axes and legend as a PNG of `dots` an inch; its words (`text`) are for whoever places it."""
    faces = faces or shipped()
    return pressed_png({"radar": radar_shape(radar, faces, radar.width)}, faces, dots)


def _shares(name: str, shares: tuple[str, ...], axes: int) -> list[float | None]:
    try:
        numbers = [Decimal(share) if share else None for share in shares]
        # A comparison of what is no number raises as its reading does.
        wrong = len(numbers) != axes or any(one is not None and not 0 <= one <= 100 for one in numbers)
    except InvalidOperation:
        wrong = True
    if wrong:
        raise UnevenRadar(f"{name}: {shares}")
    return [None if one is None else float(one) for one in numbers]
