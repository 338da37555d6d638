"""The demo's assessment: real draws and marks, one difference due, something left for every log-in."""

import pytest
from testbed.scene import person

from ceping.flow import demo_assessment
from ceping.flow.demo_people import Cast
from ceping.ground.people.roles import Role
from ceping.stages.assessment.models import Assessor, Difference, Sheet
from ceping.stages.assessment.queries import advice_for, lines_of, progress_of
from ceping.stages.assessment.queries.folder import tables_of
from tests.factories.survey import MORNING, field

pytestmark = pytest.mark.django_db


def test_some_is_done_and_something_is_left_for_everybody() -> None:
    made = field(5)
    staff = {"lead-1": made.lead} | {
        f"assessor-{number}": person(f"专家{number}", Role.ASSESSOR) for number in range(1, 4)
    }
    demo_assessment.fill(cast=Cast(staff, [], []), season=made.season, entries=made.entries, at=MORNING)
    assert [one.state for one in Difference.objects.all()] == ["due"]
    assert Sheet.objects.filter(signed_at__isnull=False).count() == 4
    for one in Assessor.objects.select_related("season__scheme", "user"):
        assert any(line.step == "open" for line in lines_of(one))
    tables = tables_of(made.season)
    assert len(tables["marks.csv"]) == 4 * 5
    assert [row["kind"] for row in tables["conflicts.csv"]] == ["declared"]
    assert sum(line.done for line in progress_of(made.season)) == 1
    assert advice_for(made.season) is not None
