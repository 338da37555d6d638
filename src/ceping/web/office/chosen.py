"""Which entries the office looks at: the season, and filters that stand in the address."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict

from ceping.core.finding import Finding
from ceping.ground.people.models import Area, User
from ceping.stages.report.queries.progress import Line
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import seasons_open

STEPS: Mapping[str, str] = MappingProxyType(
    {
        "": "全部",
        "not_begun": "未开始",
        "draft": "填写中",
        "submitted": "待审核",
        "returned": "退回未交",
        "put_forward": "已推荐",
        "not_put_forward": "不予推荐",
        "waiting": "没有提交",
        "handed_in": "提交过",
        "late": "逾期未交",
        "paper": "纸质未到",
    }
)
_WAITING = frozenset({"not_begun", "draft", "returned"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters; what cannot be meant counts as not said."""

    step: str = ""
    area: str = ""
    category: str = ""
    text: str = ""

    @classmethod
    def of(cls, asked: QueryDict) -> "Chosen":
        """As the address, or a form with the same names, says."""
        step, area = asked.get("step", ""), asked.get("area", "")
        area = area if area.isascii() and area.isdigit() else ""
        text = asked.get("q", "").strip()[:60]
        return cls(step if step in STEPS else "", area, asked.get("category", "")[:64], text)

    def said(self, **other: str) -> dict[str, str]:
        """What is said, with some of it otherwise."""
        mine = {"step": self.step, "area": self.area, "category": self.category, "q": self.text} | other
        return {name: value for name, value in mine.items() if value}

    def address(self, season: Season, **other: str) -> str:
        """The query of the address."""
        return _encoded(("season", str(season.pk)), *self.said(**other).items())

    def among(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that pass."""
        return [line for line in lines if self._passes(line)]

    def _passes(self, line: Line) -> bool:
        return (
            (not self.area or str(line.area) == self.area)
            and (not self.category or line.category == self.category)
            and (not self.text or self.text in line.institution or self.text.upper() in line.uscc)
            and (not self.step or self.step in steps_of(line))
        )


# A page of counts has hundreds of these links, and the next reader the same ones.
@lru_cache(maxsize=4096)
def _encoded(*said: tuple[str, str]) -> str:
    return urlencode(said)


def steps_of(line: Line) -> frozenset[str]:
    """Every step the line counts for."""
    return _steps(line.step, line.late, line.paper)


@cache
def _steps(step: str, late: bool, paper: bool) -> frozenset[str]:  # noqa: FBT001 -- a key of a cache
    found = {step, "waiting" if step in _WAITING else "handed_in"}
    if step == "returned":
        found.add("handed_in")
    return frozenset(found | ({"late"} if late else set()) | ({"paper"} if paper else set()))


def counts_in(lines: Sequence[Line]) -> Counter[str]:
    """How many lines are at each step; under "" all of them."""
    counts = Counter(step for line in lines for step in steps_of(line))
    counts[""] = len(lines)
    return counts


def reader(request: HttpRequest) -> User:
    """Who asks; the door lets nobody else through."""
    return cast("User", request.user)


def season_of(asked: QueryDict, at: datetime) -> Season | None:
    """The season the address names, else the newest at work. Raises Http404 for one that is not there."""
    given = asked.get("season", "")
    if not given:
        return seasons_open(at).prefetch_related("phases").first()
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    found = Season.objects.select_related("scheme").prefetch_related("phases").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def wanted_season(asked: QueryDict, at: datetime) -> Season:
    """The same. Raises Http404 also when no season is at work."""
    found = season_of(asked, at)
    if found is None:
        raise Http404
    return found


def areas() -> dict[int, str]:
    """The areas by number, in their order."""
    return dict(Area.objects.order_by("order", "code").values_list("pk", "name"))


def in_words(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings for a template."""
    return [{"message": one.message(), "remedy": one.remedy()} for one in findings]
