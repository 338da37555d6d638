"""The written opinions of the signed sheets, brought together by institution for its feedback report."""

from ceping.documents.forms.feedback import Opinion
from ceping.stages.assessment.models import Assignment, Sheet
from ceping.stages.scheme.models import Season


def opinions_of(season: Season) -> dict[str, Opinion]:
    """By credit code the opinion of the panel: each part is those of its assessors, in the order of their codes.

    Opinions of sheets that are not signed, and of assessors no longer assigned, are left out.
    """
    pairs = set(Assignment.objects.filter(entry__season=season, ended_at=None).values_list("entry", "assessor"))
    signed = Sheet.objects.filter(entry__season=season, signed_at__isnull=False)
    found: dict[str, list[Sheet]] = {}
    for one in signed.select_related("entry__institution").order_by("entry__institution__uscc", "assessor__code"):
        if (one.entry_id, one.assessor_id) in pairs:
            found.setdefault(one.entry.institution.uscc, []).append(one)
    return {
        uscc: Opinion(
            _together([one.strengths for one in sheets]),
            _together([one.weaknesses for one in sheets]),
            _together([one.suggestions for one in sheets]),
        )
        for uscc, sheets in found.items()
    }


def _together(parts: list[str]) -> str:
    """One paragraph an assessor; what two say in the same words stands once."""
    return "\n".join(dict.fromkeys(part for part in parts if part))
