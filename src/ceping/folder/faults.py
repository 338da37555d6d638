"""The findings of one season as they are gathered: errors, what is merely missing, and what a person should look at."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ceping.core.finding import Finding, Level, fault

# One broken column makes the same finding for every row; the first of them tell the story.
SHOWN_OF_A_KIND = 100


@dataclass
class Faults:
    """All that is wrong with a season; with `allow_missing` what is missing becomes a marked gap, not an error."""

    allow_missing: bool = False
    found: list[Finding] = field(default_factory=list)
    gaps: list[Finding] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)

    def add(self, findings: Iterable[Finding]) -> None:
        """Findings made elsewhere, as they are."""
        self.found.extend(findings)

    def error(self, code: str, file: str, place: str = "", **values: object) -> None:
        """Something is wrong, and no setting lets it pass."""
        self.found.append(fault(code, file=file, place=place, level=Level.ERROR, **values))

    def warn(self, code: str, file: str, place: str = "", **values: object) -> None:
        """Something a person should look at; it stops nothing."""
        self.found.append(fault(code, file=file, place=place, level=Level.WARNING, **values))

    def missing(self, code: str, file: str, place: str = "", *, of: str = "", **values: object) -> None:
        """Something a rule reads of the institution `of`, or of all, is not there: an error, or a gap when allowed."""
        self.incomplete.add(of)
        level = Level.WARNING if self.allow_missing else Level.ERROR
        self.gaps.append(fault(code, file=file, place=place, level=level, **values))

    @property
    def findings(self) -> list[Finding]:
        """Everything found; of one code in one file the first hundred and the number of the rest."""
        shown: list[Finding] = []
        counts: dict[tuple[str, str, Level], int] = {}
        for finding in (*self.found, *self.gaps):
            kind = (finding.code, finding.file, finding.level)
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] <= SHOWN_OF_A_KIND:
                shown.append(finding)
        for (code, file, level), count in counts.items():
            if count > SHOWN_OF_A_KIND:
                more = fault("more_of_a_kind", file=file, count=count - SHOWN_OF_A_KIND, kind=code)
                shown.append(replace(more, level=level))
        return shown

    def has_gap(self, uscc: str) -> bool:
        """Whether anything of this institution, or of all, is missing."""
        return uscc in self.incomplete or "" in self.incomplete

    @property
    def stops(self) -> bool:
        """Whether anything found keeps the season from being evaluated."""
        return any(finding.level is Level.ERROR for finding in (*self.found, *self.gaps))
