"""A season under evaluation with assessors: who judges what, marks given, sheets signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from testbed.scene import person

from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.actions import (
    Particulars,
    Typed,
    add_assessor,
    assign_by_hand,
    declare_all,
    finish_sheet,
    give_mark,
    write_opinion,
)
from ceping.stages.assessment.models import Assessor, Mark, Sheet
from ceping.stages.assessment.queries import items_of
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from tests.factories.survey import MORNING, Field, field

NOON = MORNING + timedelta(hours=2)
OPINION = {"strengths": "材料齐全", "weaknesses": "活动偏少", "suggestions": "增加活动"}


@dataclass(frozen=True, slots=True)
class Bench:
    """The season with its assessors in the order of their codes."""

    field: Field
    people: list[Assessor]

    @property
    def season(self) -> Season:
        """The season under evaluation."""
        return self.field.season

    @property
    def entry(self) -> Entry:
        """The first entry."""
        return self.field.entries[0]

    @property
    def lead(self) -> User:
        """Who assigns and settles."""
        return self.field.lead

    def mark(self, assessor: Assessor, item: str, mark: str, *, version: int = 0, at: datetime = NOON) -> Mark:
        """The assessor's mark for an item of the first entry."""
        typed = Typed(mark, "", "见佐证材料")
        return give_mark(
            assessor=assessor, entry=self.entry, item=item, typed=typed, version=version, by=assessor.user, at=at
        )

    def sign(self, assessor: Assessor, marks: dict[str, str] | None = None, usual: str = "7") -> Sheet:
        """Everything marked, the opinion written, the sheet signed."""
        for item in items_of(assessor, self.entry):
            self.mark(assessor, item, (marks or {}).get(item, usual))
        return self.sign_again(assessor)

    def sign_again(self, assessor: Assessor) -> Sheet:
        """The opinion whole and the sheet signed."""
        given = {"assessor": assessor, "entry": self.entry, "by": assessor.user, "at": NOON}
        for part, text in OPINION.items():
            sheet = Sheet.objects.get(entry=self.entry, assessor=assessor)
            write_opinion(part=part, text=text, version=sheet.version, **given)  # type: ignore[arg-type]
        return finish_sheet(**given)  # type: ignore[arg-type]


def bench(people: int = 3, entries: int = 1, *, declared: bool = True) -> Bench:
    """So many assessors, nobody assigned to anything."""
    made = field(entries)
    names = ("方静", "蒋宏伟", "姚晨", "钱一", "孙二", "李三")
    joined = []
    for name in names[:people]:
        user = person(name, Role.ASSESSOR)
        told = Particulars(employer="华东理工大学", expertise=["管理咨询"])
        one = add_assessor(season=made.season, user=user, told=told, by=made.lead, at=MORNING)
        if declared:
            one = declare_all(assessor=one, entries=[], reasons=[], by=user, at=MORNING)
        joined.append(Assessor.objects.select_related("season__scheme", "user").get(pk=one.pk))
    return Bench(made, joined)


def assigned(people: int = 2, *, more: int = 1, items: Sequence[str] = ()) -> Bench:
    """The first so many assessors of the first entry, by hand; `more` have nothing."""
    made = bench(people + more)
    for one in made.people[:people]:
        assign_by_hand(assessor=one, entry=made.entry, items=items, reason="专业对口", by=made.lead, at=MORNING)
    return made
