"""A scheme as one value: its seven tables, which of them it may leave out, and how it names itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from ceping.core.scheme.form import FormFile
from ceping.core.scheme.header import HeaderFile
from ceping.core.scheme.indicators import IndicatorsFile, ScoredItem
from ceping.core.scheme.outcome import OutcomeFile
from ceping.core.scheme.points import PointsFile
from ceping.core.scheme.reading import Table
from ceping.core.scheme.summary import SummaryFile
from ceping.core.scheme.verification import VerificationFile

FILES: Mapping[str, type[Table]] = {
    "scheme.toml": HeaderFile,
    "form.toml": FormFile,
    "indicators.toml": IndicatorsFile,
    "points.toml": PointsFile,
    "verification.toml": VerificationFile,
    "summary.toml": SummaryFile,
    "outcome.toml": OutcomeFile,
}

# A scheme without a cloud shop, calls to clients, or a summary table leaves the file out.
OPTIONAL = frozenset({"points.toml", "verification.toml", "summary.toml"})


@dataclass(frozen=True)
class Scheme:
    """One version of a scheme, whole; points, verification and summary are None when it has no such file.

    `sha256` is over its files: see `shipped.hash_of`.
    """

    sha256: str
    header: HeaderFile
    form: FormFile
    indicators: IndicatorsFile
    points: PointsFile | None
    verification: VerificationFile | None
    summary: SummaryFile | None
    outcome: OutcomeFile

    @property
    def id(self) -> str:
        """The id all versions share."""
        return self.header.id

    @property
    def version(self) -> int:
        """Counted from 1."""
        return self.header.version

    @property
    def label(self) -> str:
        """`id@version`, as every output names it."""
        return f"{self.header.id}@{self.header.version}"

    @property
    def scored(self) -> tuple[ScoredItem, ...]:
        """The scored items in the order of the indicator table."""
        return self.indicators.scored

    def item(self, key: str) -> ScoredItem | None:
        """The scored item of that key."""
        return next((item for item in self.scored if item.key == key), None)
