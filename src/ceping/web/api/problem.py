"""What the interface answers when something cannot be done: a code, what is so, what to do; in one shape always."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse

from ceping.core.finding import Finding

# So many are enough to mend a program by.
_MOST_TOLD = 20


class Problem(Exception):
    """The request is answered with that status and these findings, the first of which is its own."""

    def __init__(self, status: int, *findings: Finding, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, *findings)
        self.status, self.findings, self.headers = status, findings, dict(headers or {})

    def answer(self) -> JsonResponse:
        """As it is sent."""
        return answered(self.status, self.findings, self.headers)


def answered(status: int, findings: Sequence[Finding], headers: Mapping[str, str] | None = None) -> JsonResponse:
    """The findings as one answer."""
    first = findings[0]
    body = {
        "code": first.code,
        "message": first.message(),
        "remedy": first.remedy(),
        "findings": [_told(one) for one in findings[:_MOST_TOLD]],
    }
    return JsonResponse(body, status=status, headers=dict(headers or {}), json_dumps_params={"ensure_ascii": False})


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "place": finding.place,
        "message": finding.message(),
        "remedy": finding.remedy(),
    }
