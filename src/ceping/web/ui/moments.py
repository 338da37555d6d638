"""Days and moments as forms send them: written one way, in years somebody can mean; no week, no bare digits."""

import re
from datetime import date, datetime

from django.utils import timezone

_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
# As a date-and-time field writes it: in the platform's own zone, seconds only where somebody typed them.
_MOMENT = re.compile(_DAY.pattern + r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)


def day_of(text: str) -> date | None:
    """The day of `2021-05-01`; None for any other writing and for a day that is not there."""
    try:
        return date.fromisoformat(text.strip()) if _DAY.fullmatch(text.strip()) else None
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """The moment of `2021-05-01T17:00`, in the platform's zone; None as `day_of`, and for 24:00 or a 60th second."""
    try:
        found = datetime.fromisoformat(text.strip()) if _MOMENT.fullmatch(text.strip()) else None
    except ValueError:
        return None
    return timezone.make_aware(found) if found is not None else None
