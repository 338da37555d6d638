"""Names that must be unique, and names that must exist: the two findings every checker of a scheme shares."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ceping.core.finding import Finding, fault


def repeated(ids: Iterable[str], file: str, place: str) -> Iterator[Finding]:
    """One finding for each name that occurs more than once."""
    for name, count in Counter(ids).items():
        if count > 1:
            yield fault("id_repeated", file=file, place=place, id=name, count=count)


def dangling(file: str, place: str, name: str, kind: str) -> Finding:
    """The finding for a name of that kind which nothing defines."""
    return fault("reference_dangling", file=file, place=place, name=name, kind=kind)
