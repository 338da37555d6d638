"""What is to be verified of an entry: the metrics a person records, the files as submitted, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass

from ceping.core.scheme.metrics import Metric
from ceping.folder.needs import Needs
from ceping.stages.assessment.models import EvidenceCheck, VerifiedValue
from ceping.stages.report.models import Attachment, Entry, Submission
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of a submission; `token` is empty when its bytes are not kept here."""

    name: str
    sha256: str
    item: int
    indicators: tuple[str, ...]
    token: str
    check: EvidenceCheck | None

    @property
    def short(self) -> str:
        """The name without its folder."""
        return self.name.removeprefix("attachments/")


def values_wanted(season: Season) -> Mapping[str, Metric]:
    """The metrics whose verified value a person records for the rules to read."""
    return Needs(rules_of(season)).by_hand


def values_open(entry: Entry) -> list[str]:
    """Those of them that nobody has recorded for this entry."""
    known = set(VerifiedValue.objects.filter(entry=entry).values_list("metric", flat=True))
    return [name for name in values_wanted(entry.season) if name not in known]


def attachments_of(entry: Entry, submission: Submission | None) -> list[Filed]:
    """The files of the submission with their verdicts, in the order of the report."""
    if submission is None:
        return []
    rows = Attachment.objects.filter(entry=entry).values_list("file__blob__sha256", "file__token").order_by("pk")
    tokens, checks = dict(rows), checks_of(entry)
    return [
        Filed(
            name=str(one["file"]),
            sha256=(sha256 := str(one.get("sha256", ""))),
            item=int(one.get("item") or 0),
            indicators=tuple(one.get("indicators", ())),
            token=tokens.get(sha256, ""),
            # A file that was changed under its name is another file.
            check=found if (found := checks.get(str(one["file"]))) and found.sha256 == sha256 else None,
        )
        for one in submission.report.get("attachments", ())
    ]


def checks_of(entry: Entry) -> dict[str, EvidenceCheck]:
    """The verdicts by the file's name in the report."""
    found = EvidenceCheck.objects.filter(entry=entry).select_related("checked_by", "confirmed_by")
    return {one.file: one for one in found}


def files_open(entry: Entry, submission: Submission | None) -> list[Filed]:
    """The files without a verdict."""
    return [one for one in attachments_of(entry, submission) if one.check is None]
