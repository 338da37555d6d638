"""The QR code in a corner of a scanned page, which is small, blurred and askew: found first, then read enlarged."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

# Corners as shares of width and height: the code is printed in one, whichever way up the sheet lay in the scanner.
_ACROSS, _DOWN = 0.4, 0.25
_SIDES = range(20, 401)
_MARGIN = 0.2
# How much enlarged and how much sharpened, in the order of success: the first alone reads five of six codes of 13 mm
# that were scanned askew and soft at 200 dpi, where a module is two and a half pixels wide.
_WAYS = ((6, 2.0), (2, 2.0), (4, 2.5), (6, 3.0), (6, 1.0), (3, 1.0))


def can_read_codes() -> bool:
    """Whether the library that reads codes is there: it comes with the extra `ocr`."""
    try:
        import cv2  # noqa: F401, PLC0415 -- asked, not used
    except ImportError:
        return False
    return True


def code_in(page: Picture) -> str | None:
    """The text of the code in a corner of a grey page, at about 200 dpi; None when none can be read."""
    import cv2  # noqa: PLC0415 -- an extra

    # One thread: whoever calls has a limit on processor time.
    cv2.setNumThreads(1)
    detectors = (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())
    for corner in _corners(page):
        found = _found(corner, detectors)
        if found is None:
            continue
        for detector in detectors:
            for times, strength in _WAYS:
                if text := _read(detector, _sharpened(_enlarged(found, times), strength)):
                    return text
    return None


def _corners(page: Picture) -> Iterator[Picture]:
    height, width = page.shape
    down, across = max(round(height * _DOWN), 1), max(round(width * _ACROSS), 1)
    for rows in (slice(0, down), slice(height - down, height)):
        for columns in (slice(width - across, width), slice(0, across)):
            yield page[rows, columns]


def _found(corner: Picture, detectors: tuple[Any, ...]) -> Picture | None:
    """The part of the corner that holds a code with some room around it."""
    for times, strength in ((1, 1.0), (2, 1.0), (2, 2.0)):
        larger = _sharpened(_enlarged(corner, times), strength)
        for detector in detectors:
            points = _points(detector, larger)
            if points is None:
                continue
            (left, top), (right, bottom) = points.min(axis=0) / times, points.max(axis=0) / times
            side = max(right - left, bottom - top)
            if round(side) in _SIDES:
                room = side * _MARGIN
                rows = slice(max(0, int(top - room)), int(bottom + room))
                return np.ascontiguousarray(corner[rows, max(0, int(left - room)) : int(right + room)])
    return None


def _points(detector: Any, picture: Picture) -> NDArray[np.float64] | None:  # noqa: ANN401 -- the library carries no types
    import cv2  # noqa: PLC0415 -- an extra

    try:
        found, points = detector.detect(picture)
    except cv2.error:
        return None
    return np.asarray(points, dtype=np.float64).reshape(-1, 2) if found and points is not None else None


def _read(detector: Any, picture: Picture) -> str:  # noqa: ANN401 -- as above
    import cv2  # noqa: PLC0415 -- an extra

    try:
        return str(detector.detectAndDecode(picture)[0])
    except (cv2.error, UnicodeDecodeError):
        return ""


def _enlarged(picture: Picture, times: int) -> Picture:
    import cv2  # noqa: PLC0415 -- an extra

    if times == 1:
        return np.ascontiguousarray(picture)
    return np.asarray(cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _sharpened(picture: Picture, strength: float) -> Picture:
    import cv2  # noqa: PLC0415 -- an extra

    if strength == 1.0:
        return picture
    soft = cv2.GaussianBlur(picture, (0, 0), 5.0)
    return np.asarray(cv2.addWeighted(picture, strength, soft, 1.0 - strength, 0), dtype=np.uint8)
